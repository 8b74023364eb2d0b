import type { Consequence, NextActor, RequestStatus } from '../shared/vocabulary.ts';
import { hasFreeSlot, liveSlots } from './request-facts.ts';
import { after, earliest, reviewDueAt, TIMES, type Clockwork } from './request-times.ts';
import type { HelpRequestRecord, NextAction, Timer, TimerKind } from './request-types.ts';

/** One row of the table of states: who acts next, by when, and what happens if they do not. */
export interface StateRule {
  readonly who: NextActor;
  readonly ifLate: Consequence;
  /** Null where there is no deadline: the end of the road. */
  due(request: HelpRequestRecord, clock: Clockwork): Date | null;
  /** The timers that start when the state is entered; they end when it is left. */
  timers(request: HelpRequestRecord, clock: Clockwork): readonly Timer[];
}

/** A timer of the state itself. */
function stateTimer(kind: TimerKind, dueAt: Date): Timer {
  return { kind, group: 'state', dueAt, assignmentId: null };
}

const noTimers = (): readonly Timer[] => [];

/** When the author is asked whether it is still needed: after the last window, or two days; then a day later again. */
function stillNeededTimer(request: HelpRequestRecord, { now }: Clockwork): readonly Timer[] {
  const lastWindow = request.windows.reduce((last, { to }) => Math.max(last, to.getTime()), 0);
  const base =
    request.asap || lastWindow === 0
      ? (request.openedAt ?? now).getTime() + TIMES.stillNeededAsap
      : lastWindow;
  const due = base + request.stillNeededAsked * TIMES.stillNeededAgain;
  return [
    stateTimer('still_needed', due > now.getTime() ? new Date(due) : after(now, TIMES.stillNeededAgain)),
  ];
}

const searchDue = (request: HelpRequestRecord, clock: Clockwork): Date | null =>
  request.needsPerson === null
    ? (request.wave?.closesAt ?? after(request.openedAt ?? clock.now, TIMES.engineStarts))
    : clock.workingMinutesAfter(request.needsPerson.since, TIMES.needsPersonWorkingMinutes);

/** Entered with `endedAt` set; may be reopened until then. */
const reopenUntil = (request: HelpRequestRecord): Date | null =>
  request.endedAt === null ? null : after(request.endedAt, TIMES.reopenUntil);

/** The whole table, in the order of a request's life. */
export const STATES: Readonly<Record<RequestStatus, StateRule>> = {
  draft: {
    who: 'author',
    ifLate: 'draft_removed',
    due: ({ createdAt }) => after(createdAt, TIMES.draftExpires),
    timers: ({ createdAt }) => [
      stateTimer('draft_reminder', after(createdAt, TIMES.draftReminder)),
      stateTimer('draft_expires', after(createdAt, TIMES.draftExpires)),
    ],
  },
  pending_review: {
    who: 'staff',
    ifLate: 'lead_told',
    due: ({ review, urgency }, clock) => review.dueAt ?? reviewDueAt(urgency, clock.now, clock),
    timers: noTimers,
  },
  returned: {
    who: 'author',
    ifLate: 'cancelled_unreachable',
    due: ({ timers }) => timers.find(({ kind }) => kind === 'returned_expires')?.dueAt ?? null,
    timers: (_, { now }) => [
      stateTimer('returned_reminder', after(now, TIMES.returnedReminder)),
      stateTimer('returned_expires', after(now, TIMES.returnedExpires)),
    ],
  },
  rejected: {
    who: 'author',
    ifLate: 'ends',
    due: ({ endedAt }) => (endedAt === null ? null : after(endedAt, TIMES.rejectedAppeal)),
    timers: noTimers,
  },
  open: { who: 'engine', ifLate: 'staff_take_over', due: searchDue, timers: stillNeededTimer },
  matching: { who: 'helpers', ifLate: 'next_wave', due: searchDue, timers: stillNeededTimer },
  assigned: {
    who: 'helpers',
    ifLate: 'asked_are_you_coming',
    due: (request) => {
      const first = earliest(liveSlots(request).map(({ startsAt }) => startsAt));
      return first === null ? null : after(first, TIMES.areYouComing);
    },
    timers: noTimers,
  },
  in_progress: {
    who: 'helpers',
    ifLate: 'both_asked',
    due: (request) => {
      const first = earliest(liveSlots(request).map(({ expectedEnd }) => expectedEnd));
      return first === null ? (request.wave?.closesAt ?? null) : after(first, TIMES.taskOverdue);
    },
    timers: noTimers,
  },
  awaiting_confirmation: {
    who: 'author',
    ifLate: 'closed_by_time',
    due: ({ timers }) => timers.find(({ kind }) => kind === 'close_by_time')?.dueAt ?? null,
    timers: (_, { now }) => [
      stateTimer('confirm_reminder', after(now, TIMES.confirmReminder)),
      stateTimer('close_by_time', after(now, TIMES.closeByTime)),
    ],
  },
  completed: {
    who: 'author',
    ifLate: 'ends',
    due: ({ completedAt }) => (completedAt === null ? null : after(completedAt, TIMES.thanksUntil)),
    timers: noTimers,
  },
  disputed: {
    who: 'staff',
    ifLate: 'lead_told',
    due: ({ dispute }, clock) =>
      clock.workingMinutesAfter(dispute?.at ?? clock.now, TIMES.disputeWorkingMinutes),
    timers: ({ dispute }, clock) => [
      stateTimer(
        'dispute_late',
        clock.workingMinutesAfter(dispute?.at ?? clock.now, TIMES.disputeWorkingMinutes),
      ),
    ],
  },
  unmet: {
    who: 'staff',
    ifLate: 'stays_on_unmet_list',
    due: ({ timers }) => timers.find(({ kind }) => kind === 'unmet_review')?.dueAt ?? null,
    timers: (_, { now }) => [stateTimer('unmet_review', after(now, TIMES.unmetReview))],
  },
  cancelled: { who: 'nobody', ifLate: 'ends', due: reopenUntil, timers: noTimers },
  expired: { who: 'nobody', ifLate: 'ends', due: reopenUntil, timers: noTimers },
  duplicate: { who: 'nobody', ifLate: 'none', due: () => null, timers: noTimers },
};

/**
 * What people read: who acts next, by when, and what if not. A search that a person has to look at waits for
 * staff; someone without a phone of their own is called instead of waited for.
 */
export function nextActionOf(request: HelpRequestRecord, clock: Clockwork): NextAction {
  const rule = STATES[request.status];
  const dueAt = rule.due(request, clock);
  if (request.status === 'awaiting_confirmation' && request.phoneOnly) {
    return { who: 'staff', dueAt, ifLate: 'lead_told' };
  }
  const isSearching = request.status === 'open' || request.status === 'matching';
  if (isSearching && request.needsPerson !== null && request.needsPerson.reason !== 'critical') {
    return { who: 'staff', dueAt, ifLate: 'lead_told' };
  }
  if (request.status === 'in_progress' && liveSlots(request).length === 0 && hasFreeSlot(request)) {
    return { who: 'helpers', dueAt, ifLate: 'next_wave' };
  }
  return { who: rule.who, dueAt, ifLate: rule.ifLate };
}
