import type { Clock } from '../actor.ts';
import type { AssignmentStore } from '../assignments/assignment-store.ts';
import type { HelperHistory } from '../matching/match-types.ts';
import type { MatchStore } from './match-store.ts';

const DAY = 24 * 3_600_000;

const EMPTY: HelperHistory = {
  offered: 0,
  accepted: 0,
  declined: 0,
  lapsed: 0,
  promised: 0,
  kept: 0,
  minutesLast28Days: 0,
  offersLast7Days: 0,
  lastOfferedAt: null,
  lastSeenAt: null,
};

/**
 * What the records say about helpers, for the engine: answers to offers from matches, kept and broken promises
 * from assignments. Two reads for a whole community. A place that somebody else took (superseded) and a task
 * that was cancelled are nobody's fault and count nowhere.
 */
export function createHelperHistories({
  matches,
  assignments,
  clock,
}: {
  readonly matches: Pick<MatchStore, 'counts'>;
  readonly assignments: Pick<AssignmentStore, 'counts'>;
  readonly clock: Clock;
}): (communityId: string, helperIds?: readonly string[]) => Promise<ReadonlyMap<string, HelperHistory>> {
  return async (communityId, helperIds) => {
    const now = clock.now().getTime();
    const [answers, promises] = await Promise.all([
      matches.counts(communityId, new Date(now - 7 * DAY), helperIds),
      assignments.counts(communityId, new Date(now - 28 * DAY), helperIds),
    ]);
    const histories = new Map<string, { -readonly [K in keyof HelperHistory]: HelperHistory[K] }>();
    const of = (helperId: string): { -readonly [K in keyof HelperHistory]: HelperHistory[K] } => {
      const known = histories.get(helperId) ?? { ...EMPTY };
      histories.set(helperId, known);
      return known;
    };
    for (const { helperId, status, count, recent, lastOfferedAt, lastAnsweredAt } of answers) {
      const history = of(helperId);
      history.offered += count;
      history.offersLast7Days += recent;
      history.lastOfferedAt = Math.max(history.lastOfferedAt ?? 0, lastOfferedAt.getTime());
      if (status === 'accepted' || status === 'declined' || status === 'lapsed') history[status] += count;
      const isAnswer = status === 'accepted' || status === 'declined' || status === 'seen';
      if (isAnswer && lastAnsweredAt !== null) {
        history.lastSeenAt = Math.max(history.lastSeenAt ?? 0, lastAnsweredAt.getTime());
      }
    }
    for (const { helperId, status, count, recentMinutes } of promises) {
      const history = of(helperId);
      if (status === 'done') history.kept += count;
      if (status === 'done' || status === 'no_show') history.promised += count;
      history.minutesLast28Days += Math.max(0, recentMinutes);
    }
    return histories;
  };
}
