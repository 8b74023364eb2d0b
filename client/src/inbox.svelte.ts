import type { MatchView } from '../../src/shared/api-types.ts';
import { asProblem, call } from './api-client.ts';
import { onSessionChange, session } from './session.svelte.ts';

let offers = $state.raw<MatchView[]>([]);
let isKnown = $state(false);
/** Offers that ended while the reader may be looking at them, with the reason. */
let ended = $state.raw<Record<string, 'taken' | 'lapsed' | 'cancelled' | 'hidden'>>({});

const isOpen = (match: MatchView): boolean => match.status === 'notified' || match.status === 'seen';

/** The offers that wait for the signed-in volunteer's answer, newest first. */
export const inbox = {
  get offers(): MatchView[] {
    return offers;
  },
  get isKnown(): boolean {
    return isKnown;
  },
  endOf(matchId: string): 'taken' | 'lapsed' | 'cancelled' | 'hidden' | undefined {
    return ended[matchId];
  },
};

/** Reads the open offers; people who do not volunteer have none. */
export async function readOffers(): Promise<void> {
  if (!session.hasRole('volunteer')) {
    offers = [];
    isKnown = true;
    return;
  }
  try {
    const page = await call('listMyMatches');
    offers = page.items.filter(isOpen).sort((a, b) => b.offeredAt.localeCompare(a.offeredAt));
    isKnown = true;
  } catch (error) {
    asProblem(error);
  }
}

/** Takes an offer that was pushed; a newer reading of the same one replaces it. */
export function takeOffer(match: MatchView): void {
  const others = offers.filter((one) => one.id !== match.id);
  offers = isOpen(match) ? [match, ...others] : others;
}

/** Marks an offer as ended elsewhere. It leaves the list; a screen that shows it says why. */
export function endOffer(matchId: string, reason: 'taken' | 'lapsed' | 'cancelled' | 'hidden'): void {
  ended = { ...ended, [matchId]: reason };
  offers = offers.filter((one) => one.id !== matchId);
}

/** Removes an offer that the reader answered. */
export function dropOffer(matchId: string): void {
  offers = offers.filter((one) => one.id !== matchId);
}

onSessionChange(() => {
  offers = [];
  isKnown = false;
  ended = {};
});
