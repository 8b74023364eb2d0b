import type { CommunityHours } from './community-types.ts';

/**
 * Wall clock of a community: everything that asks "what time is it there". Pure; instants are Dates, minutes are
 * whole minutes of the local day (0..1439) or week (from Monday 00:00, 0..10079). Time zones come from Intl.
 */
export interface LocalTime {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** 0 = Monday. */
  readonly day: number;
  readonly minute: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How far the clock looks for an open hour: beyond two months of closed days it gives up. */
const DAYS_AHEAD = 62;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The last minute looked at, by zone: a page of the board asks for the same one again and again. */
const lastMinutes = new Map<string, { readonly minute: number; readonly time: LocalTime }>();

/** Throws RangeError for a name that is no time zone. */
export function localTime(timeZone: string, at: Date): LocalTime {
  const minute = Math.floor(at.getTime() / MINUTE_MS);
  const last = lastMinutes.get(timeZone);
  if (last?.minute === minute) return last.time;
  const time = readLocalTime(timeZone, at);
  lastMinutes.set(timeZone, { minute, time });
  return time;
}

function readLocalTime(timeZone: string, at: Date): LocalTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const date = `${parts.get('year') ?? ''}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`;
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return { date, day: dayOfWeek(date), minute };
}

export function weekMinuteOf(community: Pick<CommunityHours, 'timeZone'>, at: Date): number {
  const { day, minute } = localTime(community.timeZone, at);
  return day * 1_440 + minute;
}

export function minuteOfDay(community: Pick<CommunityHours, 'timeZone'>, at: Date): number {
  return localTime(community.timeZone, at).minute;
}

/** The local date as YYYY-MM-DD, for counts of the day. */
export function localDate(community: Pick<CommunityHours, 'timeZone'>, at: Date): string {
  return localTime(community.timeZone, at).date;
}

/**
 * The instant at which the clock of the zone shows this date and minute. `minute` may be 1440 (the end of the day).
 * A time that a spring change skips gives the first instant after the gap; one that comes twice gives the first.
 */
export function instantOfLocal(timeZone: string, date: string, minute: number): Date {
  const wanted = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS;
  const candidates = [wanted - DAY_MS, wanted + DAY_MS]
    .map((around) => wanted - offsetAt(timeZone, around))
    .sort((a, b) => a - b);
  const exact = candidates.find((instant) => instant + offsetAt(timeZone, instant) === wanted);
  if (exact !== undefined) return new Date(exact);
  // In the gap: the later candidate used the offset from before the change.
  return new Date(firstInstantAfterGap(timeZone, candidates[0] ?? wanted, candidates.at(-1) ?? wanted));
}

/** Whether the centre is open: within opening hours, not on a holiday. */
export function isOpen(community: CommunityHours, at: Date): boolean {
  const now = localTime(community.timeZone, at);
  return spansOf(community, now.date).some(({ from, to }) => from <= now.minute && now.minute < to);
}

/** The next instant at which the centre opens, after `at`; null when none comes within two months. */
export function nextOpening(community: CommunityHours, at: Date): Date | null {
  for (const { from } of spansFrom(community, at)) {
    if (from > at.getTime()) return new Date(from);
  }
  return null;
}

/**
 * The instant at which `minutes` of opening time have passed since `from`; a clock that stands still outside opening
 * hours and on holidays. 0 minutes give `from` itself. A centre without any opening hour counts round the clock.
 */
export function addWorkingMinutes(community: CommunityHours, from: Date, minutes: number): Date {
  let leftMs = minutes * MINUTE_MS;
  if (leftMs <= 0) return from;
  for (const span of spansFrom(community, from)) {
    const start = Math.max(span.from, from.getTime());
    const openMs = span.to - start;
    if (openMs <= 0) continue;
    if (leftMs <= openMs) return new Date(start + leftMs);
    leftMs -= openMs;
  }
  return new Date(from.getTime() + minutes * MINUTE_MS);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Opening spans as instants, in order, from the local day of `at` on. */
function* spansFrom(community: CommunityHours, at: Date): Generator<Span> {
  if (community.openingHours.length === 0) return;
  const first = localTime(community.timeZone, at).date;
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead += 1) {
    const date = new Date(Date.parse(`${first}T00:00:00Z`) + ahead * DAY_MS).toISOString().slice(0, 10);
    for (const { from, to } of spansOf(community, date)) {
      yield {
        from: instantOfLocal(community.timeZone, date, from).getTime(),
        to: instantOfLocal(community.timeZone, date, to).getTime(),
      };
    }
  }
}

/** The opening minutes of one local day, in order, overlapping ones joined; none on a holiday. */
function spansOf(community: CommunityHours, date: string): readonly Span[] {
  if (community.holidays.includes(date)) return [];
  const day = dayOfWeek(date);
  const joined: { from: number; to: number }[] = [];
  const spans = community.openingHours.filter((span) => span.day === day).sort((a, b) => a.from - b.from);
  for (const { from, to } of spans) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

function dayOfWeek(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** Milliseconds that the zone's clock is ahead of UTC at this instant. */
function offsetAt(timeZone: string, instant: number): number {
  const { date, minute } = localTime(timeZone, new Date(instant));
  return Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS - Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}

function firstInstantAfterGap(timeZone: string, earliest: number, latest: number): number {
  const after = offsetAt(timeZone, latest + DAY_MS);
  let low = earliest - DAY_MS;
  let high = latest + DAY_MS;
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(timeZone, middle) === after) high = middle;
    else low = middle;
  }
  return high;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}
