import { type Engine, submitWrite } from '../engine.ts';
import { storeError } from '../errors.ts';
import { duplicateKeyError } from '../index/duplicate.ts';
import { indexEntries } from '../index/entries.ts';
import { decodeEntry, type DocumentKey, encodeEntryValue, entryKey } from '../index/keys.ts';
import { learn } from '../index/write.ts';
import { wholeCollection } from '../query/candidate.ts';
import { putIndexes, type WriteContext } from '../write/documents.ts';
import { ensureCollection } from './namespaces.ts';
import { hasSameKeys, isSameIndex } from './index-spec.ts';
import type { CollectionRecord, IndexRecord } from './records.ts';

const CHUNK_MS = 5;

export interface BuildResult {
  readonly before: number;
  readonly after: number;
  readonly createdCollection: boolean;
}

/**
 * Builds the indexes that do not exist yet, all of them or none. Small collections take one
 * transaction; larger ones are read a slice at a time while writes go on and keep the new entries
 * right. Throws 85 and 86 on conflicts, 11000 when a unique index meets a duplicate.
 */
export async function buildIndexes(
  engine: Engine,
  database: string,
  name: string,
  specs: readonly IndexRecord[],
): Promise<BuildResult> {
  const namespace = `${database}.${name}`;
  const started = await submitWrite(engine, (context) => startBuild(context, database, name, specs));
  for (const id of started.waitFor) await engine.builds.get(id);
  if (started.ids.length === 0) return started;
  const done = fillIndexes(engine, namespace, started.ids);
  const settled = done.catch(() => undefined);
  for (const id of started.ids) engine.builds.set(id, settled);
  try {
    await done;
  } catch (error) {
    await submitWrite(engine, (context) => removeIndexes(context, namespace, new Set(started.ids)));
    throw error;
  } finally {
    for (const id of started.ids) engine.builds.delete(id);
  }
  return started;
}

function startBuild(
  context: WriteContext,
  database: string,
  name: string,
  specs: readonly IndexRecord[],
): BuildResult & { ids: number[]; waitFor: number[] } {
  const namespace = `${database}.${name}`;
  const createdCollection = !context.catalog.pending.has(namespace);
  const collection = ensureCollection(context, database, name);
  const fresh: IndexRecord[] = [];
  const waitFor: number[] = [];
  for (const spec of specs) {
    const same = findSame([...collection.indexes, ...fresh], spec);
    if (same !== undefined && !same.ready) waitFor.push(same.id);
    if (same !== undefined) continue;
    fresh.push({ ...spec, id: context.catalog.nextId(context.writer) });
  }
  if (collection.indexes.length + fresh.length > 64)
    throw storeError(67, 'add index fails, too many indexes');
  if (fresh.length > 0)
    context.catalog.put(context.writer, { ...collection, indexes: [...collection.indexes, ...fresh] });
  const before = collection.indexes.length;
  return { before, after: before + fresh.length, createdCollection, ids: fresh.map(({ id }) => id), waitFor };
}

/** The index that makes the spec needless; throws when one stands in its way. */
function findSame(indexes: readonly IndexRecord[], spec: IndexRecord): IndexRecord | undefined {
  for (const index of indexes) {
    if (index.id === 0 && spec.name === '_id_') return index;
    if (index.name === spec.name) {
      if (isSameIndex(index, spec)) return index;
      const code = samePlace(index, spec) && hasSameKeys(index, spec) ? 85 : 86;
      throw storeError(
        code,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Index: ${spec.name}`,
      );
    }
    if (isSameIndex(index, spec)) {
      throw storeError(85, `Index already exists with a different name: ${index.name}`);
    }
    if (hasSameKeys(index, spec) && samePlace(index, spec)) {
      throw storeError(
        85,
        `An equivalent index already exists with the same name but different options: ${index.name}`,
      );
    }
  }
  return undefined;
}

/** MongoDB lets two indexes share their keys when unique, sparse or the partial filter differ. */
function samePlace(a: IndexRecord, b: IndexRecord): boolean {
  return isSameIndex({ ...a, expireAfterSeconds: undefined }, { ...b, expireAfterSeconds: undefined });
}

/** Goes through the documents in `_id` order; the last slice makes the indexes ready. */
async function fillIndexes(engine: Engine, namespace: string, ids: readonly number[]): Promise<void> {
  let last: Uint8Array | undefined;
  for (;;) {
    const from = last;
    const next = await submitWrite(engine, (context) => fillSlice(context, namespace, ids, from));
    if (next === undefined) return;
    last = next;
  }
}

function fillSlice(
  context: WriteContext,
  namespace: string,
  ids: readonly number[],
  from: Uint8Array | undefined,
): Uint8Array | undefined {
  const collection = context.catalog.pending.get(namespace);
  if (collection === undefined) throw storeError(276, 'index build aborted: collection dropped');
  let building = collection.indexes.filter((index) => ids.includes(index.id));
  if (building.length < ids.length) throw storeError(276, 'index build aborted: index dropped');
  const slice = readSlice(context, collection, from);
  for (const { documentKey, document } of slice.documents) {
    building = building.map((index) => fillOne(context, collection, index, documentKey, document));
  }
  putIndexes(
    context,
    collection,
    slice.isLast ? building.map((index) => ({ ...index, ready: true })) : building,
  );
  return slice.isLast ? undefined : slice.lastKey;
}

function readSlice(context: WriteContext, collection: CollectionRecord, from: Uint8Array | undefined) {
  const started = performance.now();
  const whole = wholeCollection(collection);
  const stretch = from === undefined ? whole : { ...whole, from, fromExclusive: true };
  const documents: { documentKey: DocumentKey; document: Uint8Array }[] = [];
  let lastKey: Uint8Array | undefined;
  for (const { key, value } of context.writer.range('documents', stretch)) {
    documents.push({ documentKey: key.subarray(4), document: value });
    lastKey = key;
    if (documents.length % 16 === 0 && performance.now() - started > CHUNK_MS / 4) {
      return { documents, lastKey, isLast: false };
    }
  }
  return { documents, lastKey, isLast: true };
}

function fillOne(
  context: WriteContext,
  collection: CollectionRecord,
  index: IndexRecord,
  documentKey: DocumentKey,
  document: Uint8Array,
): IndexRecord {
  const entries = indexEntries(document, index);
  entries.keys.forEach((components, i) => {
    const key = entryKey(index.id, components, documentKey, index.unique);
    const holder = index.unique ? context.writer.get('entries', key) : undefined;
    if (
      holder !== undefined &&
      Buffer.compare(decodeEntry(key, holder, true).documentKey, documentKey) !== 0
    ) {
      throw duplicateKeyError(collection.namespace, index, document);
    }
    context.writer.put('entries', key, encodeEntryValue(documentKey, index.unique, entries.points[i]));
  });
  return learn(index, entries) ?? index;
}

/** Takes indexes out of the catalog; their entries are removed in the background. */
export function removeIndexes(context: WriteContext, namespace: string, ids: ReadonlySet<number>): void {
  const collection = context.catalog.pending.get(namespace);
  if (collection === undefined) return;
  for (const { id } of collection.indexes)
    if (ids.has(id)) context.catalog.addGarbage(context.writer, 'entries', id);
  context.catalog.put(context.writer, {
    ...collection,
    indexes: collection.indexes.filter(({ id }) => !ids.has(id)),
  });
}

/** Builds that a crash cut short were never acknowledged: they are taken away at the next start. */
export function dropUnfinishedBuilds(context: WriteContext): number {
  let dropped = 0;
  for (const collection of context.catalog.pending.values()) {
    const unfinished = collection.indexes.filter(({ ready }) => !ready).map(({ id }) => id);
    if (unfinished.length > 0) removeIndexes(context, collection.namespace, new Set(unfinished));
    dropped += unfinished.length;
  }
  return dropped;
}
