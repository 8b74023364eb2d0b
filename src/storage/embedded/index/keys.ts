import { createHash } from 'node:crypto';
import { BSON, type RawDocument, type RawValue, TYPE_NAMES } from '../bson/types.ts';
import { encodeComponent } from '../bson/key.ts';
import { getField } from '../bson/walk.ts';
import { storeError } from '../errors.ts';

/** LMDB takes keys up to 4026 bytes at this page size; the two parts of an entry must fit together. */
const MAX_ID_BYTES = 1900;
const MAX_COMPONENT_BYTES = 1900;
const HASH_BYTES = 32;

/** Where a document lies within its collection: its encoded `_id`. */
export type DocumentKey = Uint8Array;

/** The 4 bytes before all keys of a collection or index. */
export function idPrefix(id: number): Uint8Array {
  return Uint8Array.of(id >>> 24, (id >>> 16) & 0xff, (id >>> 8) & 0xff, id & 0xff);
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The key of a document by its `_id`. Throws 53 on a type that cannot be an `_id`. */
export function documentKeyOf(id: RawValue): DocumentKey {
  if (id.type === BSON.array || id.type === BSON.regex || id.type === BSON.undefined) {
    throw storeError(53, `The '_id' value cannot be of type ${TYPE_NAMES[id.type]}`);
  }
  return cutKey(encodeComponent(id), MAX_ID_BYTES);
}

export function documentKeyIn(doc: RawDocument): DocumentKey {
  const id = getField(doc, '_id');
  if (id === undefined) throw storeError(1, 'a stored document has no _id');
  return documentKeyOf(id);
}

/** Components as they are stored: a long key is cut and ends in the hash of the whole. */
export function storedComponents(components: Uint8Array): Uint8Array {
  return cutKey(components, MAX_COMPONENT_BYTES);
}

export function isCut(components: Uint8Array): boolean {
  return components.length > MAX_COMPONENT_BYTES;
}

/** A range bound must fall on the safe side of cut keys: only the part that was not cut is compared. */
export function cutBound(bound: Uint8Array): { bytes: Uint8Array; wasCut: boolean } {
  if (bound.length <= MAX_COMPONENT_BYTES - HASH_BYTES) return { bytes: bound, wasCut: false };
  return { bytes: bound.subarray(0, MAX_COMPONENT_BYTES - HASH_BYTES), wasCut: true };
}

function cutKey(key: Uint8Array, limit: number): Uint8Array {
  if (key.length <= limit) return key;
  const hash = createHash('sha256').update(key).digest();
  return joinBytes(key.subarray(0, limit - HASH_BYTES), hash);
}

/** The value of an index entry: length of the document key, the point of a 2dsphere entry, and for unique ones the document key. */
export function encodeEntryValue(
  documentKey: DocumentKey,
  isUnique: boolean,
  point: readonly [number, number] | undefined,
): Uint8Array {
  const head = point === undefined ? 3 : 19;
  const out = Buffer.allocUnsafe(head + (isUnique ? documentKey.length : 0));
  out.writeUInt16BE(documentKey.length, 0);
  out[2] = point === undefined ? 0 : 1;
  if (point !== undefined) {
    out.writeDoubleBE(point[0], 3);
    out.writeDoubleBE(point[1], 11);
  }
  if (isUnique) out.set(documentKey, head);
  return out;
}

export interface Entry {
  /** The stored components, without index id and document key. */
  readonly components: Uint8Array;
  readonly documentKey: DocumentKey;
  readonly point: readonly [number, number] | undefined;
}

/** Takes an entry apart, as `entryKey` and `encodeEntryValue` made it. */
export function decodeEntry(key: Uint8Array, value: Uint8Array, isUnique: boolean): Entry {
  const length = (value[0]! << 8) | value[1]!;
  const hasPoint = value[2] === 1;
  const end = key.length - length;
  return {
    components: isUnique ? viewOf(key, 4, key.length) : viewOf(key, 4, end),
    documentKey: isUnique ? viewOf(value, hasPoint ? 19 : 3, value.length) : viewOf(key, end, key.length),
    point: hasPoint ? pointIn(value) : undefined,
  };
}

/** The document key alone of an entry: what most reads want of it. */
export function documentKeyOfEntry(key: Uint8Array, value: Uint8Array, isUnique: boolean): DocumentKey {
  if (isUnique) return viewOf(value, value[2] === 1 ? 19 : 3, value.length);
  return viewOf(key, key.length - ((value[0]! << 8) | value[1]!), key.length);
}

/** Plain views are several times cheaper than those of a Buffer. */
function viewOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
}

function pointIn(value: Uint8Array): readonly [number, number] {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return [view.getFloat64(3), view.getFloat64(11)];
}

/** Unique entries leave the document key out, so that the tree itself meets the duplicate. */
export function entryKey(
  indexId: number,
  components: Uint8Array,
  documentKey: DocumentKey,
  isUnique: boolean,
): Uint8Array {
  const stored = storedComponents(components);
  return isUnique ? joinBytes(idPrefix(indexId), stored) : joinBytes(idPrefix(indexId), stored, documentKey);
}

/** The key of a document in its tree. */
export function placeKey(collectionId: number, documentKey: DocumentKey): Uint8Array {
  const out = new Uint8Array(4 + documentKey.length);
  out[0] = collectionId >>> 24;
  out[1] = collectionId >>> 16;
  out[2] = collectionId >>> 8;
  out[3] = collectionId;
  out.set(documentKey, 4);
  return out;
}
