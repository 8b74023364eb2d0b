import { deserialize, Double, Int32, Long, ObjectId } from 'bson';
import { BSON, type RawDocument, type RawValue } from '../bson/types.ts';
import { elements, getField, subdocument } from '../bson/walk.ts';
import type { IndexRecord } from '../catalog/records.ts';
import { type StoreError, storeError } from '../errors.ts';

/**
 * MongoDB's error 11000, with keyPattern and keyValue. The value shown is that of the document, by its
 * paths; drivers and Mongoose read keyPattern and keyValue, people read the message.
 */
export function duplicateKeyError(namespace: string, index: IndexRecord, doc: RawDocument): StoreError {
  const keyPattern: Record<string, unknown> = {};
  const keyValue: Record<string, unknown> = {};
  for (const [path, kind] of index.keys) {
    keyPattern[path] = kind;
    keyValue[path] = plainAt(doc, path) ?? null;
  }
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${showValue(value)}`);
  const message = `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: { ${shown.join(', ')} }`;
  return storeError(11000, message, { keyPattern, keyValue });
}

function plainAt(doc: RawDocument, path: string): unknown {
  let raw: RawDocument = doc;
  const segments = path.split('.');
  for (let i = 0; i < segments.length; i++) {
    const value = getField(raw, segments[i]!);
    if (value === undefined) return undefined;
    if (i === segments.length - 1) return plainValue(value);
    if (value.type === BSON.array) return plainInArray(value, segments.slice(i + 1));
    if (value.type !== BSON.object) return undefined;
    raw = subdocument(value);
  }
  return undefined;
}

function plainInArray(array: RawValue, rest: readonly string[]): unknown {
  for (const { value } of elements(subdocument(array))) {
    if (value.type !== BSON.object) continue;
    const found = plainAt(subdocument(value), rest.join('.'));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One value as a plain JavaScript value, keeping BSON's number types for the reply. */
export function plainValue(value: RawValue): unknown {
  const size = value.end - value.start + 8;
  const doc = Buffer.alloc(size);
  doc.writeInt32LE(size, 0);
  doc[4] = value.type;
  doc[5] = 0x76;
  doc.set(value.bytes.subarray(value.start, value.end), 7);
  return (deserialize(doc, { promoteValues: false, promoteBuffers: false }) as { v: unknown }).v;
}

function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || value === undefined) return 'null';
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Int32 || value instanceof Double || value instanceof Long) return value.toString();
  return JSON.stringify(value);
}
