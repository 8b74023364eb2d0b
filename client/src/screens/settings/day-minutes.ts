/** A span of hours on one weekday: day 0 is Monday, minutes of the day, `from` before `to`. */
export interface WeekSpan {
  day: number;
  from: number;
  to: number;
}

const DAY = 24 * 60;

/** `9:05` or `09:05` as minutes of the day; `24:00` is the end of the day. Null when it is no time. */
export function minutesOf(time: string): number | null {
  const found = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(time.trim());
  if (!found) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  return Number(found[2]) < 60 && minutes <= DAY ? minutes : null;
}

/** Minutes of the day as they are read: `09:05`, and `24:00` for the end of the day. */
export function hourWords(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Minutes of the day in the form a time field takes; the end of the day is `23:59` there. */
export function clockOf(minutes: number): string {
  return hourWords(Math.min(minutes, DAY - 1));
}

/** Sorts spans by day and hour and joins those that touch or overlap, so that one free time is one row. */
export function tidySpans(spans: readonly WeekSpan[]): WeekSpan[] {
  const sorted = [...spans].sort((one, other) => one.day - other.day || one.from - other.from);
  const tidy: WeekSpan[] = [];
  for (const span of sorted) {
    const last = tidy.at(-1);
    if (last && last.day === span.day && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else tidy.push({ ...span });
  }
  return tidy;
}

/** Minutes on foot for a distance in metres, at 4.5 km/h and never under one. */
export function walkingMinutes(metres: number): number {
  return Math.max(1, Math.round(metres / 75));
}
