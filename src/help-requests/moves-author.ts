import { AppError } from '../errors.ts';
import { endSearch, goLive, startReview } from './move-parts.ts';
import { toAuthor, toHelpers, toStaff, type Effect, type MoveContext } from './move-types.ts';
import type { CommandOf } from './request-commands.ts';
import { after, TIMES } from './request-times.ts';
import type { HelpRequestRecord } from './request-types.ts';

type Request = HelpRequestRecord;

/** What the author, or somebody who acts for them, does with their own request. */
export const AUTHOR_MOVES = { edit, submit, resubmit, confirm, dispute, thank, cancel, reopen };

function edit(_: Request, { content, visit }: CommandOf<'edit'>): Effect {
  return { set: { ...content, visit }, timeline: [{ type: 'edited' }] };
}

function submit(request: Request, { liveAtOnce }: CommandOf<'submit'>, context: MoveContext): Effect {
  const set = { submittedAt: context.now, review: startReview(request, liveAtOnce, context) };
  const received = toAuthor(request, 'request_received', { silent: true });
  const waiting = toStaff(request, 'review_waiting', { link: '/staff/review' });
  const timeline = [{ type: 'submitted' }] as const;
  if (!liveAtOnce) return { to: 'pending_review', set, timeline, notices: [received, waiting] };
  const live = goLive(request, context);
  return { ...live, set: { ...set, ...live.set }, timeline, notices: [received, ...live.notices, waiting] };
}

function resubmit(request: Request, _: CommandOf<'resubmit'>, context: MoveContext): Effect {
  return {
    to: 'pending_review',
    set: { submittedAt: context.now, review: startReview(request, false, context) },
    timeline: [{ type: 'resubmitted' }],
    notices: [
      toAuthor(request, 'request_received', { silent: true }),
      toStaff(request, 'review_waiting', { link: '/staff/review' }),
    ],
  };
}

function confirm(request: Request, _: CommandOf<'confirm'>, { now }: MoveContext): Effect {
  return { to: 'completed', set: completedSet(request, now), timeline: [{ type: 'confirmed' }] };
}

/** What every way to completed sets. */
export function completedSet(request: Request, now: Date): Partial<HelpRequestRecord> {
  return {
    completedAt: now,
    needsPerson: null,
    closingReason: request.taken >= request.needed ? 'fulfilled' : 'partly_fulfilled',
  };
}

function dispute(request: Request, { note }: CommandOf<'dispute'>, { now }: MoveContext): Effect {
  const until = request.completedAt === null ? null : after(request.completedAt, TIMES.disputeUntil);
  if (until !== null && now > until) {
    throw new AppError('state-changed', 'A finished request can be questioned for seven days.');
  }
  return {
    to: 'disputed',
    set: { dispute: { at: now, note, settledBy: null, outcome: null } },
    timeline: [{ type: 'disputed' }],
    notices: [
      toStaff(request, 'dispute_opened', { urgent: true }),
      ...toHelpers(
        request,
        request.slots.map(({ helperId }) => helperId),
        'question_raised',
      ),
    ],
  };
}

function thank(request: Request, { text }: CommandOf<'thank'>, { now }: MoveContext): Effect {
  if (request.thanks !== null) throw new AppError('state-changed', 'Thanks were given already.');
  if (request.completedAt !== null && now > after(request.completedAt, TIMES.thanksUntil)) {
    throw new AppError('state-changed', 'Thanks can be given for fourteen days.');
  }
  const helped = request.slots.filter(({ status }) => status === 'done').map(({ helperId }) => helperId);
  return {
    set: { thanks: { text, at: now } },
    timeline: [{ type: 'thanked' }],
    notices: [...toHelpers(request, helped, 'thanks')],
  };
}

function cancel(request: Request, command: CommandOf<'cancel'>, context: MoveContext): Effect {
  const isStaff = context.actorRole === 'staff';
  if (!isStaff && request.slots.some(({ status }) => status !== 'confirmed')) {
    throw new AppError('state-changed', 'Somebody has arrived already: please call the centre.');
  }
  return {
    ...endSearch(request, context, {
      to: 'cancelled',
      closingReason: command.reason,
      closingNote: command.note,
      tellAuthor: isStaff,
    }),
    timeline: [{ type: 'cancelled' }],
  };
}

function reopen(request: Request, _: CommandOf<'reopen'>, context: MoveContext): Effect {
  if (request.endedAt !== null && context.now > after(request.endedAt, TIMES.reopenUntil)) {
    throw new AppError('state-changed', 'A request can be reopened for thirty days.');
  }
  return {
    to: 'pending_review',
    set: {
      submittedAt: context.now,
      openedAt: null,
      completedAt: null,
      endedAt: null,
      isReviewed: false,
      review: startReview(request, false, context),
      taken: 0,
      slots: [],
      wave: null,
      searchBase: request.waves.length,
      needsPerson: null,
      takenOver: null,
      stillNeededAsked: 0,
      closingReason: null,
      closingNote: null,
    },
    timeline: [{ type: 'reopened' }],
    notices: [
      toAuthor(request, 'request_received', { silent: true }),
      toStaff(request, 'review_waiting', { link: '/staff/review' }),
    ],
  };
}
