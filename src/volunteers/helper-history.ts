import type { HelperHistory } from '../matching/match-types.ts';

/** What experience says about somebody who was never asked. */
export const NO_HISTORY: HelperHistory = {
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

/** Something that happened between a helper and an offer or a task; each changes what the engine expects. */
export type HelperExperience =
  | { readonly kind: 'offered' | 'seen' | 'accepted' | 'declined' | 'lapsed'; readonly at: Date }
  | { readonly kind: 'kept'; readonly at: Date; readonly minutes: number }
  | { readonly kind: 'broken'; readonly at: Date };

/**
 * The history after one more experience. A lapse counts against nobody unless the offer was delivered: who was
 * not reached has no experience. Withdrawing early breaks no promise; a late one or a no-show does ("broken").
 * Windows of days slide only when the history is read anew from the records. Pure.
 */
export function addExperience(history: HelperHistory, experience: HelperExperience): HelperHistory {
  const at = experience.at.getTime();
  const lastSeenAt = Math.max(history.lastSeenAt ?? 0, at);
  switch (experience.kind) {
    case 'offered':
      return {
        ...history,
        offered: history.offered + 1,
        offersLast7Days: history.offersLast7Days + 1,
        lastOfferedAt: Math.max(history.lastOfferedAt ?? 0, at),
      };
    case 'seen':
      return { ...history, lastSeenAt };
    case 'accepted':
      return { ...history, accepted: history.accepted + 1, lastSeenAt };
    case 'declined':
      return { ...history, declined: history.declined + 1, lastSeenAt };
    case 'lapsed':
      return { ...history, lapsed: history.lapsed + 1 };
    case 'kept':
      return {
        ...history,
        promised: history.promised + 1,
        kept: history.kept + 1,
        minutesLast28Days: history.minutesLast28Days + experience.minutes,
        lastSeenAt,
      };
    default:
      return { ...history, promised: history.promised + 1 };
  }
}
