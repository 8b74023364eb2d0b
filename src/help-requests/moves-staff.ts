import type { ReviewReason } from '../shared/vocabulary.ts';
import { completedSet } from './moves-author.ts';
import { endSearch, goLive } from './move-parts.ts';
import { toAuthor, type Effect, type MoveContext } from './move-types.ts';
import type { CommandOf } from './request-commands.ts';
import { takenOverAt } from './request-facts.ts';
import { waveTimer } from './request-timers.ts';
import type { HelpRequestRecord, Review } from './request-types.ts';
import { AppError } from '../errors.ts';

type Request = HelpRequestRecord;

/** What the centre's staff decide. That the person is no party to the request is the policy's part. */
export const STAFF_MOVES = {
  approve,
  return: sendBack,
  reject,
  settle,
  give_up: giveUp,
  take_over: takeOver,
  merge,
  note_reveal: noteReveal,
};

function approve(request: Request, { note }: CommandOf<'approve'>, context: MoveContext): Effect {
  if (request.isReviewed) throw new AppError('state-changed', 'Somebody has approved it already.');
  const set = {
    isReviewed: true,
    review: { ...request.review, state: 'done', reviewerId: context.actorId, note } satisfies Review,
  };
  const timeline = [{ type: 'approved' }] as const;
  if (request.status !== 'pending_review') return { set, timeline };
  const live = goLive(request, context);
  return {
    ...live,
    set: { ...set, ...live.set },
    timeline,
    notices: [toAuthor(request, 'request_approved'), ...live.notices],
  };
}

function reviewed(request: Request, reason: ReviewReason, note: string | null, context: MoveContext): Review {
  return { ...request.review, state: 'done', reviewerId: context.actorId, reason, note };
}

function sendBack(request: Request, { reason, note }: CommandOf<'return'>, context: MoveContext): Effect {
  return {
    to: 'returned',
    set: { review: reviewed(request, reason, note, context) },
    timeline: [{ type: 'returned', params: { reason } }],
    notices: [toAuthor(request, 'request_returned', { params: { reason } })],
  };
}

function reject(request: Request, { reason, note }: CommandOf<'reject'>, context: MoveContext): Effect {
  return {
    to: 'rejected',
    set: { review: reviewed(request, reason, note, context), endedAt: context.now },
    timeline: [{ type: 'rejected', params: { reason } }],
    notices: [toAuthor(request, 'request_rejected', { params: { reason } })],
  };
}

function settle(request: Request, { outcome, note }: CommandOf<'settle'>, context: MoveContext): Effect {
  const dispute =
    request.dispute === null ? null : { ...request.dispute, settledBy: context.actorId, outcome };
  const timeline = [{ type: 'settled', params: { outcome } }] as const;
  const notices = [toAuthor(request, 'person_takes_over', { params: { outcome } })];
  if (outcome === 'completed') {
    const set = { ...completedSet(request, request.completedAt ?? context.now), dispute, closingNote: note };
    return { to: 'completed', set, timeline, notices };
  }
  if (outcome === 'cancelled') {
    const ended = endSearch(request, context, {
      to: 'cancelled',
      closingReason: 'other_with_note',
      closingNote: note,
      tellAuthor: false,
    });
    return {
      ...ended,
      set: { ...ended.set, dispute },
      timeline,
      notices: [...notices, ...(ended.notices ?? [])],
    };
  }
  // What was done stays in the assignments; the places are free for somebody else.
  return {
    to: 'matching',
    set: {
      dispute,
      completedAt: null,
      closingReason: null,
      slots: [],
      taken: 0,
      searchBase: request.waves.length,
      wave: null,
      openedAt: context.now,
    },
    timeline,
    notices,
    waveTimers: [waveTimer('wave_due', context.now)],
  };
}

function giveUp(request: Request, { note }: CommandOf<'give_up'>, context: MoveContext): Effect {
  return {
    ...endSearch(request, context, {
      to: 'unmet',
      closingReason: 'no_helper_found',
      closingNote: note,
      tellAuthor: true,
    }),
    timeline: [{ type: 'gave_up' }],
  };
}

function takeOver(request: Request, _: CommandOf<'take_over'>, { actorId, now }: MoveContext): Effect {
  if (takenOverAt(request) !== null)
    throw new AppError('state-changed', 'A colleague has it in hand already.');
  return {
    set: { takenOver: { staffId: actorId ?? '', at: now } },
    timeline: [{ type: 'person_took_over' }],
    notices: [toAuthor(request, 'person_takes_over')],
  };
}

function merge(request: Request, _: CommandOf<'merge'>, context: MoveContext): Effect {
  return {
    ...endSearch(request, context, {
      to: 'duplicate',
      closingReason: 'duplicate',
      closingNote: null,
      tellAuthor: true,
    }),
    timeline: [{ type: 'cancelled', params: { reason: 'duplicate' } }],
  };
}

/** Somebody is about to read the door and phone: the person is told. */
function noteReveal(request: Request, { readerRole }: CommandOf<'note_reveal'>): Effect {
  return {
    set: {},
    notices: [toAuthor(request, 'address_read', { params: { reader: readerRole }, silent: true })],
  };
}
