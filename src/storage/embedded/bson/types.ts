/** Exactly one whole BSON document, as it travels on the wire and lies on disk. */
export type RawDocument = Uint8Array;

/** One BSON value inside a larger buffer; `start` is the first byte after the element's name. */
export interface RawValue {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A named value of a document or array (array names are their decimal indexes). */
export interface RawElement {
  readonly name: string;
  readonly value: RawValue;
}

/** A test on one value. `type` 0 stands for a missing value; then the other arguments mean nothing. */
export type ValueTest = (type: number, bytes: Uint8Array, start: number, end: number) => boolean;

/** BSON type bytes; `missing` (EOO) never occurs in a document, it stands for "no such field". */
export const BSON = {
  missing: 0x00,
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binData: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  long: 0x12,
  decimal: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;

/** MongoDB's alias of each BSON type, as `$type` and error messages use it. */
export const TYPE_NAMES: Readonly<Record<number, string>> = {
  0x00: 'missing',
  0x01: 'double',
  0x02: 'string',
  0x03: 'object',
  0x04: 'array',
  0x05: 'binData',
  0x06: 'undefined',
  0x07: 'objectId',
  0x08: 'bool',
  0x09: 'date',
  0x0a: 'null',
  0x0b: 'regex',
  0x0c: 'dbPointer',
  0x0d: 'javascript',
  0x0e: 'symbol',
  0x0f: 'javascriptWithScope',
  0x10: 'int',
  0x11: 'timestamp',
  0x12: 'long',
  0x13: 'decimal',
  0x7f: 'maxKey',
  0xff: 'minKey',
};

/** True for Double, Int32, Long and Decimal128. */
export function isNumeric(type: number): boolean {
  return type === 0x01 || type === 0x10 || type === 0x12 || type === 0x13;
}
