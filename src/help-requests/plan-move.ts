import { AppError } from '../errors.ts';
import type { OutboxEvent } from '../domain-events.ts';
import { AUTHOR_MOVES } from './moves-author.ts';
import { CLOCK_MOVES } from './moves-clock.ts';
import { HELPER_MOVES } from './moves-helper.ts';
import { SEARCH_MOVES } from './moves-search.ts';
import { STAFF_MOVES } from './moves-staff.ts';
import type { Change, Effect, MoveContext } from './move-types.ts';
import type { Command, CommandName, CommandOf } from './request-commands.ts';
import { earliest } from './request-times.ts';
import { nextActionOf } from './request-states.ts';
import { timersAfter } from './request-timers.ts';
import { TRANSITIONS } from './request-transitions.ts';
import type { Follow, HelpRequestRecord, TimelineEntry } from './request-types.ts';
import { LIMITS } from '../shared/limits.ts';

type Moves = {
  readonly [N in CommandName]: (
    request: HelpRequestRecord,
    command: CommandOf<N>,
    context: MoveContext,
  ) => Effect;
};

const MOVES: Moves = { ...AUTHOR_MOVES, ...STAFF_MOVES, ...SEARCH_MOVES, ...HELPER_MOVES, ...CLOCK_MOVES };

/**
 * What one command changes on one request: the fields to set, the timeline entries and the outbox event of the
 * single conditional write. Pure; the same request, command and context give the same change. Throws `AppError`
 * `state-changed` when the command does not exist in the present state, and what the move itself refuses
 * (`already-taken`, `not-offered`, `invalid-input`).
 */
export function planMove(request: HelpRequestRecord, command: Command, context: MoveContext): Change {
  if (!TRANSITIONS[command.name].from.includes(request.status)) {
    const comesLate = command.name === 'volunteer' && request.status === 'assigned';
    if (comesLate) throw new AppError('already-taken', 'A neighbour was faster. Thank you!');
    throw new AppError('state-changed', 'This is not possible in the present state of the request.');
  }
  const move = MOVES[command.name] as (
    request: HelpRequestRecord,
    command: Command,
    context: MoveContext,
  ) => Effect;
  return finishMove(request, move(request, command, context), command, context);
}

/** The record as it stands after a change; equal to what the store answers after the same change. */
export function applyChange(request: HelpRequestRecord, change: Change): HelpRequestRecord {
  return {
    ...request,
    ...change.set,
    version: request.version + 1,
    timeline: [...request.timeline, ...change.timeline].slice(-LIMITS.timelineKept),
    outbox: change.event === null ? request.outbox : [...request.outbox, change.event],
  };
}

/** Adds the state, the timers, the next action, the entries and the event to what the move itself changes. */
export function finishMove(
  request: HelpRequestRecord,
  effect: Effect,
  command: Command | null,
  context: MoveContext,
): Change {
  const status = effect.to ?? request.status;
  const moved: HelpRequestRecord = { ...request, ...effect.set, status };
  const fired = command?.name === 'time_passed' ? command.timer : null;
  const timers = timersAfter(request, moved, effect, fired, context);
  const withTimers: HelpRequestRecord = { ...moved, timers };
  const timeline = (effect.timeline ?? []).map(({ type, params = {} }): TimelineEntry => ({
    id: context.newId(),
    at: context.now,
    type,
    actor: context.actorRole,
    actorId: context.actorId,
    params,
  }));
  return {
    set: {
      ...effect.set,
      status,
      timers,
      nextDueAt: earliest(timers.map(({ dueAt }) => dueAt)),
      nextAction: nextActionOf(withTimers, context),
    },
    timeline,
    event: eventOf(
      effect,
      command?.name ?? 'create',
      status !== request.status,
      request.version + 1,
      context,
    ),
  };
}

/** The outbox entry; null when there is nobody to tell, nothing to follow and no state changed. */
function eventOf(
  effect: Effect,
  name: string,
  isNewState: boolean,
  version: number,
  { newId, now }: MoveContext,
): OutboxEvent | null {
  const notices = effect.notices ?? [];
  const follow = wholeFollow(effect.follow ?? {}, version);
  const isEmpty = notices.length === 0 && effect.follow === undefined && !isNewState;
  if (isEmpty && (effect.timeline ?? []).length === 0) return null;
  return { id: newId(), type: `help-request:${name}`, at: now, notices, follow: { ...follow } };
}

/** A follow with every list present. */
export function wholeFollow(part: Partial<Follow>, version: number): Follow {
  return {
    newMatches: part.newMatches ?? [],
    matches: part.matches ?? [],
    assignments: part.assignments ?? [],
    release: part.release ?? [],
    freeTask: part.freeTask ?? [],
    version,
  };
}
