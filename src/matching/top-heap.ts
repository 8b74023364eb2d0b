/**
 * The best `limit` slots seen so far, the worst of them at the root (a binary heap in typed arrays, reused
 * between queries: nothing is allocated per candidate). Higher score first, then smaller tie, then the
 * helper id, so the order is total and a run replays.
 */
export interface TopHeap {
  limit: number;
  count: number;
  scores: Float64Array;
  ties: Float64Array;
  slots: Int32Array;
  metres: Float64Array;
  /** A score below this can no longer enter; −Infinity while there is room. */
  threshold: number;
  readonly ids: readonly string[];
}

export function createTopHeap(ids: readonly string[]): TopHeap {
  return {
    limit: 0,
    count: 0,
    scores: new Float64Array(64),
    ties: new Float64Array(64),
    slots: new Int32Array(64),
    metres: new Float64Array(64),
    threshold: -Infinity,
    ids,
  };
}

/** Empties the heap for a query that wants the best `limit`. */
export function resetHeap(heap: TopHeap, limit: number): void {
  heap.limit = limit;
  heap.count = 0;
  heap.threshold = limit === 0 ? Infinity : -Infinity;
}

/** Offers one candidate; keeps it when it is among the best so far. O(log limit). */
export function offerToHeap(heap: TopHeap, score: number, tie: number, slot: number, metres: number): void {
  if (heap.count < heap.limit) {
    if (heap.count === heap.scores.length) growHeap(heap);
    let at = heap.count;
    heap.count += 1;
    write(heap, at, score, tie, slot, metres);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isWorse(heap, at, parent)) break;
      exchange(heap, at, parent);
      at = parent;
    }
  } else {
    if (heap.limit === 0 || !isBetterThanRoot(heap, score, tie, slot)) return;
    write(heap, 0, score, tie, slot, metres);
    sink(heap, 0, heap.count);
  }
  if (heap.count === heap.limit) heap.threshold = heap.scores[0]!;
}

/** Sorts the heap in place, best first; it is no heap afterwards. */
export function sortHeap(heap: TopHeap): void {
  for (let end = heap.count - 1; end > 0; end -= 1) {
    exchange(heap, 0, end);
    sink(heap, 0, end);
  }
}

function isBetterThanRoot(heap: TopHeap, score: number, tie: number, slot: number): boolean {
  if (score !== heap.scores[0]!) return score > heap.scores[0]!;
  if (tie !== heap.ties[0]!) return tie < heap.ties[0]!;
  return heap.ids[slot]! < heap.ids[heap.slots[0]!]!;
}

function isWorse(heap: TopHeap, a: number, b: number): boolean {
  if (heap.scores[a]! !== heap.scores[b]!) return heap.scores[a]! < heap.scores[b]!;
  if (heap.ties[a]! !== heap.ties[b]!) return heap.ties[a]! > heap.ties[b]!;
  return heap.ids[heap.slots[a]!]! > heap.ids[heap.slots[b]!]!;
}

function sink(heap: TopHeap, from: number, end: number): void {
  let at = from;
  for (;;) {
    let worst = 2 * at + 1;
    if (worst >= end) return;
    if (worst + 1 < end && isWorse(heap, worst + 1, worst)) worst += 1;
    if (!isWorse(heap, worst, at)) return;
    exchange(heap, at, worst);
    at = worst;
  }
}

function write(heap: TopHeap, at: number, score: number, tie: number, slot: number, metres: number): void {
  heap.scores[at] = score;
  heap.ties[at] = tie;
  heap.slots[at] = slot;
  heap.metres[at] = metres;
}

function exchange(heap: TopHeap, a: number, b: number): void {
  const score = heap.scores[a]!;
  const tie = heap.ties[a]!;
  const slot = heap.slots[a]!;
  const metres = heap.metres[a]!;
  write(heap, a, heap.scores[b]!, heap.ties[b]!, heap.slots[b]!, heap.metres[b]!);
  write(heap, b, score, tie, slot, metres);
}

function growHeap(heap: TopHeap): void {
  const size = 2 * heap.scores.length;
  const scores = new Float64Array(size);
  scores.set(heap.scores);
  const ties = new Float64Array(size);
  ties.set(heap.ties);
  const slots = new Int32Array(size);
  slots.set(heap.slots);
  const metres = new Float64Array(size);
  metres.set(heap.metres);
  heap.scores = scores;
  heap.ties = ties;
  heap.slots = slots;
  heap.metres = metres;
}
