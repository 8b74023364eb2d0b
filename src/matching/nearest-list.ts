/**
 * The nearest slots seen so far, sorted by squared distance, kept by insertion: for the few dozen that are asked
 * for, moving neighbours up is cheaper than a heap and the list needs no sorting at the end. Reused.
 */
export interface NearestList {
  limit: number;
  count: number;
  squares: Float64Array;
  slots: Int32Array;
  /** Nothing farther than this (squared) is wanted: the reach, or the last entry of a full list. */
  farthest: number;
}

export function createNearestList(): NearestList {
  return { limit: 0, count: 0, squares: new Float64Array(64), slots: new Int32Array(64), farthest: 0 };
}

/** Empties the list for a search; `reachSquared` is inclusive. */
export function clearNearest(list: NearestList, limit: number, reachSquared: number): void {
  list.limit = limit;
  list.count = 0;
  list.farthest = limit === 0 ? -1 : reachSquared;
  if (limit > list.squares.length) {
    list.squares = new Float64Array(limit);
    list.slots = new Int32Array(limit);
  }
}

/** Puts one candidate in when it is near enough; of equals the first seen stays first. */
export function offerNearest(list: NearestList, square: number, slot: number): void {
  if (square > list.farthest) return;
  const { squares, slots } = list;
  let at = list.count;
  if (at === list.limit) {
    if (square === list.farthest) return;
    at -= 1;
  } else {
    list.count = at + 1;
  }
  while (at > 0 && squares[at - 1]! > square) {
    squares[at] = squares[at - 1]!;
    slots[at] = slots[at - 1]!;
    at -= 1;
  }
  squares[at] = square;
  slots[at] = slot;
  if (list.count === list.limit) list.farthest = squares[list.count - 1]!;
}
