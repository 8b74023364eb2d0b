import type { Effect } from './move-types.ts';
import { hasFreeSlot, openOffers } from './request-facts.ts';
import { STATES } from './request-states.ts';
import { after, MINUTE, REVIEW_MINUTES, reviewDueAt, TIMES, type Clockwork } from './request-times.ts';
import type { HelpRequestRecord, Slot, Timer, TimerKind } from './request-types.ts';

/**
 * The timers after a move. A timer lives as long as its reason: timers of a state until it is left, of the
 * review until it is done, of a slot until its helper has moved on, of the search while somebody is sought.
 * A timer that fired is gone. Everything else keeps its exact moment.
 */
export function timersAfter(
  before: HelpRequestRecord,
  moved: HelpRequestRecord,
  effect: Effect,
  fired: Timer | null,
  clock: Clockwork,
): readonly Timer[] {
  const kept = before.timers.filter((timer) => fired === null || !isSameTimer(timer, fired));
  const sameState = moved.status === before.status;
  const timers = [
    ...(sameState
      ? kept.filter(({ group }) => group === 'state')
      : STATES[moved.status].timers(moved, clock)),
    ...(effect.stateTimers ?? []),
    ...reviewTimers(before, moved, kept, clock),
    ...searchTimers(moved, effect.waveTimers ?? kept.filter(({ group }) => group === 'wave')),
    ...moved.slots.flatMap((slot) => slotTimersAfter(before, slot, kept, clock)),
  ];
  return timers.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
}

/** Timers are told apart by kind, slot and moment. */
export function isSameTimer(one: Timer, other: Timer): boolean {
  return (
    one.kind === other.kind &&
    one.assignmentId === other.assignmentId &&
    one.dueAt.getTime() === other.dueAt.getTime()
  );
}

function reviewTimers(
  before: HelpRequestRecord,
  moved: HelpRequestRecord,
  kept: readonly Timer[],
  clock: Clockwork,
): readonly Timer[] {
  const { review, urgency } = moved;
  if (review.state !== 'waiting' || review.since === null) return [];
  const isSame =
    before.review.state === 'waiting' && before.review.since?.getTime() === review.since.getTime();
  if (isSame) return kept.filter(({ group }) => group === 'review');
  const timer = (kind: TimerKind, dueAt: Date): Timer => ({
    kind,
    group: 'review',
    dueAt,
    assignmentId: null,
  });
  const late = reviewDueAt(urgency, review.since, clock);
  // Two moments of one review never coincide, even when a holiday swallows the second span.
  const veryLate = reviewDueAt(urgency, review.since, clock, 2);
  const least = after(late, MINUTE * REVIEW_MINUTES.critical.minutes);
  return [
    timer('review_late', late),
    timer('review_very_late', veryLate.getTime() < least.getTime() ? least : veryLate),
  ];
}

/** The search is over when the request is elsewhere, or nobody is wanted and nobody's answer is awaited. */
function searchTimers(moved: HelpRequestRecord, timers: readonly Timer[]): readonly Timer[] {
  const canSearch = ['open', 'matching', 'assigned', 'in_progress'].includes(moved.status);
  if (!canSearch) return [];
  return hasFreeSlot(moved) || openOffers(moved).length > 0 ? timers : [];
}

function slotTimersAfter(
  before: HelpRequestRecord,
  slot: Slot,
  kept: readonly Timer[],
  clock: Clockwork,
): readonly Timer[] {
  const known = before.slots.find(({ assignmentId }) => assignmentId === slot.assignmentId);
  const isSame =
    known?.status === slot.status &&
    known.kind === slot.kind &&
    known.startsAt.getTime() === slot.startsAt.getTime();
  return isSame
    ? kept.filter(({ assignmentId }) => assignmentId === slot.assignmentId)
    : slotTimers(slot, clock);
}

/** Reminders before the start, the question and the no-show after it; at work: when it takes too long. */
function slotTimers(slot: Slot, { now }: Clockwork): readonly Timer[] {
  const timer = (kind: TimerKind, dueAt: Date): Timer => ({
    kind,
    group: 'slot',
    dueAt,
    assignmentId: slot.assignmentId,
  });
  // Who stands by is not expected: their time starts when they are needed.
  if (slot.status === 'done' || slot.kind === 'backup') return [];
  if (slot.status === 'checked_in')
    return [timer('task_overdue', after(slot.expectedEnd, TIMES.taskOverdue))];
  const reminders = [
    timer('reminder_day', after(slot.startsAt, -TIMES.reminderDay)),
    timer('reminder_hour', after(slot.startsAt, -TIMES.reminderHour)),
  ].filter(({ dueAt }) => dueAt.getTime() > now.getTime());
  return [
    ...reminders,
    timer('are_you_coming', after(slot.startsAt, TIMES.areYouComing)),
    timer('no_show', after(slot.startsAt, TIMES.noShow)),
  ];
}

/** Timers that only matter to the search, for moves that start, stop or delay it. */
export function waveTimer(kind: 'wave_due' | 'wave_closes', dueAt: Date): Timer {
  return { kind, group: 'wave', dueAt, assignmentId: null };
}
