import { arcFromChordSquared } from './distance.ts';
import type { BestHelper, FoundHelpers } from './match-types.ts';
import { MatchingInputError } from './matching-error.ts';
import type { NearestList } from './nearest-list.ts';
import type { TopHeap } from './top-heap.ts';

/** An empty list with room for `limit` helpers. */
export function createFoundHelpers(limit: number): FoundHelpers {
  return {
    count: 0,
    helperIds: Array.from({ length: limit }, () => ''),
    metres: new Float64Array(limit),
    scores: new Float64Array(limit),
  };
}

/** Throws MatchingInputError when a list is too short for what is asked. */
export function checkRoom(found: FoundHelpers, limit: number): void {
  if (limit > found.metres.length) {
    throw new MatchingInputError('limit', `at most ${found.metres.length}, the room of the list`);
  }
}

/** Copies a sorted heap. */
export function copyBest(heap: TopHeap, found: FoundHelpers): void {
  found.count = heap.count;
  for (let at = 0; at < heap.count; at += 1) {
    found.helperIds[at] = heap.ids[heap.slots[at]!]!;
    found.metres[at] = heap.metres[at]!;
    found.scores[at] = heap.scores[at]!;
  }
}

/** Copies the nearest with their distances. */
export function copyNearest(near: NearestList, ids: readonly string[], found: FoundHelpers): void {
  found.count = near.count;
  for (let at = 0; at < near.count; at += 1) {
    found.helperIds[at] = ids[near.slots[at]!]!;
    found.metres[at] = arcFromChordSquared(near.squares[at]!);
    found.scores[at] = 0;
  }
}

/** The list as records of its own. */
export function recordsOf(found: FoundHelpers): BestHelper[] {
  const records: BestHelper[] = [];
  for (let at = 0; at < found.count; at += 1) {
    records.push({ helperId: found.helperIds[at]!, metres: found.metres[at]!, score: found.scores[at]! });
  }
  return records;
}
