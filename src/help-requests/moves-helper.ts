import { AppError } from '../errors.ts';
import type { RequestStatus } from '../shared/vocabulary.ts';
import { assignmentOf, closeOffers, placeTaken, statusAfterLeaving, tasksOf } from './move-parts.ts';
import { offerOf } from './moves-search.ts';
import { toAuthor, toHelpers, toStaff, type Effect, type MoveContext } from './move-types.ts';
import type { CommandOf } from './request-commands.ts';
import { hasFreeSlot, liveSlots, openOffers, slotOf, wantsBackup } from './request-facts.ts';
import { waveTimer } from './request-timers.ts';
import { after, isStartAllowed, MINUTE, proposedStart, TIMES } from './request-times.ts';
import type { FormerHelper, HelpRequestRecord, NewMatch, Slot } from './request-types.ts';

type Request = HelpRequestRecord;

/** What helpers do: promise, come, finish, or find that they cannot. */
export const HELPER_MOVES = { accept, volunteer, withdraw, check_in: checkIn, complete, no_show: noShow };

function accept(request: Request, command: CommandOf<'accept'>, context: MoveContext): Effect {
  const { helperId, matchId } = command;
  if (slotOf(request, helperId) !== undefined)
    throw new AppError('state-changed', 'You have accepted already.');
  const offer = request.offers.find((one) => one.matchId === matchId && one.helperId === helperId);
  if (offer === undefined) throw new AppError('not-offered', 'This request was not offered to you.');
  if (offer.state === 'superseded') throw new AppError('already-taken', 'A neighbour was faster. Thank you!');
  if (offer.state !== 'open') throw new AppError('not-offered', 'This offer is closed.');
  return fillSlot(request, command, context);
}

/** A helper who steps forward by themselves: offer and acceptance in one. */
function volunteer(request: Request, command: CommandOf<'volunteer'>, context: MoveContext): Effect {
  const { match, assignmentId, startsAt } = command;
  if (slotOf(request, match.helperId) !== undefined)
    throw new AppError('state-changed', 'You have accepted already.');
  if (!hasFreeSlot(request)) throw new AppError('already-taken', 'A neighbour was faster. Thank you!');
  const earlier = openOffers(request).filter(({ helperId }) => helperId === match.helperId);
  const offered = {
    ...request,
    offers: [...request.offers.filter((offer) => !earlier.includes(offer)), offerOf(match)],
  };
  const effect = fillSlot(
    offered,
    { helperId: match.helperId, matchId: match.matchId, assignmentId, startsAt },
    context,
  );
  const follow = effect.follow ?? {};
  const accepted: NewMatch = { ...match, status: 'accepted' };
  return {
    ...effect,
    follow: {
      ...follow,
      newMatches: [accepted],
      matches: [
        ...(follow.matches ?? []).filter(({ matchId }) => matchId !== match.matchId),
        ...earlier.map(({ matchId, helperId }) => ({
          matchId,
          helperId,
          status: 'superseded' as const,
          at: context.now,
        })),
      ],
      release: [
        ...(follow.release ?? []),
        ...earlier.map(({ helperId, matchId }) => ({ helperId, matchId, liftRest: false })),
      ],
    },
  };
}

function fillSlot(
  request: Request,
  command: { helperId: string; matchId: string; assignmentId: string; startsAt: Date | null },
  { now }: MoveContext,
): Effect {
  const isPrimary = hasFreeSlot(request);
  if (!isPrimary && !wantsBackup(request))
    throw new AppError('already-taken', 'A neighbour was faster. Thank you!');
  const slot = newSlot(request, command, isPrimary ? 'primary' : 'backup', now);
  const filled = {
    ...request,
    slots: [...request.slots, slot],
    taken: request.taken + (isPrimary ? 1 : 0),
    offers: request.offers.map((one) =>
      one.matchId === command.matchId ? { ...one, state: 'accepted' as const } : one,
    ),
  };
  const isFull = !hasFreeSlot(filled);
  const isClosed = isFull && !wantsBackup(filled);
  const rest = closeOffers(filled, 'superseded', now, () => isClosed);
  const to: RequestStatus =
    request.status === 'in_progress' ? 'in_progress' : isFull ? 'assigned' : 'matching';
  return {
    to,
    set: {
      slots: filled.slots,
      taken: filled.taken,
      offers: rest.offers,
      ...(isFull ? { needsPerson: null } : {}),
    },
    timeline: [
      { type: 'helper_accepted', params: { slot: slot.kind, taken: filled.taken, needed: request.needed } },
    ],
    notices: [
      ...(isPrimary
        ? [toAuthor(request, 'helper_found', { params: { taken: filled.taken, needed: request.needed } })]
        : []),
      ...toHelpers(request, [slot.helperId], 'you_are_confirmed', {
        params: { slot: slot.kind },
        link: `/t/${slot.assignmentId}`,
      }),
      ...placeTaken(request, rest.closed),
    ],
    follow: {
      matches: [
        { matchId: slot.matchId, helperId: slot.helperId, status: 'accepted', at: now },
        ...rest.matches,
      ],
      assignments: [assignmentOf(slot)],
      release: rest.release,
    },
  };
}

function newSlot(
  request: Request,
  {
    helperId,
    matchId,
    assignmentId,
    startsAt,
  }: { helperId: string; matchId: string; assignmentId: string; startsAt: Date | null },
  kind: Slot['kind'],
  now: Date,
): Slot {
  if (startsAt !== null && !isStartAllowed(request, startsAt, now)) {
    throw new AppError('invalid-input', 'The start must lie in one of the times asked for.', {
      errors: [
        {
          pointer: '/startsAt',
          code: 'outside-windows',
          detail: 'Choose a start inside the times asked for.',
        },
      ],
    });
  }
  const start = startsAt ?? proposedStart(request, now);
  return {
    assignmentId,
    matchId,
    helperId,
    kind,
    status: 'confirmed',
    acceptedAt: now,
    startsAt: start,
    expectedEnd: after(start, request.minutes * MINUTE),
    checkedInAt: null,
    doneAt: null,
  };
}

/** The helper's own slot in a given state, or the refusal that says why not. */
function ownSlot(request: Request, assignmentId: string, statuses: readonly Slot['status'][]): Slot {
  const slot = request.slots.find((one) => one.assignmentId === assignmentId);
  if (slot === undefined || !statuses.includes(slot.status)) {
    throw new AppError('state-changed', 'This is not possible in the present state of the task.');
  }
  return slot;
}

function withdraw(request: Request, { assignmentId }: CommandOf<'withdraw'>, context: MoveContext): Effect {
  const slot = ownSlot(request, assignmentId, ['confirmed', 'checked_in']);
  const effect = leaveSlot(request, slot, 'withdrawn', context);
  const isLate = slot.status === 'checked_in' || context.now > after(slot.startsAt, -TIMES.lateWithdrawal);
  return {
    ...effect,
    timeline: [{ type: 'helper_withdrew', params: { slot: slot.kind } }],
    notices: [
      ...(effect.notices ?? []),
      ...(isLate && slot.kind === 'primary' ? [toStaff(request, 'late_withdrawal', { urgent: true })] : []),
    ],
  };
}

/** Somebody promised and did not come. The author may say so once the start is past, staff at any time. */
export function noShow(
  request: Request,
  { assignmentId }: { readonly assignmentId: string },
  context: MoveContext,
): Effect {
  const slot = ownSlot(request, assignmentId, ['confirmed']);
  if (context.actorRole === 'author' && context.now < slot.startsAt) {
    throw new AppError('state-changed', 'The agreed time has not come yet.');
  }
  const effect = leaveSlot(request, slot, 'no_show', context);
  return {
    ...effect,
    timeline: [{ type: 'helper_no_show', params: { slot: slot.kind } }],
    notices: [
      ...(effect.notices ?? []),
      toStaff(request, 'start_late', { urgent: true }),
      ...toHelpers(request, [slot.helperId], 'task_cancelled', { params: { reason: 'helper_no_show' } }),
    ],
  };
}

/** Empties a slot: the back-up is promoted, else the search goes on. One of several leaving changes no state. */
function leaveSlot(request: Request, slot: Slot, how: FormerHelper['how'], { now }: MoveContext): Effect {
  const others = request.slots.filter((one) => one !== slot);
  const backup =
    slot.kind === 'primary'
      ? others.find(({ kind, status }) => kind === 'backup' && status === 'confirmed')
      : undefined;
  const promoted = backup === undefined ? undefined : promote(request, backup, now);
  const slots = others.map((one) => (one === backup ? promoted! : one));
  const taken = request.taken - (slot.kind === 'primary' && backup === undefined ? 1 : 0);
  const left: HelpRequestRecord = { ...request, slots, taken };
  const to = statusAfterLeaving(left);
  const searchesAgain = to !== 'awaiting_confirmation' && hasFreeSlot(left);
  return {
    to,
    set: {
      slots,
      taken,
      formerHelpers: [
        ...request.formerHelpers,
        { helperId: slot.helperId, assignmentId: slot.assignmentId, how, at: now },
      ],
      ...(searchesAgain
        ? { searchBase: request.waves.length, wave: openOffers(request).length > 0 ? request.wave : null }
        : {}),
    },
    notices: [
      ...(slot.kind === 'primary' && to !== 'awaiting_confirmation'
        ? [toAuthor(request, 'helper_changed')]
        : []),
      ...(to === 'awaiting_confirmation' ? [toAuthor(request, 'please_confirm')] : []),
      ...(promoted === undefined
        ? []
        : toHelpers(request, [promoted.helperId], 'needed_now', {
            link: `/t/${promoted.assignmentId}`,
            urgent: true,
          })),
    ],
    follow: {
      assignments: [assignmentOf(slot, how), ...(promoted === undefined ? [] : [assignmentOf(promoted)])],
      freeTask: [{ helperId: slot.helperId, assignmentId: slot.assignmentId }],
    },
    ...(searchesAgain ? { waveTimers: [waveTimer('wave_due', now)] } : {}),
  };
}

/** Who stood by is needed now: at the agreed time, or as soon as they can be there. */
function promote(request: Request, backup: Slot, now: Date): Slot {
  const soonest = after(now, TIMES.asapLead);
  const startsAt = backup.startsAt > soonest ? backup.startsAt : soonest;
  return { ...backup, kind: 'primary', startsAt, expectedEnd: after(startsAt, request.minutes * MINUTE) };
}

function checkIn(request: Request, { assignmentId }: CommandOf<'check_in'>, { now }: MoveContext): Effect {
  const slot = ownSlot(request, assignmentId, ['confirmed']);
  if (slot.kind === 'backup')
    throw new AppError('state-changed', 'You stand by: somebody else is on the way.');
  const arrived: Slot = {
    ...slot,
    status: 'checked_in',
    checkedInAt: now,
    expectedEnd: after(now, request.minutes * MINUTE),
  };
  const slots = request.slots.map((one) => (one === slot ? arrived : one));
  // Everybody has come: whoever stood by is free again.
  const allCame =
    slots.every(({ kind, status }) => kind === 'backup' || status !== 'confirmed') && !hasFreeSlot(request);
  const spare = allCame ? slots.filter(({ kind }) => kind === 'backup') : [];
  const spareIds = spare.map(({ helperId }) => helperId);
  const rest = closeOffers(request, 'superseded', now, () => allCame);
  return {
    to: 'in_progress',
    set: { slots: slots.filter((one) => !spare.includes(one)), offers: rest.offers },
    timeline: [{ type: 'helper_arrived' }],
    notices: [
      toAuthor(request, 'helper_arrived'),
      ...toHelpers(request, spareIds, 'task_cancelled', { params: { reason: 'not_needed' } }),
    ],
    follow: {
      assignments: [assignmentOf(arrived), ...spare.map((one) => assignmentOf(one, 'cancelled'))],
      freeTask: tasksOf(spare),
      matches: rest.matches,
      release: rest.release,
    },
  };
}

function complete(request: Request, { assignmentId }: CommandOf<'complete'>, { now }: MoveContext): Effect {
  const slot = ownSlot(request, assignmentId, ['checked_in']);
  const done: Slot = { ...slot, status: 'done', doneAt: now };
  const slots = request.slots.map((one) => (one === slot ? done : one));
  const isLast = liveSlots({ slots }).filter(({ kind }) => kind === 'primary').length === 0;
  const spare = isLast ? slots.filter(({ kind, status }) => kind === 'backup' && status !== 'done') : [];
  const spareIds = spare.map(({ helperId }) => helperId);
  const rest = closeOffers(request, 'superseded', now, () => isLast);
  return {
    to: isLast ? 'awaiting_confirmation' : 'in_progress',
    set: { slots: slots.filter((one) => !spare.includes(one)), offers: rest.offers },
    timeline: [{ type: 'helper_done' }],
    notices: [
      ...(isLast ? [toAuthor(request, 'please_confirm')] : []),
      ...placeTaken(request, rest.closed),
      ...toHelpers(request, spareIds, 'task_cancelled', { params: { reason: 'not_needed' } }),
    ],
    follow: {
      assignments: [assignmentOf(done), ...spare.map((one) => assignmentOf(one, 'cancelled'))],
      freeTask: tasksOf([done, ...spare]),
      matches: rest.matches,
      release: rest.release,
    },
  };
}
