import type { Actor, Clock, CommandKey, NewId } from '../actor.ts';
import type { AssignmentTasks } from '../assignments/assignment-tasks.ts';
import { openOffers } from '../help-requests/request-facts.ts';
import { keyFor, type RequestMover } from '../help-requests/request-mover.ts';
import { notFound } from '../help-requests/request-policy.ts';
import type { RequestSearch } from '../help-requests/request-search.ts';
import type { HelpRequestRecord } from '../help-requests/request-types.ts';
import type { RequestViews } from '../help-requests/request-views.ts';
import type { AssignmentView, MatchView, Page } from '../shared/api-types.ts';
import type { MatchRecord } from './match-record.ts';
import { presentMatch } from './match-presenter.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';

export interface MatchServiceDeps {
  readonly matches: {
    read(communityId: string, matchId: string): Promise<MatchRecord | null>;
    ofHelper(
      communityId: string,
      helperId: string,
      page: { openOnly: boolean; before: string | null; limit: number },
    ): Promise<MatchRecord[]>;
    markSeen(communityId: string, matchId: string, helperId: string, at: Date): Promise<MatchRecord | null>;
  };
  readonly requests: {
    read(communityId: string, id: string): Promise<HelpRequestRecord | null>;
    readMany(communityId: string, ids: readonly string[]): Promise<HelpRequestRecord[]>;
  };
  readonly mover: RequestMover;
  readonly search: RequestSearch;
  readonly tasks: AssignmentTasks;
  readonly views: RequestViews;
  readonly bridge: Pick<MatchingBridge, 'experienced'>;
  readonly actorOf: (accountId: string) => Promise<Actor | null>;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Offers as the asked helper meets them. */
export interface MatchService {
  list(actor: Actor, query: { open: boolean; cursor?: string; limit: number }): Promise<Page<MatchView>>;
  read(actor: Actor, matchId: string): Promise<MatchView>;
  markSeen(actor: Actor, matchId: string): Promise<MatchView>;
  accept(actor: Actor, matchId: string, startsAt: Date | null, key?: CommandKey): Promise<AssignmentView>;
  decline(actor: Actor, matchId: string, key?: CommandKey): Promise<MatchView>;
  /** For the push: null when the offer is not open any more. */
  present(matchId: string, helperId: string): Promise<MatchView | null>;
}

export function createMatchService(deps: MatchServiceDeps): MatchService {
  const { matches, requests, views, clock } = deps;

  async function own(actor: Actor, matchId: string): Promise<MatchRecord> {
    const match = await matches.read(actor.communityId, matchId);
    if (match?.helperId !== actor.accountId) throw notFound();
    return match;
  }

  async function view(actor: Actor, match: MatchRecord, request: HelpRequestRecord): Promise<MatchView> {
    // What an offer shows is what an asked helper sees, also when the helper has accepted meanwhile.
    const asked = await views.viewAs(actor, request, ['asked_helper', 'member']);
    return presentMatch(match, asked);
  }

  async function requestOf(actor: Actor, match: MatchRecord): Promise<HelpRequestRecord> {
    const request = await requests.read(actor.communityId, match.requestId);
    if (request === null) throw notFound();
    return request;
  }

  return {
    async list(actor, { open, cursor, limit }) {
      const found = await matches.ofHelper(actor.communityId, actor.accountId, {
        openOnly: open,
        before: cursor ?? null,
        limit: limit + 1,
      });
      const shown = found.slice(0, limit);
      const records = await requests.readMany(
        actor.communityId,
        shown.map(({ requestId }) => requestId),
      );
      const byId = new Map(records.map((record) => [record._id, record]));
      const items: MatchView[] = [];
      for (const match of shown) {
        const request = byId.get(match.requestId);
        if (request !== undefined) items.push(await view(actor, match, request));
      }
      return { items, nextCursor: found.length > limit ? (shown.at(-1)?._id ?? null) : null };
    },
    async read(actor, matchId) {
      const match = await own(actor, matchId);
      return await view(actor, match, await requestOf(actor, match));
    },
    async markSeen(actor, matchId) {
      const now = clock.now();
      const match = await matches.markSeen(actor.communityId, matchId, actor.accountId, now);
      if (match === null) throw notFound();
      deps.bridge.experienced(actor.communityId, actor.accountId, { kind: 'seen', at: now });
      return await view(actor, match, await requestOf(actor, match));
    },
    async accept(actor, matchId, startsAt, key) {
      const match = await own(actor, matchId);
      return await deps.tasks.take(actor, match.requestId, {
        operation: 'acceptMatch',
        matchId,
        key: keyFor('acceptMatch', key),
        wasAsked: true,
        command: (_, assignmentId) => ({
          name: 'accept',
          helperId: actor.accountId,
          matchId,
          assignmentId,
          startsAt,
        }),
      });
    },
    async decline(actor, matchId, key) {
      const match = await own(actor, matchId);
      const read = async (): Promise<HelpRequestRecord | null> =>
        await requests.read(actor.communityId, match.requestId);
      return await views.withPresent(actor, read, async () => {
        const { request } = await deps.mover.move({
          communityId: actor.communityId,
          requestId: match.requestId,
          actorId: actor.accountId,
          actorRole: 'helper',
          key: keyFor('declineMatch', key),
          command: () => ({ name: 'decline', helperId: actor.accountId, matchId }),
        });
        await deps.search.advance(request);
        return await view(actor, await own(actor, matchId), request);
      });
    },
    async present(matchId, helperId) {
      const actor = await deps.actorOf(helperId);
      if (actor === null) return null;
      const match = await matches.read(actor.communityId, matchId);
      if (match?.helperId !== helperId) return null;
      const request = await requests.read(actor.communityId, match.requestId);
      const isOpen = request !== null && openOffers(request).some((offer) => offer.matchId === matchId);
      return isOpen ? await view(actor, match, request) : null;
    },
  };
}
