import type { AccountService, Person } from '../accounts/account-types.ts';
import type { Actor, Clock, NewId } from '../actor.ts';
import { isOpen, nextOpening } from '../communities/community-clock.ts';
import type { Community, CommunityService } from '../communities/community-types.ts';
import { AppError } from '../errors.ts';
import type { HelpRequestInput, HelpRequestView, VisitDetails } from '../shared/api-types.ts';
import { newRequest } from './new-request.ts';
import { contentOf, goesLiveAtOnce, warningsOf } from './request-content.ts';
import type { RequestMover } from './request-mover.ts';
import { isStaff } from './request-policy.ts';
import { presentCard } from './request-presenter.ts';
import type { RequestStore } from './request-store.ts';
import { reviewDueAt } from './request-times.ts';
import type { HelpRequestRecord, RequestContent } from './request-types.ts';
import type { VisitVault } from './visit-vault.ts';

export interface RequestDraftsDeps {
  readonly requests: Pick<RequestStore, 'takeShortNumbers'>;
  readonly mover: Pick<RequestMover, 'context'>;
  readonly visits: VisitVault;
  readonly accounts: Pick<AccountService, 'personWithVisit'>;
  readonly communities: Pick<CommunityService, 'get' | 'publicPlaceOfBuilding'>;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** What a preview says: how neighbours will see it, and what happens after sending. */
export interface RequestPreview {
  readonly card: ReturnType<typeof presentCard>;
  readonly text: string;
  readonly constraints: HelpRequestView['constraints'];
  readonly warnings: ReturnType<typeof warningsOf>;
  readonly goesLiveAtOnce: boolean;
  readonly reviewDueAt: string | null;
  readonly isOpenNow: boolean;
  readonly nextOpening: string | null;
}

/** Turns what somebody typed into a record that is not stored yet. */
export interface RequestDrafts {
  draft(
    actor: Actor,
    input: HelpRequestInput,
    keys: Pick<HelpRequestRecord, 'createKey' | 'createBodyHash'>,
  ): Promise<HelpRequestRecord>;
  /** The checked content, at the public place of the building named or of the person's own. */
  place(
    actor: Actor,
    input: HelpRequestInput,
    person: Person,
  ): Promise<{ community: Community; content: RequestContent }>;
  preview(actor: Actor, input: HelpRequestInput): Promise<RequestPreview>;
}

type Beneficiary = NonNullable<Awaited<ReturnType<AccountService['personWithVisit']>>>;

/** Numbers people say on the phone come in blocks, so that a create costs no write for them. */
const NUMBERS_AT_ONCE = 20;

export function createRequestDrafts(deps: RequestDraftsDeps): RequestDrafts {
  const { requests, clock } = deps;
  const numbers = new Map<string, Promise<{ next: number; end: number }>>();

  async function shortNumber(communityId: string): Promise<number> {
    const waiting = numbers.get(communityId);
    const block = await (waiting ?? newBlock(communityId));
    if (block.next < block.end) {
      block.next += 1;
      return block.next - 1;
    }
    if (numbers.get(communityId) === waiting) numbers.delete(communityId);
    return await shortNumber(communityId);
  }

  async function newBlock(communityId: string): Promise<{ next: number; end: number }> {
    const block = requests.takeShortNumbers(communityId, NUMBERS_AT_ONCE).then((first) => ({
      next: first,
      end: first + NUMBERS_AT_ONCE,
    }));
    numbers.set(communityId, block);
    block.catch(() => {
      numbers.delete(communityId);
    });
    return await block;
  }

  /** For whom: the actor, or, when staff write, the resident they name. */
  async function beneficiaryOf(actor: Actor, input: HelpRequestInput): Promise<Beneficiary> {
    const id = input.beneficiaryId ?? actor.accountId;
    if (id !== actor.accountId && !isStaff(actor)) {
      throw new AppError('not-allowed', 'Only the centre writes for somebody else.');
    }
    const found = await deps.accounts.personWithVisit(actor.communityId, id);
    if (found === null || (id !== actor.accountId && found.person.status !== 'active')) {
      throw new AppError('invalid-input', 'This person is not known here.', {
        errors: [
          { pointer: '/beneficiaryId', code: 'unknown', detail: 'Choose a resident of this community.' },
        ],
      });
    }
    return found;
  }

  async function place(
    actor: Actor,
    input: HelpRequestInput,
    person: Person,
  ): Promise<{ community: Community; content: RequestContent }> {
    const buildingId = input.buildingId ?? person.buildingId;
    const [community, publicPlace] = await Promise.all([
      deps.communities.get(actor.communityId),
      deps.communities.publicPlaceOfBuilding(actor.communityId, buildingId),
    ]);
    const content = contentOf(input, community, publicPlace, buildingId, clock.now());
    return { community, content };
  }

  async function visitOf(input: HelpRequestInput, { openVisit }: Beneficiary): Promise<VisitDetails> {
    const saved = await openVisit();
    return {
      door: input.visit?.door ?? saved.door,
      phone: input.visit?.phone ?? saved.phone,
      contactName: input.visit?.contactName ?? saved.contactName,
      notes: input.visit?.notes ?? '',
    };
  }

  async function draft(
    actor: Actor,
    input: HelpRequestInput,
    keys: Pick<HelpRequestRecord, 'createKey' | 'createBodyHash'>,
  ): Promise<HelpRequestRecord> {
    const beneficiary = await beneficiaryOf(actor, input);
    const { person } = beneficiary;
    const id = deps.newId();
    const [{ community, content }, visit, number] = await Promise.all([
      place(actor, input, person),
      visitOf(input, beneficiary),
      shortNumber(actor.communityId),
    ]);
    const isForOther = person.id !== actor.accountId;
    const context = await deps.mover.context(
      actor.communityId,
      actor.accountId,
      isForOther ? 'staff' : 'author',
    );
    return newRequest(
      {
        _id: id,
        communityId: actor.communityId,
        shortNumber: number,
        content,
        visit: await deps.visits.seal(person.id, id, visit),
        beneficiaryId: person.id,
        authorId: actor.accountId,
        householdId: person.householdId,
        consent: isForOther ? { recordedBy: actor.accountId, at: context.now } : null,
        phoneOnly: person.hasPhoneOnly,
        ...keys,
        codeSeed: deps.newId(),
        submit:
          input.submit === true
            ? { liveAtOnce: goesLiveAtOnce(content, community, person.status === 'active') }
            : null,
      },
      context,
    );
  }

  return {
    draft,
    place,
    async preview(actor, input) {
      const { person } = await beneficiaryOf(actor, input);
      const { community, content } = await place(actor, input, person);
      const now = clock.now();
      const live = goesLiveAtOnce(content, community, person.status === 'active');
      const context = await deps.mover.context(actor.communityId, actor.accountId, 'author');
      const record = newRequest(
        {
          _id: deps.newId(),
          communityId: actor.communityId,
          shortNumber: 0,
          content,
          visit: {},
          beneficiaryId: person.id,
          authorId: actor.accountId,
          householdId: null,
          consent: null,
          phoneOnly: false,
          createKey: '',
          createBodyHash: null,
          codeSeed: '',
          submit: { liveAtOnce: live },
        },
        context,
      );
      const opening = isOpen(community, now) ? null : nextOpening(community, now);
      return {
        card: presentCard(record, {
          readerId: '',
          relations: ['member'],
          now,
          aboutMetres: null,
          canVolunteer: false,
          authorName: '',
          helpers: new Map(),
          visit: null,
        }),
        text: content.text,
        constraints: { ...content.constraints },
        warnings: warningsOf(content),
        goesLiveAtOnce: live,
        reviewDueAt: live ? null : reviewDueAt(content.urgency, now, context).toISOString(),
        isOpenNow: opening === null,
        nextOpening: opening === null ? null : opening.toISOString(),
      };
    },
  };
}
