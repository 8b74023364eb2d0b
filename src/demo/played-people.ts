import type { Clock } from '../actor.ts';

/** Which sample people a visitor plays just now: the simulated ones then leave that part alone. */
export interface PlayedPeople {
  sawVisitor(accountId: string): void;
  isPlayed(accountId: string): boolean;
}

const STAYS_MS = 10 * 60_000;

/** A visitor plays a person while that person has an open socket, and for ten minutes after signing in or being seen. */
export function createPlayedPeople({
  clock,
  isReachable,
}: {
  readonly clock: Clock;
  readonly isReachable: (accountId: string) => boolean;
}): PlayedPeople {
  const lastSeen = new Map<string, number>();
  return {
    sawVisitor(accountId) {
      lastSeen.set(accountId, clock.now().getTime());
    },
    isPlayed(accountId) {
      const now = clock.now().getTime();
      if (isReachable(accountId)) lastSeen.set(accountId, now);
      const seen = lastSeen.get(accountId);
      return seen !== undefined && now - seen < STAYS_MS;
    },
  };
}
