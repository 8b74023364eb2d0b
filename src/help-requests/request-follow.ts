import type { OutboxDocument, OutboxEvent, OutboxSource } from '../domain-events.ts';
import type { AssignmentRecord } from '../assignments/assignment-record.ts';
import type { MatchRecord } from '../matches/match-record.ts';
import type { HelperExperience } from '../volunteers/helper-history.ts';
import type { HelperLoadStore } from '../volunteers/helper-load-types.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';
import type { MatchStatus } from '../shared/vocabulary.ts';
import { MINUTE } from './request-times.ts';
import { openOffers } from './request-facts.ts';
import type { RequestStore } from './request-store.ts';
import { createTurns } from './turns.ts';
import type { AssignmentChange, Follow, HelpRequestRecord, MatchChange, NewMatch } from './request-types.ts';

export const REQUEST_SOURCE = 'helpRequests';

export interface RequestFollowDeps {
  readonly requests: Pick<RequestStore, 'readAcross' | 'withOutbox' | 'clearOutbox'>;
  readonly matches: {
    insertMissing(matches: readonly MatchRecord[]): Promise<void>;
    answer(communityId: string, matchIds: readonly string[], status: MatchStatus, at: Date): Promise<void>;
  };
  readonly assignments: { follow(record: AssignmentRecord): Promise<void> };
  readonly loads: Pick<HelperLoadStore, 'release' | 'freeTasks' | 'markOnSite'>;
  readonly bridge: Pick<MatchingBridge, 'loadsChanged' | 'experienced'>;
  /** Told that an offer is closed, so that it leaves the helper's screen. */
  readonly matchClosed: (
    helperId: string,
    change: { matchId: string; requestId: string; reason: 'taken' | 'lapsed' | 'cancelled' | 'hidden' },
  ) => void;
}

export interface RequestFollow {
  readonly source: OutboxSource;
  /**
   * Makes the records follow everything in the outbox of a request that was just written, in its order. The relay,
   * kicked after this call, takes the record from here instead of reading it again.
   */
  followUp(record: HelpRequestRecord): Promise<void>;
}

/** How many followed events this process remembers, so that the relay does not repeat what a command did. */
const REMEMBERED = 20_000;

/**
 * The outbox of requests. Matches, assignments and loads follow the request from what its events say; every step
 * may be repeated. One request is followed by one worker at a time, so that records change in the request's order.
 */
export function createRequestFollow(deps: RequestFollowDeps): RequestFollow {
  const done = new Set<string>();
  const written = new Map<string, HelpRequestRecord>();
  const turns = createTurns();

  function remember(eventId: string): void {
    done.add(eventId);
    if (done.size <= REMEMBERED) return;
    const oldest = done.values().next();
    if (oldest.done !== true) done.delete(oldest.value);
  }

  async function followEvent(subject: Subject, event: OutboxEvent): Promise<void> {
    if (done.has(event.id)) return;
    await carry(deps, subject, event.follow as unknown as Follow);
    remember(event.id);
  }

  return {
    async followUp(record) {
      written.set(record._id, record);
      await turns.take(record._id, async () => {
        for (const event of record.outbox) await followEvent(record, event);
      });
    },
    source: {
      name: REQUEST_SOURCE,
      async pending(limit) {
        return (await deps.requests.withOutbox(limit)).map(asOutboxDocument);
      },
      async read(documentId) {
        const record = written.get(documentId) ?? (await deps.requests.readAcross(documentId));
        written.delete(documentId);
        return record === null ? undefined : asOutboxDocument(record);
      },
      async follow(document, event) {
        const record = recordOf(document);
        await turns.take(document.id, async () => await followEvent(record, event));
      },
      async clear(document, eventIds) {
        // Cleared events stay remembered: a record written before this clear still carries them to the next round.
        await deps.requests.clearOutbox(document.id, eventIds);
      },
      audience(document) {
        const record = recordOf(document);
        return {
          accountIds: [
            ...new Set([
              record.beneficiaryId,
              record.authorId,
              ...record.slots.map(({ helperId }) => helperId),
              ...openOffers(record).map(({ helperId }) => helperId),
            ]),
          ],
          staff: record.status !== 'draft',
          board: !['draft', 'pending_review', 'returned', 'rejected'].includes(record.status),
        };
      },
    },
  };
}

type Subject = Pick<HelpRequestRecord, '_id' | 'communityId' | 'beneficiaryId' | 'status'>;

/** The relay hands documents back as it got them. */
interface RequestOutboxDocument extends OutboxDocument {
  readonly record: HelpRequestRecord;
}

function asOutboxDocument(record: HelpRequestRecord): RequestOutboxDocument {
  const { _id, communityId, status, version, outbox } = record;
  return { id: _id, communityId, status, version, outbox, record };
}

function recordOf(document: OutboxDocument): HelpRequestRecord {
  return (document as RequestOutboxDocument).record;
}

async function carry(deps: RequestFollowDeps, request: Subject, follow: Follow): Promise<void> {
  const { communityId } = request;
  await deps.matches.insertMissing(follow.newMatches.map((match) => matchOf(request, match)));
  await answerMatches(deps, communityId, follow.matches);
  for (const change of follow.assignments)
    await deps.assignments.follow(assignmentOf(request, change, follow.version));
  const released = await deps.loads.release(communityId, follow.release);
  const freed = await deps.loads.freeTasks(communityId, follow.freeTask);
  deps.bridge.loadsChanged([...released, ...freed]);
  for (const { status, helperId, assignmentId } of follow.assignments) {
    if (status !== 'checked_in') continue;
    const load = await deps.loads.markOnSite(communityId, { helperId, assignmentId });
    if (load !== null) deps.bridge.loadsChanged([load]);
  }
  for (const { helperId, experience } of experiencesOf(follow)) {
    deps.bridge.experienced(communityId, helperId, experience);
  }
  for (const { matchId, helperId, status } of follow.matches) {
    if (status === 'accepted' || status === 'declined') continue;
    const reason = status === 'lapsed' ? 'lapsed' : isEnded(request.status) ? 'cancelled' : 'taken';
    deps.matchClosed(helperId, { matchId, requestId: request._id, reason });
  }
}

const isEnded = (status: string): boolean => ['cancelled', 'expired', 'unmet', 'duplicate'].includes(status);

async function answerMatches(
  deps: RequestFollowDeps,
  communityId: string,
  changes: readonly MatchChange[],
): Promise<void> {
  for (const status of new Set(changes.map((change) => change.status))) {
    const same = changes.filter((change) => change.status === status);
    const first = same[0];
    if (first === undefined) continue;
    await deps.matches.answer(
      communityId,
      same.map(({ matchId }) => matchId),
      status,
      first.at,
    );
  }
}

function matchOf(request: Subject, match: NewMatch): MatchRecord {
  const { matchId, at, status, ...rest } = match;
  const isAnswered = status === 'accepted';
  return {
    ...rest,
    _id: matchId,
    communityId: request.communityId,
    requestId: request._id,
    status,
    offeredAt: at,
    seenAt: isAnswered ? at : null,
    answeredAt: isAnswered ? at : null,
  };
}

function assignmentOf(request: Subject, change: AssignmentChange, requestVersion: number): AssignmentRecord {
  const { assignmentId, ...rest } = change;
  return {
    ...rest,
    _id: assignmentId,
    communityId: request.communityId,
    requestId: request._id,
    beneficiaryId: request.beneficiaryId,
    requestVersion,
  };
}

/** What the engine learns. A lapse of an offer that reached nobody, and a place taken by another, teach nothing. */
function experiencesOf(follow: Follow): Experienced[] {
  const found: Experienced[] = follow.newMatches.map(({ helperId, at }) => ({
    helperId,
    experience: { kind: 'offered', at },
  }));
  for (const { helperId, status, at } of follow.matches) {
    if (status !== 'superseded') found.push({ helperId, experience: { kind: status, at } });
  }
  for (const { helperId, status, checkedInAt, doneAt, startsAt } of follow.assignments) {
    if (status === 'no_show') found.push({ helperId, experience: { kind: 'broken', at: startsAt } });
    if (status !== 'done' || doneAt === null) continue;
    const minutes = Math.max(0, (doneAt.getTime() - (checkedInAt ?? doneAt).getTime()) / MINUTE);
    found.push({ helperId, experience: { kind: 'kept', at: doneAt, minutes } });
  }
  return found;
}

interface Experienced {
  readonly helperId: string;
  readonly experience: HelperExperience;
}
