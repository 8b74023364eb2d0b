import type { CollectionRecord } from '../catalog/records.ts';
import type { Reader, Stretch } from '../kv/view.ts';
import { type DocumentKey, documentKeyOfEntry, placeKey } from '../index/keys.ts';
import { type Candidate, type Examined, keyName, stretchOf, wholeCollection } from './candidate.ts';
import { nearCandidates } from './near.ts';
import type { IndexPlan, Plan } from './plan.ts';

/**
 * The candidates of a plan, in the plan's order, each document once. `undefined` is a sign of life
 * between two candidates, so that the caller can give way to others.
 */
export function findCandidates(
  reader: Reader,
  collection: CollectionRecord,
  plan: Plan,
  examined: Examined,
): Iterable<Candidate | undefined> {
  switch (plan.kind) {
    case 'empty':
      return [];
    case 'scan':
      return scanDocuments(reader, wholeCollection(collection, plan.reverse), examined);
    case 'index': {
      const found = indexCandidates(reader, collection, plan, examined);
      return plan.mayRepeat ? distinct(found) : found;
    }
    case 'union':
      return distinct(unionCandidates(reader, collection, plan.branches, examined));
    default:
      return nearCandidates(reader, collection, plan, examined);
  }
}

function* scanDocuments(reader: Reader, stretch: Stretch, examined: Examined): Generator<Candidate> {
  for (const { key, value } of reader.range('documents', stretch)) {
    examined.documents++;
    yield { documentKey: key.subarray(4), document: value };
  }
}

function* unionCandidates(
  reader: Reader,
  collection: CollectionRecord,
  branches: readonly IndexPlan[],
  examined: Examined,
): Generator<Candidate | undefined> {
  for (const branch of branches) yield* indexCandidates(reader, collection, branch, examined);
}

function* distinct(candidates: Iterable<Candidate | undefined>): Generator<Candidate | undefined> {
  const seen = new Set<string>();
  for (const candidate of candidates) {
    if (candidate !== undefined) {
      const name = keyName(candidate.documentKey);
      if (seen.has(name)) continue;
      seen.add(name);
    }
    yield candidate;
  }
}

function indexCandidates(
  reader: Reader,
  collection: CollectionRecord,
  plan: IndexPlan,
  examined: Examined,
): Iterable<Candidate | undefined> {
  if (plan.index.id === 0) return byDocumentKey(reader, collection, plan, examined);
  return plan.merge
    ? mergedCandidates(reader, collection, plan, examined)
    : rangeCandidates(reader, collection, plan, examined);
}

function* rangeCandidates(
  reader: Reader,
  collection: CollectionRecord,
  plan: IndexPlan,
  examined: Examined,
): Generator<Candidate | undefined> {
  const ranges = plan.reverse ? plan.ranges.toReversed() : plan.ranges;
  for (const range of ranges) {
    for (const { key, value } of reader.range('entries', stretchOf(collection, plan, range))) {
      examined.keys++;
      yield fetch(reader, collection, documentKeyOfEntry(key, value, plan.index.unique), examined);
    }
  }
}

function* byDocumentKey(
  reader: Reader,
  collection: CollectionRecord,
  plan: IndexPlan,
  examined: Examined,
): Generator<Candidate | undefined> {
  const ranges = plan.reverse ? plan.ranges.toReversed() : plan.ranges;
  for (const range of ranges) {
    // A point on `_id` is one get, much cheaper than a cursor; cut bounds need the cursor.
    if (range.from.length > 0 && range.fixedBytes === range.from.length && range.from.length < 1800) {
      examined.keys++;
      yield fetch(reader, collection, range.from, examined);
    } else yield* scanDocuments(reader, stretchOf(collection, plan, range), examined);
  }
}

function fetch(
  reader: Reader,
  collection: CollectionRecord,
  documentKey: DocumentKey,
  examined: Examined,
): Candidate | undefined {
  const document = reader.get('documents', placeKey(collection.id, documentKey));
  if (document === undefined) return undefined;
  examined.documents++;
  return { documentKey, document };
}

interface Head {
  readonly rest: Uint8Array;
  readonly documentKey: DocumentKey;
  readonly stream: Iterator<{ key: Uint8Array; value: Uint8Array }>;
  readonly fixedBytes: number;
}

/** Reads all ranges at once and always takes the entry that is next by what follows the fixed components. */
function* mergedCandidates(
  reader: Reader,
  collection: CollectionRecord,
  plan: IndexPlan,
  examined: Examined,
): Generator<Candidate | undefined> {
  const heads: Head[] = [];
  const advance = (stream: Head['stream'], fixedBytes: number): Head | undefined => {
    const { done, value } = stream.next();
    if (done) return undefined;
    examined.keys++;
    const documentKey = documentKeyOfEntry(value.key, value.value, plan.index.unique);
    return { rest: value.key.subarray(4 + fixedBytes), documentKey, stream, fixedBytes };
  };
  const sign = plan.reverse ? -1 : 1;
  const isBefore = (a: Head, b: Head) => sign * Buffer.compare(a.rest, b.rest) < 0;
  try {
    for (const range of plan.ranges) {
      const stream = reader.range('entries', stretchOf(collection, plan, range));
      const head = advance(stream, range.fixedBytes);
      if (head !== undefined) pushHead(heads, head, isBefore);
    }
    while (heads.length > 0) {
      const head = heads[0]!;
      yield fetch(reader, collection, head.documentKey, examined);
      const next = advance(head.stream, head.fixedBytes);
      if (next === undefined) {
        const last = heads.pop()!;
        if (heads.length > 0) siftDown(heads, last, isBefore);
      } else siftDown(heads, next, isBefore);
    }
  } finally {
    for (const head of heads) head.stream.return?.();
  }
}

function pushHead<T>(heap: T[], item: T, isBefore: (a: T, b: T) => boolean): void {
  heap.push(item);
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(item, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

function siftDown<T>(heap: T[], item: T, isBefore: (a: T, b: T) => boolean): void {
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, item)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}
