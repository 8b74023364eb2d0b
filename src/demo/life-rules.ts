import type { CandidatesView, HelpRequestView } from '../shared/api-types.ts';

/**
 * What simulated neighbours and staff do next about one request. Pure: the same request, at the same age, with the
 * same seed gives the same act, so that a demo can be told again.
 */
export type SimulatedAct =
  | { readonly kind: 'approve' | 'return' | 'take_over' | 'ask_again' | 'give_up' }
  | { readonly kind: 'resubmit' | 'confirm' | 'thank' }
  | { readonly kind: 'look_at_offers' }
  | {
      readonly kind: 'check_in' | 'complete' | 'withdraw';
      readonly assignmentId: string;
      readonly helperId: string;
    };

export interface Seen {
  readonly request: HelpRequestView;
  /** Seconds since the loop first saw this request as it is, or since somebody last tried in vain; at the loop's speed. */
  readonly seconds: number;
  /** How many times as fast as a clock the neighbourhood lives. */
  readonly speed: number;
  /** In [0, 1), fixed for this request and state. */
  readonly luck: number;
  readonly isStaffPlayed: boolean;
  /** The author is somebody a visitor plays just now. */
  readonly isAuthorPlayed: boolean;
  readonly now: Date;
}

/** Seconds after which people act, drawn between the two by luck. */
const PACE = {
  review: [10, 26],
  /** When a visitor sits at the desk the simulated colleague steps in late. */
  reviewBesideVisitor: [150, 240],
  mend: [25, 60],
  checkIn: [20, 60],
  complete: [40, 110],
  confirm: [15, 50],
  thank: [8, 30],
  takeOver: [20, 60],
  askAgain: [60, 150],
  giveUp: [1_200, 2_400],
} as const;

const EARLY_CHECK_IN_MS = 15 * 60_000;

/** Null: nothing yet. */
export function nextAct(seen: Seen): SimulatedAct | null {
  const { request, luck } = seen;
  const isLive = ['open', 'matching', 'assigned', 'in_progress'].includes(request.status);
  const isTime = (pace: readonly [number, number]): boolean =>
    seen.seconds >= pace[0] + luck * (pace[1] - pace[0]);
  if (isLive && !request.isReviewed && isTime(seen.isStaffPlayed ? PACE.reviewBesideVisitor : PACE.review)) {
    return { kind: 'approve' };
  }
  switch (request.status) {
    case 'pending_review':
      if (!isTime(seen.isStaffPlayed ? PACE.reviewBesideVisitor : PACE.review)) return null;
      return { kind: luck < 0.06 ? 'return' : 'approve' };
    case 'returned':
      return !seen.isAuthorPlayed && isTime(PACE.mend) ? { kind: 'resubmit' } : null;
    case 'open':
    case 'matching':
      return actOfDesk(seen, isTime) ?? { kind: 'look_at_offers' };
    case 'assigned':
    case 'in_progress':
      return (
        actOfHelper(seen, isTime) ??
        (request.helpersFound < request.helpersNeeded ? { kind: 'look_at_offers' } : null)
      );
    case 'awaiting_confirmation':
      return !seen.isAuthorPlayed && isTime(PACE.confirm) ? { kind: 'confirm' } : null;
    case 'completed':
      return !seen.isAuthorPlayed && luck < 0.6 && (request.thanks ?? null) === null && isTime(PACE.thank)
        ? { kind: 'thank' }
        : null;
    default:
      return null;
  }
}

/** Nobody found: a colleague takes it in hand, asks the next neighbours now and then, and gives up late. */
function actOfDesk(
  { request, luck, isStaffPlayed, speed, now }: Seen,
  isTime: (pace: readonly [number, number]) => boolean,
): SimulatedAct | null {
  const need = request.needsPerson ?? null;
  if (need === null || isStaffPlayed) return null;
  if (need.takenOverAt === null) return isTime(PACE.takeOver) ? { kind: 'take_over' } : null;
  const seconds = ((now.getTime() - Date.parse(need.since)) / 1000) * speed;
  if (seconds >= PACE.giveUp[0] + luck * (PACE.giveUp[1] - PACE.giveUp[0])) return { kind: 'give_up' };
  return isTime(PACE.askAgain) ? { kind: 'ask_again' } : null;
}

function actOfHelper(
  { request, luck, now }: Seen,
  isTime: (pace: readonly [number, number]) => boolean,
): SimulatedAct | null {
  for (const { assignmentId, helperId, status, startsAt } of request.helpers ?? []) {
    if (
      status === 'confirmed' &&
      isTime(PACE.checkIn) &&
      Date.parse(startsAt) - now.getTime() <= EARLY_CHECK_IN_MS
    ) {
      return { kind: luck > 0.97 ? 'withdraw' : 'check_in', assignmentId, helperId };
    }
    if (status === 'checked_in' && isTime(PACE.complete)) return { kind: 'complete', assignmentId, helperId };
  }
  return null;
}

export interface OfferAnswer {
  readonly helperId: string;
  readonly matchId: string;
  readonly answer: 'accept' | 'decline' | 'seen';
}

/**
 * The next answer of a simulated helper to an open offer, or null. The rest stays silent until the wave lapses. While
 * a visitor holds an offer of the same request, the others hesitate.
 */
export function nextAnswer(
  candidates: CandidatesView,
  context: {
    readonly now: Date;
    readonly speed: number;
    readonly isPlayed: (helperId: string) => boolean;
    readonly willingness: (helperId: string) => { readonly accepts: number; readonly declines: number };
    readonly luckOf: (matchId: string) => number;
  },
): OfferAnswer | null {
  const open = candidates.candidates.flatMap(({ helperId, match }) =>
    match !== null && (match.status === 'notified' || match.status === 'seen') ? [{ helperId, match }] : [],
  );
  const hesitate = open.some(({ helperId }) => context.isPlayed(helperId)) ? 70 : 0;
  for (const { helperId, match } of open) {
    if (context.isPlayed(helperId)) continue;
    const luck = context.luckOf(match.id);
    const seconds = ((context.now.getTime() - Date.parse(match.at)) / 1000) * context.speed;
    const { accepts, declines } = context.willingness(helperId);
    if (match.status === 'notified' && seconds >= 4 + luck * 8)
      return { helperId, matchId: match.id, answer: 'seen' };
    if (seconds < 12 + ((luck * 7919) % 1) * 30 + hesitate) continue;
    if (luck < accepts) return { helperId, matchId: match.id, answer: 'accept' };
    if (luck < accepts + declines) return { helperId, matchId: match.id, answer: 'decline' };
  }
  return null;
}
