import { encodeComponent, typeBounds } from '../bson/key.ts';
import { BSON } from '../bson/types.ts';
import { dateValue } from '../bson/build.ts';
import type { CollectionRecord, IndexRecord } from '../catalog/records.ts';
import { type Engine, submitWrite } from '../engine.ts';
import { afterPrefix } from '../kv/view.ts';
import { directedIntervals } from '../query/index-ranges.ts';
import { placeOf, removeDocument, type WriteContext } from '../write/documents.ts';
import { decodeEntry, type DocumentKey, idPrefix, joinBytes } from './keys.ts';

/** One transaction removes at most this many documents, for at most this long. */
const BATCH = 1000;
const CHUNK_MS = 5;

/**
 * Removes the documents of all TTL indexes whose date (the earliest of several) is older than the
 * index allows at `now`. Answers how many went. Fields that are not dates never expire.
 */
export async function removeExpired(engine: Engine, now: Date): Promise<number> {
  let removed = 0;
  for (const collection of engine.catalog.committed.values()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds === undefined || !index.ready) continue;
      removed += await removeExpiredOf(engine, collection, index, now);
    }
  }
  return removed;
}

async function removeExpiredOf(
  engine: Engine,
  collection: CollectionRecord,
  index: IndexRecord,
  now: Date,
): Promise<number> {
  const stretch = expiredStretch(index, now);
  let removed = 0;
  for (;;) {
    const [first] = engine.env.current.range('entries', stretch);
    if (first === undefined) return removed;
    const batch = await submitWrite(engine, (context) =>
      removeBatch(context, collection.namespace, index, stretch),
    );
    if (batch === 0) return removed;
    removed += batch;
  }
}

function expiredStretch(index: IndexRecord, now: Date) {
  const limit = encodeComponent(dateValue(now.getTime() - index.expireAfterSeconds! * 1000));
  const interval = { from: typeBounds(BSON.date).from, to: afterPrefix(limit), isPoint: false };
  const [range] = directedIntervals(index.keys[0]![1], [interval]);
  const prefix = idPrefix(index.id);
  return { from: joinBytes(prefix, range!.from), to: joinBytes(prefix, range!.to) };
}

function removeBatch(
  context: WriteContext,
  namespace: string,
  index: IndexRecord,
  stretch: { from: Uint8Array; to: Uint8Array },
): number {
  const collection = context.catalog.pending.get(namespace);
  if (collection === undefined || !collection.indexes.some(({ id }) => id === index.id)) return 0;
  const keys: DocumentKey[] = [];
  for (const { key, value } of context.writer.range('entries', stretch)) {
    keys.push(decodeEntry(key, value, index.unique).documentKey);
    if (keys.length >= BATCH) break;
  }
  const started = performance.now();
  let removed = 0;
  for (const documentKey of keys) {
    const document = context.writer.get('documents', placeOf(collection, documentKey));
    if (document === undefined) continue;
    removeDocument(context, namespace, documentKey, document);
    removed++;
    if (performance.now() - started > CHUNK_MS) break;
  }
  return removed;
}
