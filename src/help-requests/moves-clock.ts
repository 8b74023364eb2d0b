import { completedSet } from './moves-author.ts';
import { noShow } from './moves-helper.ts';
import { endSearch } from './move-parts.ts';
import { toAuthor, toHelpers, toStaff, type Effect, type MoveContext } from './move-types.ts';
import type { CommandOf } from './request-commands.ts';
import { after, TIMES } from './request-times.ts';
import type { HelpRequestRecord, Timer, TimerKind } from './request-types.ts';

type Request = HelpRequestRecord;
type OnTime = (request: Request, timer: Timer, context: MoveContext) => Effect;

/** What the clock does when somebody did not: every row is one "and if not" of the state table. */
export const CLOCK_MOVES = { time_passed: timePassed };

const reminded = [{ type: 'reminded' }] as const;
const nothing: Effect = { set: {} };

/** `wave_due` and `wave_closes` are the engine's and `draft_expires` the store's: here they only go away. */
const ON_TIME: Readonly<Record<TimerKind, OnTime>> = {
  draft_reminder: (request) => ({
    set: {},
    notices: [toAuthor(request, 'still_needed', { params: { draft: 1 } })],
  }),
  draft_expires: () => nothing,
  review_late: (request) => reviewLate(request, 1),
  review_very_late: (request) => reviewLate(request, 2),
  returned_reminder: (request) => ({
    set: {},
    timeline: reminded,
    notices: [
      toAuthor(request, 'request_returned', { params: { reminder: 1, reason: request.review.reason ?? '' } }),
    ],
  }),
  returned_expires: (request, _, context) => ({
    ...endSearch(request, context, {
      to: 'cancelled',
      closingReason: 'requester_unreachable',
      closingNote: null,
      tellAuthor: true,
    }),
    timeline: [{ type: 'cancelled', params: { reason: 'requester_unreachable' } }],
  }),
  wave_due: () => nothing,
  wave_closes: () => nothing,
  still_needed: stillNeeded,
  reminder_day: (request, timer) => remindHelper(request, timer, { hours: 24 }),
  reminder_hour: (request, timer) => remindHelper(request, timer, { hours: 1 }),
  are_you_coming: (request, timer) => {
    const slot = slotOfTimer(request, timer);
    if (slot?.status !== 'confirmed') return nothing;
    return {
      set: {},
      timeline: reminded,
      notices: [
        ...toHelpers(request, [slot.helperId], 'are_you_coming', {
          link: `/t/${slot.assignmentId}`,
          urgent: true,
        }),
      ],
    };
  },
  no_show: (request, timer, context) => {
    const slot = slotOfTimer(request, timer);
    if (slot?.status !== 'confirmed') return nothing;
    return noShow(request, { assignmentId: slot.assignmentId }, context);
  },
  task_overdue: (request, timer, { now }) => {
    const slot = slotOfTimer(request, timer);
    if (slot?.status !== 'checked_in') return nothing;
    return {
      set: { needsPerson: request.needsPerson ?? { reason: 'late', since: now } },
      timeline: [{ type: 'needs_person', params: { reason: 'late' } }],
      notices: [
        toAuthor(request, 'please_confirm', { params: { late: 1 } }),
        ...toHelpers(request, [slot.helperId], 'task_reminder', {
          params: { late: 1 },
          link: `/t/${slot.assignmentId}`,
        }),
        toStaff(request, 'needs_person', { params: { reason: 'late' } }),
      ],
    };
  },
  confirm_reminder: (request) => ({
    set: {},
    timeline: reminded,
    notices: [toAuthor(request, 'please_confirm', { params: { reminder: 1 } })],
  }),
  close_by_time: closeByTime,
  dispute_late: (request) => ({
    set: {},
    timeline: reminded,
    notices: [toStaff(request, 'dispute_opened', { params: { late: 1 }, urgent: true })],
  }),
  unmet_review: (request, _, { now }) => ({
    set: {},
    notices: [toStaff(request, 'needs_person', { params: { reason: 'unmet' } })],
    stateTimers: [
      { kind: 'unmet_review', group: 'state', dueAt: after(now, TIMES.unmetReview), assignmentId: null },
    ],
  }),
};

function timePassed(request: Request, { timer }: CommandOf<'time_passed'>, context: MoveContext): Effect {
  return ON_TIME[timer.kind](request, timer, context);
}

function slotOfTimer(request: Request, { assignmentId }: Timer): Request['slots'][number] | undefined {
  return request.slots.find((slot) => slot.assignmentId === assignmentId);
}

/** First the lead, at twice the time everybody, and the author is told whom to call. */
function reviewLate(request: Request, late: 1 | 2): Effect {
  return {
    set: {},
    timeline: reminded,
    notices: [
      toStaff(request, 'review_waiting', { params: { late }, link: '/staff/review', urgent: late === 2 }),
      ...(late === 2 ? [toAuthor(request, 'request_received', { params: { late: 1 } })] : []),
    ],
  };
}

function remindHelper(request: Request, timer: Timer, params: { hours: number }): Effect {
  const slot = slotOfTimer(request, timer);
  if (slot?.status !== 'confirmed') return nothing;
  return {
    set: {},
    notices: [
      ...toHelpers(request, [slot.helperId], 'task_reminder', { params, link: `/t/${slot.assignmentId}` }),
    ],
  };
}

/** Asked twice, a day apart; only then does it expire, and never while a helper is expected. */
function stillNeeded(request: Request, _: Timer, context: MoveContext): Effect {
  if (request.slots.length > 0) return nothing;
  const asked = request.stillNeededAsked + 1;
  if (asked > 2) {
    const ended = endSearch(request, context, {
      to: 'expired',
      closingReason: 'requester_unreachable',
      closingNote: null,
      tellAuthor: true,
    });
    return { ...ended, timeline: [{ type: 'expired' }] };
  }
  return {
    set: { stillNeededAsked: asked },
    timeline: reminded,
    // The second question goes over every channel of the person, the first only into the app.
    notices: [toAuthor(request, 'still_needed', { params: { asked }, urgent: asked === 2 })],
    stateTimers: [
      {
        kind: 'still_needed',
        group: 'state',
        dueAt: after(context.now, TIMES.stillNeededAgain),
        assignmentId: null,
      },
    ],
  };
}

/** Silence closes it; somebody without a phone of their own is called by staff instead. */
function closeByTime(request: Request, _: Timer, { now }: MoveContext): Effect {
  if (request.phoneOnly) {
    return {
      set: { needsPerson: { reason: 'phone_only', since: now } },
      timeline: [{ type: 'needs_person', params: { reason: 'phone_only' } }],
      notices: [toStaff(request, 'needs_person', { params: { reason: 'phone_only' } })],
      stateTimers: [
        { kind: 'close_by_time', group: 'state', dueAt: after(now, TIMES.closeByTime), assignmentId: null },
      ],
    };
  }
  return {
    to: 'completed',
    set: completedSet(request, now),
    timeline: [{ type: 'closed_by_time' }],
    notices: [toAuthor(request, 'closed_by_time')],
  };
}
