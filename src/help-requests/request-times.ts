import type { Urgency } from '../shared/vocabulary.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Every deadline of a request in milliseconds, unless its name says working minutes. Community defaults. */
export const TIMES = {
  draftReminder: 6 * DAY,
  draftExpires: 7 * DAY,
  returnedReminder: DAY,
  returnedExpires: 3 * DAY,
  rejectedAppeal: 14 * DAY,
  engineStarts: 5 * SECOND,
  /** A search that found nobody looks again while staff have it, for helpers who come on duty. */
  searchAgain: 30 * MINUTE,
  needsPersonWorkingMinutes: 240,
  stillNeededAsap: 2 * DAY,
  stillNeededAgain: DAY,
  /** An "as soon as possible" help starts this long after somebody accepts, unless they say otherwise. */
  asapLead: 20 * MINUTE,
  /** "As soon as possible" reaches this far. */
  asapReach: 4 * HOUR,
  reminderDay: DAY,
  reminderHour: HOUR,
  areYouComing: 15 * MINUTE,
  noShow: 30 * MINUTE,
  taskOverdue: 2 * HOUR,
  lateWithdrawal: 2 * HOUR,
  confirmReminder: DAY,
  closeByTime: 3 * DAY,
  disputeUntil: 7 * DAY,
  thanksUntil: 14 * DAY,
  disputeWorkingMinutes: 2 * 480,
  unmetReview: 7 * DAY,
  reopenUntil: 30 * DAY,
  revealAfterDone: DAY,
} as const;

/** How long staff have for a review: plain minutes for the urgent, working minutes for the rest. */
export const REVIEW_MINUTES: Readonly<
  Record<Urgency, { readonly minutes: number; readonly working: boolean }>
> = {
  critical: { minutes: 10, working: false },
  high: { minutes: 30, working: false },
  normal: { minutes: 240, working: true },
  low: { minutes: 480, working: true },
};

/** The clock as the pure rules see it: now, and the centre's opening hours. */
export interface Clockwork {
  readonly now: Date;
  /** `minutes` of opening time after `from`. */
  workingMinutesAfter(from: Date, minutes: number): Date;
}

/** A moment `ms` after another. */
export function after(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}

/** The earlier of the dates given, null when there is none. */
export function earliest(dates: readonly (Date | null | undefined)[]): Date | null {
  let first: Date | null = null;
  for (const date of dates) {
    if (date && (first === null || date.getTime() < first.getTime())) first = date;
  }
  return first;
}

/** When a review that started at `since` is due; `times` 2 is the moment at which every staff member is told. */
export function reviewDueAt(urgency: Urgency, since: Date, clock: Clockwork, times = 1): Date {
  const { minutes, working } = REVIEW_MINUTES[urgency];
  if (!working) return after(since, times * minutes * MINUTE);
  return clock.workingMinutesAfter(since, times * minutes);
}

/** What the start of a help is proposed from. */
export interface WhenLike {
  readonly asap: boolean;
  readonly windows: readonly { readonly from: Date; readonly to: Date }[];
  readonly minutes: number;
}

/**
 * The start proposed to a helper: the start of the first window that still has room for the whole task, or the
 * first moment in it that is not past; "as soon as possible": after a short lead. Falls back to the latter when
 * every window is over.
 */
export function proposedStart(when: WhenLike, now: Date): Date {
  const soon = after(now, TIMES.asapLead);
  if (when.asap) return soon;
  for (const window of when.windows) {
    const start = Math.max(window.from.getTime(), soon.getTime());
    if (start + when.minutes * MINUTE <= window.to.getTime()) return new Date(start);
  }
  const open = when.windows.find((window) => window.to.getTime() > soon.getTime());
  return open === undefined ? soon : new Date(Math.max(open.from.getTime(), soon.getTime()));
}

/** Whether a helper may start then: inside one of the author's windows, or soon when it is urgent; never in the past. */
export function isStartAllowed(when: WhenLike, startsAt: Date, now: Date): boolean {
  const start = startsAt.getTime();
  if (start < now.getTime() - 5 * MINUTE) return false;
  if (start === proposedStart(when, now).getTime()) return true;
  if (when.asap) return start <= now.getTime() + TIMES.asapReach;
  return when.windows.some((window) => window.from.getTime() <= start && start < window.to.getTime());
}
