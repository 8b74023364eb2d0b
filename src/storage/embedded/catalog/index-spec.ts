import { Binary, serialize } from 'bson';
import { isNumeric, type RawDocument, type RawValue, BSON } from '../bson/types.ts';
import { elements, stringOf, subdocument } from '../bson/walk.ts';
import { readBoolean, readNumber, readString } from '../command/request.ts';
import { refuseCollation } from '../command/options.ts';
import { storeError } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import type { IndexRecord, KeyKind } from './records.ts';

const IGNORED_OPTIONS = new Set([
  'v',
  'ns',
  'background',
  'bits',
  'min',
  'max',
  '2dsphereIndexVersion',
  'comment',
]);

/** Reads one element of createIndexes. Throws 67, 72, 86, 197 as MongoDB does; `id` is given later. */
export function readIndexSpec(raw: RawDocument): IndexRecord {
  let keys: [string, KeyKind][] | undefined;
  let name: string | undefined;
  const options: Record<string, unknown> = {};
  let partialFilter: RawDocument | undefined;
  for (const { name: option, value } of elements(raw)) {
    if (option === 'key') keys = readKeys(value);
    else if (option === 'name') name = readString(value, 'createIndexes.indexes', 'name');
    else if (option === 'unique' || option === 'sparse') {
      if (readBoolean(value, 'createIndexes.indexes', option)) options[option] = true;
    } else if (option === 'expireAfterSeconds') options[option] = readExpiry(value);
    else if (option === 'partialFilterExpression') partialFilter = readObject(value, option);
    else if (option === 'collation') refuseCollation(readObject(value, option));
    else if (!IGNORED_OPTIONS.has(option)) {
      throw storeError(197, `The field '${option}' is not valid for an index specification`);
    }
  }
  if (keys === undefined)
    throw storeError(9, "The 'key' field is a required property of an index specification");
  if (name === undefined)
    throw storeError(9, "The 'name' field is a required property of an index specification");
  return build(keys, name, options, partialFilter);
}

function build(
  keys: [string, KeyKind][],
  name: string,
  options: Record<string, unknown>,
  partialFilter: RawDocument | undefined,
): IndexRecord {
  const isIdIndex = keys.length === 1 && keys[0]![0] === '_id';
  if (name === '' || name === '*') throw storeError(67, `index name '${name}' is not allowed`);
  if (partialFilter !== undefined && options['sparse'] === true) {
    throw storeError(67, "cannot mix 'partialFilterExpression' and 'sparse' options");
  }
  if (options['expireAfterSeconds'] !== undefined && (keys.length > 1 || isIdIndex)) {
    throw storeError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL.');
  }
  const partial = partialFilter === undefined ? undefined : compileFilter(partialFilter);
  return {
    id: 0,
    name: isIdIndex ? '_id_' : name,
    keys,
    unique: options['unique'] === true,
    sparse: options['sparse'] === true,
    partialFilter,
    partial,
    expireAfterSeconds: options['expireAfterSeconds'] as number | undefined,
    spec: specDocument(keys, isIdIndex ? '_id_' : name, options, partialFilter),
    ready: false,
    multikeyPaths: [],
    hasCutKeys: false,
  };
}

function specDocument(
  keys: [string, KeyKind][],
  name: string,
  options: Record<string, unknown>,
  partialFilter: RawDocument | undefined,
): RawDocument {
  const isGeo = keys.some(([, kind]) => kind === '2dsphere');
  const head = serialize({
    v: 2,
    key: new Map(keys),
    name,
    ...options,
    ...(isGeo ? { '2dsphereIndexVersion': 3 } : {}),
  });
  if (partialFilter === undefined) return head;
  const field = Buffer.from('\x03partialFilterExpression\0', 'latin1');
  const out = Buffer.concat([head.subarray(0, -1), field, partialFilter, Buffer.of(0)]);
  out.writeInt32LE(out.length, 0);
  return out;
}

/** The paths and directions of a key pattern. Throws 67 on what is not built. */
export function readKeys(value: RawValue): [string, KeyKind][] {
  const keys: [string, KeyKind][] = [];
  for (const { name: path, value: kind } of elements(readObject(value, 'key'))) {
    if (path === '' || path.split('.').includes('') || path.startsWith('$')) {
      throw storeError(67, `Index keys cannot contain an empty field or start with '$': '${path}'`);
    }
    if (path.includes('$**')) throw storeError(67, 'wildcard indexes are not supported');
    keys.push([path, readKind(path, kind)]);
  }
  if (keys.length === 0) throw storeError(67, 'Index keys cannot be an empty object');
  if (keys.length > 32) throw storeError(13103, 'Index key pattern has more than 32 fields');
  if (new Set(keys.map(([path]) => path)).size < keys.length)
    throw storeError(67, 'a field is twice in the index key');
  return keys;
}

function readKind(path: string, kind: RawValue): KeyKind {
  if (kind.type === BSON.string) {
    const text = stringOf(kind);
    if (text === '2dsphere') return text;
    throw storeError(67, `index type '${text}' is not supported`);
  }
  const number = isNumeric(kind.type) ? readNumber(kind, 'createIndexes.indexes.key', path) : Number.NaN;
  if (Number.isNaN(number) || number === 0) {
    throw storeError(67, `Values in v:2 index key pattern must be numbers not 0, or '2dsphere': '${path}'`);
  }
  return number > 0 ? 1 : -1;
}

function readExpiry(value: RawValue): number {
  const seconds = readNumber(value, 'createIndexes.indexes', 'expireAfterSeconds');
  if (!Number.isFinite(seconds) || seconds < 0 || seconds > 0x7fffffff) {
    throw storeError(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, got ${seconds}`,
    );
  }
  return Math.trunc(seconds);
}

function readObject(value: RawValue, option: string): RawDocument {
  if (value.type !== BSON.object) throw storeError(14, `The field '${option}' must be an object`);
  return subdocument(value);
}

/** Same keys, and same meaning. */
export function isSameIndex(a: IndexRecord, b: IndexRecord): boolean {
  return (
    hasSameKeys(a, b) &&
    a.unique === b.unique &&
    a.sparse === b.sparse &&
    a.expireAfterSeconds === b.expireAfterSeconds &&
    samePartial(a.partialFilter, b.partialFilter)
  );
}

export function hasSameKeys(a: IndexRecord, b: IndexRecord): boolean {
  return (
    a.keys.length === b.keys.length &&
    a.keys.every(([path, kind], i) => path === b.keys[i]![0] && kind === b.keys[i]![1])
  );
}

export function samePartial(a: RawDocument | undefined, b: RawDocument | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

/** A uuid as it stands in replies. */
export function uuidBinary(uuid: Uint8Array): Binary {
  return new Binary(uuid, Binary.SUBTYPE_UUID);
}
