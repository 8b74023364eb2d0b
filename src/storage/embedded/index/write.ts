import type { RawDocument } from '../bson/types.ts';
import { getField, identical } from '../bson/walk.ts';
import type { CollectionRecord, IndexRecord } from '../catalog/records.ts';
import type { FilterNode } from '../query/parse.ts';
import type { Writer } from '../kv/view.ts';
import { duplicateKeyError } from './duplicate.ts';
import { type IndexEntries, indexEntries } from './entries.ts';
import { type DocumentKey, decodeEntry, encodeEntryValue, entryKey, isCut } from './keys.ts';

/** One write to the tree of entries, worked out before anything is written. */
interface EntryChange {
  readonly key: Uint8Array;
  /** Undefined: the entry goes. */
  readonly value: Uint8Array | undefined;
}

/** All index writes of one document change, and what the catalog must learn from it. */
export interface IndexChange {
  readonly entries: readonly EntryChange[];
  /** Indexes that met their first array at a path, or their first cut key. */
  readonly learned: readonly IndexRecord[];
}

/**
 * Works out the index entries that change when `before` becomes `after` (undefined: absent) and checks
 * every unique index. Writes nothing. Throws 11000 on the first duplicate.
 */
export function planIndexChange(
  writer: Writer,
  collection: CollectionRecord,
  documentKey: DocumentKey,
  before: RawDocument | undefined,
  after: RawDocument | undefined,
): IndexChange {
  const entries: EntryChange[] = [];
  const learned: IndexRecord[] = [];
  for (const index of collection.indexes) {
    if (index.id === 0) continue;
    if (before !== undefined && after !== undefined && !touches(index, before, after)) continue;
    const old = before === undefined ? undefined : indexEntries(before, index);
    const now = after === undefined ? undefined : indexEntries(after, index);
    const taught = now === undefined ? undefined : learn(index, now);
    if (taught !== undefined) learned.push(taught);
    collectChanges(index, documentKey, old, now, entries, (key) => {
      const holder = index.unique ? writer.get('entries', key) : undefined;
      if (holder === undefined || after === undefined) return;
      const owner = decodeEntry(key, holder, true).documentKey;
      if (Buffer.compare(owner, documentKey) !== 0) {
        throw duplicateKeyError(collection.namespace, index, after);
      }
    });
  }
  return { entries, learned };
}

export function applyIndexChange(writer: Writer, change: IndexChange): void {
  for (const { key, value } of change.entries) {
    if (value === undefined) writer.remove('entries', key);
    else writer.put('entries', key, value);
  }
}

function collectChanges(
  index: IndexRecord,
  documentKey: DocumentKey,
  old: IndexEntries | undefined,
  now: IndexEntries | undefined,
  out: EntryChange[],
  checkUnique: (key: Uint8Array) => void,
): void {
  const keyOf = (components: Uint8Array) => entryKey(index.id, components, documentKey, index.unique);
  const kept = new Set<string>();
  for (const components of now?.keys ?? []) kept.add(latin1(components));
  const had = new Set<string>();
  for (const components of old?.keys ?? []) {
    const name = latin1(components);
    had.add(name);
    if (!kept.has(name)) out.push({ key: keyOf(components), value: undefined });
  }
  now?.keys.forEach((components, i) => {
    // The point may move within one cell, so entries with a point are always written.
    if (had.has(latin1(components)) && now.points[i] === undefined) return;
    const key = keyOf(components);
    checkUnique(key);
    out.push({ key, value: encodeEntryValue(documentKey, index.unique, now.points[i]) });
  });
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The index record with what this document teaches about it, undefined when nothing is new. */
export function learn(index: IndexRecord, entries: IndexEntries): IndexRecord | undefined {
  const newPaths = entries.multikeyPaths.filter((path) => !index.multikeyPaths.includes(path));
  const cuts = !index.hasCutKeys && entries.keys.some(isCut);
  if (newPaths.length === 0 && !cuts) return undefined;
  return {
    ...index,
    multikeyPaths: [...index.multikeyPaths, ...newPaths],
    hasCutKeys: index.hasCutKeys || cuts,
  };
}

const topFieldsOf = new WeakMap<IndexRecord, readonly string[] | 'all'>();

/** False when no top-level field that the index looks at differs between the two documents. */
function touches(index: IndexRecord, before: RawDocument, after: RawDocument): boolean {
  let fields = topFieldsOf.get(index);
  if (fields === undefined) {
    fields = topFields(index);
    topFieldsOf.set(index, fields);
  }
  if (fields === 'all') return true;
  return fields.some((field) => {
    const a = getField(before, field);
    const b = getField(after, field);
    if (a === undefined || b === undefined) return a !== b;
    return !identical(a, b);
  });
}

function topFields(index: IndexRecord): readonly string[] | 'all' {
  const out = new Set<string>(index.keys.map(([path]) => path.split('.')[0]!));
  return index.partial !== undefined && !addPaths(index.partial.root, out) ? 'all' : [...out];
}

/** Adds the top-level fields a filter reads; false when that cannot be told. */
function addPaths(node: FilterNode, out: Set<string>): boolean {
  if ('children' in node) return node.children.every((child) => addPaths(child, out));
  if (node.op === 'always') return true;
  if (node.op === 'expr') return false;
  out.add(node.path.split('.')[0]!);
  return true;
}
