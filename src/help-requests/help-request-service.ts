import type { AccountService } from '../accounts/account-types.ts';
import type { Actor, CommandKey, NewId } from '../actor.ts';
import type { CommunityService } from '../communities/community-types.ts';
import type { RelayKick } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import type { OperationId } from '../http/access-table.ts';
import type { HelpRequestInput, HelpRequestView, VisitDetails } from '../shared/api-types.ts';
import type { ClosingReason } from '../shared/vocabulary.ts';
import { applyChange, planMove } from './plan-move.ts';
import type { Command } from './request-commands.ts';
import { goesLiveAtOnce } from './request-content.ts';
import { REQUEST_SOURCE, type RequestFollow } from './request-follow.ts';
import { keyFor, keyReused, timelineRole, type RequestMover } from './request-mover.ts';
import { requireRelation } from './request-policy.ts';
import type { RequestDrafts, RequestPreview } from './request-drafts.ts';
import type { RequestSearch } from './request-search.ts';
import type { RequestStore } from './request-store.ts';
import type { HelpRequestRecord } from './request-types.ts';
import type { RequestViews } from './request-views.ts';
import { createTurns } from './turns.ts';
import type { VisitVault } from './visit-vault.ts';
import type { WaveDecision, WaveService } from './wave-service.ts';

export interface HelpRequestServiceDeps {
  readonly requests: Pick<RequestStore, 'read' | 'insert' | 'byCreateKey'>;
  readonly mover: RequestMover;
  readonly search: RequestSearch;
  readonly waves: Pick<WaveService, 'next' | 'undo'>;
  readonly follow: Pick<RequestFollow, 'followUp'>;
  readonly relay: RelayKick;
  readonly views: RequestViews;
  readonly drafts: RequestDrafts;
  readonly visits: VisitVault;
  readonly accounts: Pick<AccountService, 'person'>;
  readonly communities: Pick<CommunityService, 'get'>;
  readonly newId: NewId;
}

/** The author's side of a request: writing, sending, ending, confirming, thanking. */
export interface HelpRequestService {
  create(actor: Actor, input: HelpRequestInput, key?: CommandKey): Promise<HelpRequestView>;
  preview(actor: Actor, input: HelpRequestInput): Promise<RequestPreview>;
  edit(
    actor: Actor,
    id: string,
    input: HelpRequestInput,
    version: number,
    key?: CommandKey,
  ): Promise<HelpRequestView>;
  submit(actor: Actor, id: string, key?: CommandKey): Promise<HelpRequestView>;
  resubmit(actor: Actor, id: string, key?: CommandKey): Promise<HelpRequestView>;
  cancel(
    actor: Actor,
    id: string,
    reason: ClosingReason,
    note: string | null,
    key?: CommandKey,
  ): Promise<HelpRequestView>;
  confirm(actor: Actor, id: string, key?: CommandKey): Promise<HelpRequestView>;
  dispute(actor: Actor, id: string, note: string, key?: CommandKey): Promise<HelpRequestView>;
  thank(actor: Actor, id: string, text: string, key?: CommandKey): Promise<HelpRequestView>;
  reopen(actor: Actor, id: string, key?: CommandKey): Promise<HelpRequestView>;
}

export function createHelpRequestService(deps: HelpRequestServiceDeps): HelpRequestService {
  const { requests, views } = deps;
  const turns = createTurns();

  async function repeatedCreate(
    actor: Actor,
    createKey: string,
    hash: string | null,
  ): Promise<HelpRequestView | null> {
    const known = await requests.byCreateKey(actor.communityId, createKey);
    if (known === null) return null;
    if (known.createBodyHash !== hash) throw keyReused();
    return await views.view(actor, known);
  }

  /** A request that is on the board at once is stored with its first wave already decided: one write less. */
  async function withFirstWave(
    record: HelpRequestRecord,
  ): Promise<{ record: HelpRequestRecord; decision: WaveDecision | null }> {
    if (record.status !== 'open') return { record, decision: null };
    const decision = await deps.waves.next(record, 'engine');
    if (decision === null) return { record, decision };
    const context = await deps.mover.context(record.communityId, null, 'system');
    return { record: applyChange(record, planMove(record, decision, context)), decision };
  }

  /** A plain command of the author: policy, move, and the search if the move began one. */
  async function run(
    actor: Actor,
    id: string,
    operation: OperationId,
    command: (request: HelpRequestRecord) => Command | Promise<Command>,
    key: CommandKey | undefined,
    seenVersion?: number,
  ): Promise<HelpRequestView> {
    const reader = await views.readerOf(actor);
    const read = async (): Promise<HelpRequestRecord | null> => await requests.read(actor.communityId, id);
    return await views.withPresent(actor, read, async () => {
      const { request } = await deps.mover.move({
        communityId: actor.communityId,
        requestId: id,
        actorId: actor.accountId,
        actorRole: (request) => timelineRole(request, actor),
        key: keyFor(operation, key),
        seenVersion,
        check: (request) => void requireRelation(operation, request, reader),
        command,
      });
      return await views.view(actor, await deps.search.advance(request));
    });
  }

  async function create(
    actor: Actor,
    input: HelpRequestInput,
    createKey: string,
    hash: string | null,
  ): Promise<HelpRequestView> {
    // Both at once; what the first copy of this create answered comes first, whatever a second draft would say.
    const drafting = deps.drafts.draft(actor, input, { createKey, createBodyHash: hash });
    drafting.catch(() => undefined);
    const repeated = hash === null ? null : await repeatedCreate(actor, createKey, hash);
    if (repeated !== null) return repeated;
    const { record, decision } = await withFirstWave(await drafting);
    let isNew = false;
    try {
      isNew = await requests.insert(record);
    } finally {
      if (!isNew) await deps.waves.undo(record.communityId, decision);
    }
    if (!isNew) {
      const faster = await repeatedCreate(actor, createKey, hash);
      if (faster === null) throw new Error('a request with this key exists and cannot be read');
      return faster;
    }
    const following = deps.follow.followUp(record);
    deps.relay.kick(REQUEST_SOURCE, record._id);
    await following;
    return await views.view(actor, record);
  }

  return {
    async create(actor, input, key) {
      const createKey = `${actor.accountId}:create:${key?.key ?? deps.newId()}`;
      // The same create sent twice at once: the second waits, and meets the first one's document.
      return await turns.take(
        createKey,
        async () => await create(actor, input, createKey, key?.bodyHash ?? null),
      );
    },
    preview: async (actor, input) => await deps.drafts.preview(actor, input),
    edit: async (actor, id, input, version, key) =>
      await run(
        actor,
        id,
        'updateHelpRequest',
        async (request) => {
          const person = await deps.accounts.person(actor.communityId, request.beneficiaryId);
          if (person === null) throw new AppError('not-found', 'There is no such thing here.');
          const isMoved = input.buildingId !== undefined && input.buildingId !== request.buildingId;
          const { content } = await deps.drafts.place(
            actor,
            {
              ...input,
              ...(isMoved || request.buildingId === null ? {} : { buildingId: request.buildingId }),
            },
            person,
          );
          const opened = await deps.visits.open(request);
          const visit = await deps.visits.seal(person.id, id, { ...opened, ...definedOnly(input.visit) });
          // The public place is fixed at the first writing; only another building is another place.
          return { name: 'edit', content: isMoved ? content : { ...content, place: request.place }, visit };
        },
        key,
        version,
      ),
    submit: async (actor, id, key) =>
      await run(
        actor,
        id,
        'submitHelpRequest',
        async (request) => {
          const [community, person] = await Promise.all([
            deps.communities.get(actor.communityId),
            deps.accounts.person(actor.communityId, request.beneficiaryId),
          ]);
          return {
            name: 'submit',
            liveAtOnce: goesLiveAtOnce(request, community, person?.status === 'active'),
          };
        },
        key,
      ),
    resubmit: async (actor, id, key) =>
      await run(actor, id, 'resubmitHelpRequest', () => ({ name: 'resubmit' }), key),
    cancel: async (actor, id, reason, note, key) =>
      await run(actor, id, 'cancelHelpRequest', () => ({ name: 'cancel', reason, note }), key),
    confirm: async (actor, id, key) =>
      await run(actor, id, 'confirmHelpRequest', () => ({ name: 'confirm' }), key),
    dispute: async (actor, id, note, key) =>
      await run(actor, id, 'disputeHelpRequest', () => ({ name: 'dispute', note }), key),
    thank: async (actor, id, text, key) =>
      await run(actor, id, 'thankHelper', () => ({ name: 'thank', text }), key),
    reopen: async (actor, id, key) =>
      await run(actor, id, 'reopenHelpRequest', () => ({ name: 'reopen' }), key),
  };
}

function definedOnly(visit: Partial<VisitDetails> | undefined): Partial<VisitDetails> {
  return Object.fromEntries(Object.entries(visit ?? {}).filter(([, value]) => value !== undefined));
}
