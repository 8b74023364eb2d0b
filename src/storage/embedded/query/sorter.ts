import { storeError } from '../errors.ts';

/** MongoDB's limit on what a sort may hold in memory. */
const MEMORY_LIMIT = 100 * 1024 * 1024;
/** Sorted in runs of this size, about a millisecond each, so that other clients get their turn. */
const RUN_LENGTH = 1000;

/** A stable sort of items by keys that compare as bytes. */
export interface Sorter<T> {
  /** Throws 292 when the items held grow beyond 100 MB. */
  add(key: Uint8Array, item: T, bytes: number): void;
  /** To be called once, when all are added: the first `limit` in order, merged from the runs as they are asked for. */
  sorted(): Generator<T, void>;
}

interface Held<T> {
  readonly key: Uint8Array;
  readonly item: T;
  readonly bytes: number;
  /** Place in the input, which decides between equal keys. */
  readonly order: number;
}

function compareHeld(a: Held<unknown>, b: Held<unknown>): number {
  return Buffer.compare(a.key, b.key) || a.order - b.order;
}

/** With a small `limit` only so many items are held. */
export function createSorter<T>(limit = Number.POSITIVE_INFINITY): Sorter<T> {
  const runs: Held<T>[][] = [];
  let open: Held<T>[] = [];
  let size = 0;
  let order = 0;

  function closeRun(): void {
    if (limit <= RUN_LENGTH) open = [...(runs.pop() ?? []), ...open];
    const run = open.sort(compareHeld).slice(0, limit);
    if (limit <= RUN_LENGTH) size = run.reduce((sum, { bytes }) => sum + bytes, 0);
    runs.push(run);
    open = [];
  }

  return {
    add(key, item, bytes) {
      open.push({ key, item, bytes, order: order++ });
      size += bytes;
      if (open.length >= RUN_LENGTH) closeRun();
      if (size > MEMORY_LIMIT) {
        throw storeError(
          292,
          'Sort exceeded memory limit of 104857600 bytes, but did not opt in to external sorting.',
        );
      }
    },
    *sorted() {
      closeRun();
      const merged = mergeRuns(runs);
      for (let given = 0; given < limit; given++) {
        const next = merged.next();
        if (next.done) return;
        yield next.value;
      }
    },
  };
}

/** The items of sorted runs in order, by a heap of the runs' heads. */
function* mergeRuns<T>(runs: readonly (readonly Held<T>[])[]): Generator<T, void> {
  const heap = runs.filter((run) => run.length > 0).map((run) => ({ run, at: 0, head: run[0]! }));
  const sink = (from: number): void => {
    for (let i = from; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && compareHeld(heap[child]!.head, heap[least]!.head) < 0) least = child;
      }
      if (least === i) return;
      [heap[i], heap[least]] = [heap[least]!, heap[i]!];
      i = least;
    }
  };
  for (let i = heap.length >> 1; i >= 0; i--) sink(i);
  while (heap.length > 0) {
    const first = heap[0]!;
    yield first.head.item;
    first.at++;
    if (first.at < first.run.length) first.head = first.run[first.at]!;
    else {
      const last = heap.pop()!;
      if (heap.length > 0 && last !== first) heap[0] = last;
    }
    sink(0);
  }
}
