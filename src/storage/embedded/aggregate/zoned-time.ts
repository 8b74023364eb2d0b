import { storeError } from '../errors.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    try {
      formatter = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      throw storeError(40485, `unrecognized time zone identifier: "${zone}"`);
    }
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Milliseconds a zone (an IANA name or an offset such as +08:00) is ahead of UTC at a moment. */
function offsetAt(time: number, zone: string): number {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0;
  const fixed = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000;
  const parts: Record<string, string> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(time)) parts[type] = value;
  const year = parts['era']!.startsWith('B') ? 1 - Number(parts['year']) : Number(parts['year']);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']));
  local.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']));
  return local.getTime() - Math.floor(time / 1000) * 1000;
}

/** A moment as a Date whose UTC fields are the zone's local calendar. Error 40485 on an unknown zone. */
export function localTime(time: number, zone: string): Date {
  return new Date(time + offsetAt(time, zone));
}

/** ISO 8601 week and its year, of a Date from `localTime`. */
export function isoWeekOf(local: Date): { year: number; week: number } {
  const weekday = local.getUTCDay() || 7;
  const thursday = new Date(local.getTime() + (4 - weekday) * 86_400_000);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 604_800_000) + 1 };
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60), 2)}${padded(size % 60, 2)}`;
}

/** MongoDB's date format: %Y %m %d %H %M %S %L %j %u %w %U %V %G %z %Z %%; another is error 18536. */
export function formatDate(time: number, zone: string, format: string): string {
  const local = localTime(time, zone);
  const dayOfYear = Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000);
  const minutes = Math.round(offsetAt(time, zone) / 60_000);
  const fields: Record<string, () => string> = {
    Y: () => padded(local.getUTCFullYear(), 4),
    m: () => padded(local.getUTCMonth() + 1, 2),
    d: () => padded(local.getUTCDate(), 2),
    H: () => padded(local.getUTCHours(), 2),
    M: () => padded(local.getUTCMinutes(), 2),
    S: () => padded(local.getUTCSeconds(), 2),
    L: () => padded(local.getUTCMilliseconds(), 3),
    j: () => padded(dayOfYear + 1, 3),
    u: () => String(local.getUTCDay() || 7),
    w: () => String(local.getUTCDay() + 1),
    U: () => padded(Math.floor((dayOfYear + 7 - local.getUTCDay()) / 7), 2),
    V: () => padded(isoWeekOf(local).week, 2),
    G: () => padded(isoWeekOf(local).year, 4),
    z: () => offsetText(minutes),
    Z: () => String(minutes),
    '%': () => '%',
  };
  return format.replace(/%([\s\S]?)/g, (_, letter: string) => {
    const field = Object.hasOwn(fields, letter) ? fields[letter] : undefined;
    if (!field) throw storeError(18536, `Invalid format character '%${letter}' in format string`);
    return field();
  });
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function truncateLocal(local: Date, unit: string, startOfWeek: string): number {
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()];
  switch (unit) {
    case 'year':
      return Date.UTC(year, 0, 1);
    case 'quarter':
      return Date.UTC(year, month - (month % 3), 1);
    case 'month':
      return Date.UTC(year, month, 1);
    case 'week': {
      const first = WEEKDAYS.indexOf(startOfWeek.slice(0, 3).toLowerCase());
      if (first < 0) throw storeError(5439015, '$dateTrunc: unrecognized startOfWeek');
      return Date.UTC(year, month, local.getUTCDate() - ((local.getUTCDay() - first + 7) % 7));
    }
    case 'day':
      return Date.UTC(year, month, local.getUTCDate());
    default: {
      const size = { hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 }[unit];
      if (size === undefined) throw storeError(9, `unknown time unit value: ${unit}`);
      return Math.floor(local.getTime() / size) * size;
    }
  }
}

/** The start of the year, quarter, month, week, day, hour, ... a moment lies in, in a zone's calendar. */
export function startOfUnit(time: number, unit: string, zone: string, startOfWeek: string): number {
  const local = truncateLocal(localTime(time, zone), unit, startOfWeek);
  // The offset at the start can differ from the one at the moment (summer time): one more look settles it.
  const guess = local - offsetAt(time, zone);
  return local - offsetAt(guess, zone);
}
