import type { Actor, Clock } from '../actor.ts';
import type { Person } from '../accounts/account-types.ts';
import type { Community } from '../communities/community-types.ts';
import { AppError } from '../errors.ts';
import type { Refusal } from '../matching/match-types.ts';
import type { HelpRequestCard, HelpRequestView, PublicPlaceView, VisitDetails } from '../shared/api-types.ts';
import type { HelperNotes } from '../volunteers/helper-profile-service.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';
import { toMatchRequest } from './match-request.ts';
import { isSearching } from './request-facts.ts';
import { relationsOf, type Reader, type RequestRelation } from './request-policy.ts';
import { aboutMetres, presentCard, presentRequest, type HelperNote, type Lens } from './request-presenter.ts';
import type { HelpRequestRecord } from './request-types.ts';

export interface RequestViewsDeps {
  readonly accounts: { people(communityId: string, ids: readonly string[]): Promise<Map<string, Person>> };
  readonly helperNotes: (
    communityId: string,
    accountIds: readonly string[],
  ) => Promise<ReadonlyMap<string, HelperNotes>>;
  readonly communities: {
    get(communityId: string): Promise<Community>;
    publicPlaces(communityId: string, placeIds: readonly string[]): Promise<Map<string, PublicPlaceView>>;
  };
  readonly bridge: Pick<MatchingBridge, 'explain'>;
  readonly openVisit: (request: HelpRequestRecord) => Promise<VisitDetails>;
  readonly clock: Clock;
}

/** Records on their way out: gathers what the presenter needs, for one reader, in few reads. */
export interface RequestViews {
  /** Somebody as the policy sees them: with the household, which an actor does not carry. */
  readerOf(actor: Actor): Promise<Reader>;
  view(actor: Actor, request: HelpRequestRecord): Promise<HelpRequestView>;
  views(actor: Actor, requests: readonly HelpRequestRecord[]): Promise<HelpRequestView[]>;
  cards(actor: Actor, requests: readonly HelpRequestRecord[]): Promise<HelpRequestCard[]>;
  /** A view as a given relation sees it, for offers and ended tasks. */
  viewAs(
    actor: Actor,
    request: HelpRequestRecord,
    relations: readonly RequestRelation[],
  ): Promise<HelpRequestView>;
  names(communityId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Puts the present view into a 409, for the client to show what happened instead. */
  withPresent<T>(
    actor: Actor,
    read: () => Promise<HelpRequestRecord | null>,
    work: () => Promise<T>,
  ): Promise<T>;
}

/** What keeps somebody from stepping forward by themselves; distance, duty and hours are their own affair. */
const FORBIDDEN: ReadonlySet<Refusal> = new Set([
  'own_request',
  'same_household',
  'suspended',
  'missing_skill',
  'skill_not_verified',
  'trust_tier',
  'gender_wish',
  'language',
  'blocked',
] satisfies Refusal[]);

/**
 * Whether these refusals still let a helper take a request that nobody offered to them. How much they have on their
 * hands changes by the minute: the write decides about it, and a card only says so.
 */
export function mayStepForward(
  refusals: readonly Refusal[],
  { countsTasks }: { countsTasks: boolean },
): boolean {
  return refusals.every(
    (refusal) => !FORBIDDEN.has(refusal) && !(countsTasks && refusal === 'too_many_tasks'),
  );
}

const CONFLICTS: ReadonlySet<string> = new Set([
  'state-changed',
  'already-taken',
  'not-offered',
  'version-changed',
]);

export function createRequestViews(deps: RequestViewsDeps): RequestViews {
  const { clock } = deps;

  async function readerOf(actor: Actor): Promise<Reader> {
    const person = (await deps.accounts.people(actor.communityId, [actor.accountId])).get(actor.accountId);
    return { ...actor, householdId: person?.householdId ?? null };
  }

  /** One look at everything that several lenses share. */
  async function gather(
    actor: Actor,
    requests: readonly HelpRequestRecord[],
    withPeople: boolean,
  ): Promise<Gathered> {
    const helperIds = withPeople
      ? requests.flatMap(({ slots }) => slots.map(({ helperId }) => helperId))
      : [];
    const authorIds = withPeople ? requests.map(({ beneficiaryId }) => beneficiaryId) : [];
    const ids = [...new Set([actor.accountId, ...authorIds, ...helperIds])];
    const [people, notes, community] = await Promise.all([
      deps.accounts.people(actor.communityId, ids),
      helperIds.length === 0
        ? new Map<string, HelperNotes>()
        : deps.helperNotes(actor.communityId, [...new Set(helperIds)]),
      deps.communities.get(actor.communityId),
    ]);
    const me = people.get(actor.accountId);
    const places =
      me === undefined ? null : await deps.communities.publicPlaces(actor.communityId, [me.publicPlaceId]);
    const place = me === undefined ? null : (places?.get(me.publicPlaceId) ?? null);
    return { people, notes, community, place, reader: { ...actor, householdId: me?.householdId ?? null } };
  }

  async function lens(
    actor: Actor,
    request: HelpRequestRecord,
    gathered: Gathered,
    relations: readonly RequestRelation[],
    visit: VisitDetails | null,
  ): Promise<Lens> {
    const { people, notes, place } = gathered;
    const helpers = new Map<string, HelperNote>();
    for (const { helperId } of request.slots) {
      const note = notes.get(helperId);
      helpers.set(helperId, {
        displayName: people.get(helperId)?.displayName ?? '',
        verifiedSkillIds: note?.verifiedSkillIds ?? [],
        languages: note?.languages ?? [],
      });
    }
    return {
      readerId: actor.accountId,
      relations,
      now: clock.now(),
      aboutMetres: place === null ? null : aboutMetres(place.point, request.place.point),
      canVolunteer: await canVolunteer(actor, request, gathered.community, relations),
      authorName: people.get(request.beneficiaryId)?.displayName ?? '',
      helpers,
      visit,
    };
  }

  async function canVolunteer(
    actor: Actor,
    request: HelpRequestRecord,
    community: Community,
    relations: readonly RequestRelation[],
  ): Promise<boolean> {
    const { accountId } = actor;
    if (actor.status !== 'active' || !actor.roles.includes('volunteer') || !isSearching(request))
      return false;
    if (!relations.includes('member') || relations.includes('accepted_helper')) return false;
    if (request.formerHelpers.some(({ helperId }) => helperId === accountId)) return false;
    const asked = toMatchRequest(request, community, { now: clock.now(), helpedBeforeIds: [] });
    const answer = await deps.bridge.explain(actor.communityId, asked, accountId, 0);
    if (answer === undefined) return false;
    return 'ranked' in answer || mayStepForward(answer.refusals, { countsTasks: true });
  }

  async function views(actor: Actor, requests: readonly HelpRequestRecord[]): Promise<HelpRequestView[]> {
    const gathered = await gather(actor, requests, true);
    return await Promise.all(
      requests.map(async (request) => {
        const relations = relationsOf(request, gathered.reader);
        return presentRequest(request, await lens(actor, request, gathered, relations, null));
      }),
    );
  }

  return {
    readerOf,
    views,
    async view(actor, request) {
      const gathered = await gather(actor, [request], true);
      const relations = relationsOf(request, gathered.reader);
      const isOwn = relations.includes('author') || relations.includes('beneficiary');
      const visit = isOwn ? await deps.openVisit(request) : null;
      return presentRequest(request, await lens(actor, request, gathered, relations, visit));
    },
    async viewAs(actor, request, relations) {
      const gathered = await gather(actor, [request], relations.includes('accepted_helper'));
      return presentRequest(request, await lens(actor, request, gathered, relations, null));
    },
    async cards(actor, requests) {
      const gathered = await gather(actor, requests, false);
      return await Promise.all(
        requests.map(async (request) => {
          const relations = relationsOf(request, gathered.reader);
          return presentCard(request, await lens(actor, request, gathered, relations, null));
        }),
      );
    },
    async names(communityId, ids) {
      const people = await deps.accounts.people(communityId, [...new Set(ids)]);
      return new Map([...people].map(([id, { displayName }]) => [id, displayName]));
    },
    async withPresent(actor, read, work) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof AppError) || !CONFLICTS.has(error.code)) throw error;
        const request = await read();
        const reader = request === null ? null : await readerOf(actor);
        if (request === null || reader === null || relationsOf(request, reader).length === 0) throw error;
        const present = (await views(actor, [request]))[0];
        throw new AppError(error.code, error.message, { ...error.details, present });
      }
    },
  };
}

interface Gathered {
  readonly people: ReadonlyMap<string, Person>;
  readonly notes: ReadonlyMap<string, HelperNotes>;
  readonly community: Community;
  readonly place: PublicPlaceView | null;
  readonly reader: Reader;
}
