import type { Notice } from '../domain-events.ts';
import type { ClosingReason, RequestStatus } from '../shared/vocabulary.ts';
import { toAuthor, toHelpers, toStaff, type Effect, type MoveContext } from './move-types.ts';
import { hasFreeSlot, liveSlots, openOffers } from './request-facts.ts';
import { waveTimer } from './request-timers.ts';
import { reviewDueAt } from './request-times.ts';
import type {
  AssignmentChange,
  Follow,
  HelpRequestRecord,
  MatchChange,
  Offer,
  Review,
  Slot,
  Timer,
} from './request-types.ts';

type Request = HelpRequestRecord;

/** A review that begins now. */
export function startReview(request: Request, afterwards: boolean, context: MoveContext): Review {
  return {
    state: 'waiting',
    since: context.now,
    dueAt: reviewDueAt(request.urgency, context.now, context),
    afterwards,
    reviewerId: null,
    reason: null,
    note: null,
  };
}

/** What happens when a request goes on the board: the search starts at once, and critical ones ring at the desk. */
export function goLive(
  request: Request,
  { now }: MoveContext,
): { to: 'open'; set: Partial<HelpRequestRecord>; notices: Notice[]; waveTimers: readonly Timer[] } {
  const isCritical = request.urgency === 'critical';
  return {
    to: 'open',
    set: {
      openedAt: now,
      ...(isCritical ? { needsPerson: { reason: 'critical', since: now } as const } : {}),
    },
    notices: isCritical ? [toStaff(request, 'critical_request', { urgent: true })] : [],
    waveTimers: [waveTimer('wave_due', now)],
  };
}

/** The record of an assignment as it follows from a slot. */
export function assignmentOf(slot: Slot, status: AssignmentChange['status'] = slot.status): AssignmentChange {
  return {
    assignmentId: slot.assignmentId,
    matchId: slot.matchId,
    helperId: slot.helperId,
    status,
    slot: slot.kind,
    acceptedAt: slot.acceptedAt,
    startsAt: slot.startsAt,
    expectedEnd: slot.expectedEnd,
    checkedInAt: slot.checkedInAt,
    doneAt: slot.doneAt,
  };
}

/** Closes the open offers that `which` picks: the list, the matches that follow and whose reservation ends. */
export function closeOffers(
  request: Request,
  state: 'lapsed' | 'superseded',
  now: Date,
  which: (offer: Offer) => boolean = () => true,
): {
  offers: readonly Offer[];
  closed: readonly Offer[];
  matches: readonly MatchChange[];
  release: Follow['release'];
} {
  const closed = openOffers(request).filter(which);
  const ids = new Set(closed.map(({ matchId }) => matchId));
  return {
    offers: request.offers.map((offer) => (ids.has(offer.matchId) ? { ...offer, state } : offer)),
    closed,
    matches: closed.map(({ matchId, helperId }) => ({ matchId, helperId, status: state, at: now })),
    release: closed.map(({ helperId, matchId }) => ({
      helperId,
      matchId,
      liftRest: state === 'superseded',
    })),
  };
}

/** "Taken, thank you": on the screen only. */
export function placeTaken(request: Request, closed: readonly Offer[]): readonly Notice[] {
  return toHelpers(
    request,
    closed.map(({ helperId }) => helperId),
    'place_taken',
    {
      silent: true,
      link: '/me',
    },
  );
}

/**
 * The end without success: nobody is asked or expected any more, the helpers who were to come are told, and
 * whoever has done their part keeps it.
 */
export function endSearch(
  request: Request,
  { now }: MoveContext,
  end: {
    readonly to: RequestStatus;
    readonly closingReason: ClosingReason;
    readonly closingNote: string | null;
    readonly tellAuthor: boolean;
  },
): Effect {
  const offers = closeOffers(request, 'superseded', now);
  const expected = liveSlots(request);
  const slots = request.slots.filter(({ status }) => status === 'done');
  const expectedIds = expected.map(({ helperId }) => helperId);
  return {
    to: end.to,
    set: {
      offers: offers.offers,
      slots,
      taken: slots.filter(({ kind }) => kind === 'primary').length,
      needsPerson: null,
      review: request.review.state === 'waiting' ? { ...request.review, state: 'none' } : request.review,
      closingReason: end.closingReason,
      closingNote: end.closingNote,
      endedAt: now,
    },
    notices: [
      ...toHelpers(request, expectedIds, 'task_cancelled', { urgent: true }),
      ...placeTaken(request, offers.closed),
      ...(end.tellAuthor
        ? [toAuthor(request, 'request_cancelled', { params: { reason: end.closingReason } })]
        : []),
    ],
    follow: {
      matches: offers.matches,
      release: offers.release,
      assignments: expected.map((slot) => assignmentOf(slot, 'cancelled')),
      freeTask: expected.map(({ helperId, assignmentId }) => ({ helperId, assignmentId })),
    },
  };
}

/** The tasks behind these places, as the loads of their helpers name them. */
export function tasksOf(slots: readonly Slot[]): { helperId: string; assignmentId: string }[] {
  return slots.map(({ helperId, assignmentId }) => ({ helperId, assignmentId }));
}

/** The state of a request after somebody left its places. */
export function statusAfterLeaving(left: Request): RequestStatus {
  const isAtWork = left.slots.some(({ status }) => status !== 'confirmed');
  if (!isAtWork) return hasFreeSlot(left) ? 'matching' : 'assigned';
  const isAnybodyAwaited = liveSlots(left).length > 0 || hasFreeSlot(left);
  return isAnybodyAwaited ? 'in_progress' : 'awaiting_confirmation';
}
