/** Words of the calendar in Uyghur, taken from Node's Intl because browsers have no `ug` and answer in English. */
export interface UyghurDates {
  /** Sunday first, as `Date#getUTCDay` counts. */
  weekdays: string[];
  /** January first. */
  months: string[];
}

/**
 * Reads the weekday and month names of the `ug` locale from the running Node.
 * @throws Error when this Node was built without Uyghur, so that a build never ships English names by silence.
 */
export function readUyghurDates(): UyghurDates {
  if (Intl.DateTimeFormat.supportedLocalesOf('ug').length === 0) {
    throw new Error('This Node has no Uyghur locale; build with one that carries full ICU.');
  }
  const weekday = new Intl.DateTimeFormat('ug', { weekday: 'long', timeZone: 'UTC' });
  const month = new Intl.DateTimeFormat('ug', { month: 'long', timeZone: 'UTC' });
  // 4 January 1970 was a Sunday.
  const weekdays = Array.from({ length: 7 }, (_, day) => weekday.format(Date.UTC(1970, 0, 4 + day)));
  const months = Array.from({ length: 12 }, (_, index) => month.format(Date.UTC(1970, index, 15)));
  return { weekdays, months };
}
