/** Calendar arithmetic in an IANA zone, without a clock of its own. */
export interface ZonedTime {
  year: number;
  /** 1 = January. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  /** 0 = Sunday. */
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/**
 * The wall clock of a zone at an instant.
 * @throws RangeError for an unknown zone or an invalid instant.
 */
export function zonedTime(atMs: number, timeZone: string): ZonedTime {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
  return { year, month, day, hour, minute, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/** Whole days from the calendar day of `fromMs` to that of `toMs`, both in the zone; negative for the past. */
export function calendarDaysBetween(fromMs: number, toMs: number, timeZone: string): number {
  return dayNumber(zonedTime(toMs, timeZone)) - dayNumber(zonedTime(fromMs, timeZone));
}

function dayNumber({ year, month, day }: ZonedTime): number {
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

/**
 * The instant (ms) at which the zone's wall clock shows `minuteOfDay` on the day that is `dayOffset` days after
 * the calendar day of `nowMs`. A wall time that a clock change skips is answered with the instant after the gap.
 */
export function instantOf(nowMs: number, dayOffset: number, minuteOfDay: number, timeZone: string): number {
  const today = zonedTime(nowMs, timeZone);
  const wanted = Date.UTC(today.year, today.month - 1, today.day + dayOffset, 0, minuteOfDay);
  let guess = wanted;
  for (let round = 0; round < 3; round += 1) {
    const seen = zonedTime(guess, timeZone);
    const shown = Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute);
    if (shown === wanted) return guess;
    guess += wanted - shown;
  }
  return guess;
}
