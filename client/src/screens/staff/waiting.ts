/** How pressing a queue item is, for its colour and its word. */
export type Pressure = 'late' | 'soon' | 'calm';

/** The last fifth of the time, and at least two minutes, counts as "nearly out of time". */
const SOON_SHARE = 0.2;
const SOON_AT_LEAST_MS = 2 * 60_000;

/**
 * Late once `dueAt` has passed, soon in the last fifth between `since` and `dueAt` (at least two minutes), else calm.
 * Times are milliseconds.
 */
export function pressureOf(sinceMs: number, dueMs: number, nowMs: number): Pressure {
  if (nowMs >= dueMs) return 'late';
  const soon = Math.max(SOON_AT_LEAST_MS, (dueMs - sinceMs) * SOON_SHARE);
  return dueMs - nowMs <= soon ? 'soon' : 'calm';
}

/** A piece of a text: plain, or pointed out as something private. */
export interface MarkedPiece {
  text: string;
  kind: 'phone' | 'door' | 'id_number' | null;
}

/**
 * Cuts a text at the details that were found in it (UTF-16 offsets, any order; overlaps and offsets outside the
 * text are left out), so that they can be shown marked without any HTML.
 */
export function markDetails(
  text: string,
  details: readonly { kind: 'phone' | 'door' | 'id_number'; start: number; end: number }[],
): MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let at = 0;
  for (const { kind, start, end } of [...details].sort((one, other) => one.start - other.start)) {
    if (start < at || end <= start || end > text.length) continue;
    if (start > at) pieces.push({ text: text.slice(at, start), kind: null });
    pieces.push({ text: text.slice(start, end), kind });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind: null });
  return pieces;
}
