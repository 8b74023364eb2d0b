import type { RawDocument, RawValue } from '../bson/types.ts';
import { elementsOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileSort } from '../query/sort.ts';

/** MongoDB's limit on what a sort may hold in memory. */
const MEMORY_LIMIT = 100 * 1024 * 1024;

type Stream = AsyncIterable<RawDocument>;

/** Documents are sorted in runs of this size, a few milliseconds each, so that other clients get their turn. */
const RUN_LENGTH = 2000;

interface Held {
  readonly key: Uint8Array;
  readonly doc: RawDocument;
  /** Place in the input, which decides between equal keys. */
  readonly order: number;
}

function compareHeld(a: Held, b: Held): number {
  return Buffer.compare(a.key, b.key) || a.order - b.order;
}

/**
 * Compiles `$sort`, stable; with `limit` only so many documents are held. Error 292 over 100 MB.
 * Sorted runs are merged as the documents are asked for.
 */
export function compileSortStage(spec: RawValue, limit = Infinity): (input: Stream) => Stream {
  if (spec.type !== 0x03) throw storeError(15973, 'the $sort key specification must be an object');
  if (elementsOf(spec).length === 0) throw storeError(15976, '$sort stage must have at least one sort key');
  const { sortKey } = compileSort(subdocument(spec));
  return async function* sorted(input) {
    let runs: Held[][] = [];
    let open: Held[] = [];
    let size = 0;
    let order = 0;
    const closeRun = (): void => {
      if (limit <= RUN_LENGTH) open = [...(runs.pop() ?? []), ...open];
      const run = open.sort(compareHeld).slice(0, limit);
      if (limit <= RUN_LENGTH) size = run.reduce((sum, { doc }) => sum + doc.length, 0);
      runs.push(run);
      open = [];
    };
    for await (const doc of input) {
      open.push({ key: sortKey(doc), doc, order: order++ });
      size += doc.length;
      if (open.length >= RUN_LENGTH) closeRun();
      if (size > MEMORY_LIMIT) {
        throw storeError(
          292,
          'Sort exceeded memory limit of 104857600 bytes, but did not opt in to external sorting.',
        );
      }
    }
    closeRun();
    const merged = mergeRuns(runs);
    runs = [];
    for (let given = 0; given < limit; given++) {
      const next = merged.next();
      if (next.done) return;
      yield next.value;
    }
  };
}

/** The documents of sorted runs in order, by a heap of the runs' heads. */
function* mergeRuns(runs: readonly (readonly Held[])[]): Generator<RawDocument, void> {
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
    yield first.head.doc;
    first.at++;
    if (first.at < first.run.length) first.head = first.run[first.at]!;
    else {
      const last = heap.pop()!;
      if (heap.length > 0 && last !== first) heap[0] = last;
    }
    sink(0);
  }
}
