import type { HelperHistory } from './match-types.ts';

/** What can happen to a helper that the models learn from. Times in milliseconds. */
export type HelperEvent =
  | { readonly kind: 'offered' | 'seen' | 'accepted' | 'declined'; readonly at: number }
  | { readonly kind: 'lapsed' | 'promise_kept' | 'promise_broken'; readonly at: number };

export const NEW_HISTORY: HelperHistory = {
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
 * The history after one more event; pure, the old one stays. The sums over days (`minutesLast28Days`,
 * `offersLast7Days`) are counted by their owner, an offer only adds to the latter. Accepting and declining are
 * answers: attention is back. A promise counts once, when it is kept or broken. Late events never set a clock
 * back.
 */
export function afterEvent(history: HelperHistory, event: HelperEvent): HelperHistory {
  switch (event.kind) {
    case 'offered':
      return {
        ...history,
        offered: history.offered + 1,
        offersLast7Days: history.offersLast7Days + 1,
        lastOfferedAt: Math.max(history.lastOfferedAt ?? event.at, event.at),
      };
    case 'seen':
      return seen(history, event.at);
    case 'accepted':
      return { ...seen(history, event.at), accepted: history.accepted + 1 };
    case 'declined':
      return { ...seen(history, event.at), declined: history.declined + 1 };
    case 'lapsed':
      return { ...history, lapsed: history.lapsed + 1 };
    case 'promise_kept':
      return { ...history, promised: history.promised + 1, kept: history.kept + 1 };
    default:
      return { ...history, promised: history.promised + 1 };
  }
}

function seen(history: HelperHistory, at: number): HelperHistory {
  return { ...history, lastSeenAt: Math.max(history.lastSeenAt ?? at, at) };
}
