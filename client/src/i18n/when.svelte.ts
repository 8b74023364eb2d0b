import type { WhenView } from '../../../src/shared/api-types.ts';
import { clock } from '../clock.svelte.ts';
import { i18n, t } from './i18n.svelte.ts';
import { calendarDaysBetween, zonedTime } from './zoned-time.ts';

let zone = $state.raw('Asia/Shanghai');

/** Sets the community's zone, in which every day and hour on the page is told. */
export function useTimeZone(timeZone: string): void {
  zone = timeZone;
}

export function timeZone(): string {
  return zone;
}

/** Hours and minutes, e.g. `16:05`, on the community's clock. */
export function timeWords(at: string | number, inZone: string = zone): string {
  const { hour, minute } = zonedTime(Number(new Date(at)), inZone);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function weekdayName(weekday: number): string {
  if (i18n.language === 'ug') return i18n.uyghurDates?.weekdays[weekday] ?? '';
  const style = i18n.language === 'zh-CN' ? 'short' : 'long';
  // 4 January 1970 was a Sunday.
  return new Intl.DateTimeFormat(i18n.language, { weekday: style, timeZone: 'UTC' }).format(
    Date.UTC(1970, 0, 4 + weekday),
  );
}

function dateName(atMs: number): string {
  const { month, day } = zonedTime(atMs, zone);
  if (i18n.language === 'ug') return `${month}-ئاينىڭ ${day}-كۈنى`;
  return new Intl.DateTimeFormat(i18n.language, { month: 'long', day: 'numeric', timeZone: zone }).format(
    atMs,
  );
}

/** Today, tomorrow, yesterday, the weekday within six days to come, else the date. */
export function dayWords(at: string | number): string {
  const atMs = Number(new Date(at));
  const days = calendarDaysBetween(clock.nowMs, atMs, zone);
  if (days === 0) return t('words.day.today');
  if (days === 1) return t('words.day.tomorrow');
  if (days === -1) return t('words.day.yesterday');
  if (days > 1 && days < 7) return weekdayName(zonedTime(atMs, zone).weekday);
  return dateName(atMs);
}

/** The weekday of a Monday-first number, as opening hours and weekly hours count. */
export function weekdayWords(mondayFirst: number): string {
  return weekdayName((mondayFirst + 1) % 7);
}

/** Day and hour of one instant; the day is left out when it is today. */
export function momentWords(at: string | number): string {
  const days = calendarDaysBetween(clock.nowMs, Number(new Date(at)), zone);
  return days === 0 ? timeWords(at) : t('words.dayAndTime', { day: dayWords(at), time: timeWords(at) });
}

/** The hours of a window: a part of the day by its name, else `16:00–18:00`, which never breaks. */
export function hoursWords(window: { from: string; to: string }): string {
  const from = timeWords(window.from);
  const to = timeWords(window.to);
  if (from === '08:00' && to === '12:00') return t('words.part.morning');
  if (from === '12:00' && to === '18:00') return t('words.part.afternoon');
  if (from === '18:00' && to === '22:00') return t('words.part.evening');
  return `${from}\u2060–\u2060${to}`;
}

/** When help is wanted, as the board says it: a phrase of its own, so it begins with a capital where there are any. */
export function whenWords(when: WhenView): string {
  const words = plainWhenWords(when);
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

function plainWhenWords(when: WhenView): string {
  const first = when.windows[0];
  if (when.asap || !first) return t('words.asap');
  const said = t('words.dayAndTime', { day: dayWords(first.from), time: hoursWords(first) });
  const more = when.windows.length - 1;
  return more > 0 ? t('words.orOtherTimes', { when: said, n: more }) : said;
}

/** How long ago, in the coarsest unit that fits; under a minute is "just now". */
export function agoWords(at: string): string {
  const minutes = Math.floor((clock.nowMs - Number(new Date(at))) / 60_000);
  if (minutes < 1) return t('words.ago.now');
  if (minutes < 60) return t('words.ago.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('words.ago.hours', { n: hours });
  return t('words.ago.days', { n: Math.floor(hours / 24) });
}

/** A length of time ahead in words: minutes under two hours, then hours, then days; never below one minute. */
export function spanWords(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  if (minutes < 120) return t('words.span.minutes', { n: minutes });
  const hours = Math.round(minutes / 60);
  if (hours < 48) return t('words.span.hours', { n: hours });
  return t('words.span.days', { n: Math.round(hours / 24) });
}

/** Metres as people say them: steps of ten below a kilometre, then one decimal. */
export function distanceWords(metres: number): string {
  if (metres < 1000) return t('words.metres', { n: Math.max(10, Math.round(metres / 10) * 10) });
  return t('words.kilometres', { n: Math.round(metres / 100) / 10 });
}
