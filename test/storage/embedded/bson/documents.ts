import {
  Binary,
  BSONRegExp,
  Decimal128,
  deserialize,
  Double,
  EJSON,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';
import * as fc from 'fast-check';
import type { RawDocument, RawValue } from '../../../../src/storage/embedded/bson/types.ts';
import { getField } from '../../../../src/storage/embedded/bson/walk.ts';
import { StoreError } from '../../../../src/storage/embedded/errors.ts';

/** A document as bytes. Plain whole numbers become Int32, others Double; `undefined` becomes null unless kept. */
export function raw(document: Record<string, unknown>): RawDocument {
  return serialize(document, { ignoreUndefined: true });
}

/** A document as plain values. */
export function plain(document: RawDocument): Record<string, unknown> {
  return deserialize(document);
}

/** A document as canonical extended JSON: shows the BSON type of every number and the order of fields. */
export function shown(document: RawDocument): string {
  return EJSON.stringify(deserialize(document, { promoteValues: false }), { relaxed: false });
}

/** A value inside a document of its own. */
export function value(content: unknown): RawValue {
  return getField(raw({ v: content }), 'v')!;
}

/** The code of the StoreError a call throws; anything else is thrown on. */
export function codeOf(call: () => unknown): number {
  try {
    call();
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const longs = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: -5n, max: 5n }),
);

const decimals = fc.oneof(
  fc
    .tuple(
      fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }),
      fc.integer({ min: -6176, max: 6111 }),
    )
    .map(([coefficient, exponent]) => `${coefficient}E${exponent}`),
  fc
    .tuple(longs, fc.integer({ min: -3, max: 3 }))
    .map(([coefficient, exponent]) => `${coefficient}E${exponent}`),
  fc
    .tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -345, max: -300 }))
    .map(([c, e]) => `${c}E${e}`),
  fc.constantFrom(
    'NaN',
    'Infinity',
    '-Infinity',
    '0',
    '-0',
    '0.1',
    '0.5',
    '1E400',
    '-1E-400',
    '9007199254740993',
  ),
);

/** Numbers of all four BSON types, many of them equal or close to each other. */
export const numbers: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((n) => new Int32(n)),
  fc.integer({ min: -3, max: 3 }).map((n) => new Int32(n)),
  fc.double().map((n) => new Double(n)),
  fc
    .constantFrom(NaN, -0, 0, Infinity, -Infinity, 0.5, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 5e-324)
    .map((n) => new Double(n)),
  fc.integer({ min: -3, max: 3 }).map((n) => new Double(n)),
  longs.map((n) => Long.fromBigInt(n)),
  decimals.map((text) => Decimal128.fromString(text)),
);

const texts = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('\0', '\u0001', '\u0002', 'a', 'é', '邻', '\u{1F600}'), maxLength: 4 }),
);

const scalars: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: numbers },
  { weight: 3, arbitrary: texts },
  fc.constantFrom<unknown>(null, true, false, new MinKey(), new MaxKey()),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.date({ noInvalidDate: true }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => new Timestamp(n)),
  fc
    .tuple(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(0, 5, 128))
    .map(([bytes, kind]) => new Binary(bytes, kind)),
  fc
    .constantFrom('', 'i', 'im')
    .chain((options) => fc.constantFrom('a', 'ab', '^x').map((pattern) => new BSONRegExp(pattern, options))),
);

const names = fc.constantFrom('a', 'b', 'ab', 'é', '');

/** Values of every BSON class, nested up to three levels. */
export const values: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'nesting' },
    { weight: 6, arbitrary: scalars },
    { weight: 1, arbitrary: fc.array(tie('any'), { maxLength: 3, depthIdentifier: 'nesting' }) },
    { weight: 1, arbitrary: fc.dictionary(names, tie('any'), { maxKeys: 3, depthIdentifier: 'nesting' }) },
  ),
})).any;
