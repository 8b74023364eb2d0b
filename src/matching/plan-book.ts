import { WEEK_MINUTES } from './eligibility.ts';
import type { WeekSpan } from './match-types.ts';

/** Words of a set of the 168 hours of a week. */
export const HOUR_WORDS = 6;

/**
 * The weeks that helpers plan, each different one once, as two sets of hours side by side: hours that are free as a
 * whole, then hours with some free minute. Many people plan the same week, so this stays in a near cache. A plan
 * that nobody has any more stays in the book.
 */
export interface PlanBook {
  words: Int32Array;
  readonly startOf: Map<string, number>;
}

export function createPlanBook(): PlanBook {
  return { words: new Int32Array(2 * HOUR_WORDS * 16), startOf: new Map() };
}

/** Where the plan begins in the book; written there on first sight. An empty plan is free at any hour. */
export function planStart(book: PlanBook, weekly: readonly WeekSpan[]): number {
  let name = '';
  for (const { from, to } of weekly) name += `${from}-${to} `;
  const known = book.startOf.get(name);
  if (known !== undefined) return known;
  const start = book.startOf.size * 2 * HOUR_WORDS;
  if (start + 2 * HOUR_WORDS > book.words.length) {
    const grown = new Int32Array(2 * book.words.length);
    grown.set(book.words);
    book.words = grown;
  }
  book.startOf.set(name, start);
  writeHours(book.words, start, weekly);
  return start;
}

function writeHours(words: Int32Array, start: number, weekly: readonly WeekSpan[]): void {
  words.fill(weekly.length === 0 ? -1 : 0, start, start + 2 * HOUR_WORDS);
  for (const span of weekly) {
    const first = Math.floor(span.from / 60);
    const last = Math.ceil(Math.min(span.to, WEEK_MINUTES) / 60);
    for (let hour = first; hour < last; hour += 1) {
      const bit = 1 << (hour & 31);
      const word = start + (hour >> 5);
      words[word + HOUR_WORDS]! |= bit;
      const isWhole = span.from <= hour * 60 && span.to >= hour * 60 + 60;
      if (isWhole) words[word]! |= bit;
    }
  }
}
