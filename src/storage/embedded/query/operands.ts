import { exactAt, wholeNumberOf } from '../bson/number.ts';
import type { RawValue } from '../bson/types.ts';
import { isNumeric, TYPE_NAMES } from '../bson/types.ts';
import { arrayValues, stringOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';

const TYPES_BY_NAME = new Map<string, readonly number[]>(
  Object.entries(TYPE_NAMES)
    .filter(([, name]) => name !== 'missing')
    .map(([type, name]) => [name, [Number(type)]] as const),
);
TYPES_BY_NAME.set('number', [0x01, 0x10, 0x12, 0x13]);

/** The operand of `$type`: a type number (-1 = MinKey), an alias, or an array of them. */
export function parseTypes(value: RawValue): ReadonlySet<number> {
  const types = new Set<number>();
  for (const one of value.type === 0x04 ? arrayValues(value) : [value]) {
    if (one.type === 0x02) {
      const named = TYPES_BY_NAME.get(stringOf(one));
      if (!named) throw storeError(2, `Unknown type name alias: ${stringOf(one)}`);
      for (const type of named) types.add(type);
    } else {
      const code = wholeNumberOf(one);
      const type = code === -1 ? 0xff : code;
      if (type === undefined || type === 0 || TYPE_NAMES[type] === undefined) {
        throw storeError(2, `Invalid numerical type code: ${code ?? TYPE_NAMES[one.type]}`);
      }
      types.add(type);
    }
  }
  if (types.size === 0) throw storeError(9, 'type must match at least one type');
  return types;
}

/** The operand of `$size`: a whole number, zero or more. */
export function parseSize(value: RawValue): number {
  const size = wholeNumberOf(value);
  if (size === undefined) throw storeError(2, 'Failed to parse $size. Expected an integer');
  if (size < 0)
    throw storeError(2, `Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
  return size;
}

/** A number cut to a whole 64-bit one, as `$mod` sees it; undefined for NaN, infinities and non-numbers. */
export function truncated(type: number, bytes: Uint8Array, start: number): bigint | undefined {
  if (!isNumeric(type)) return undefined;
  const exact = exactAt(type, bytes, start);
  const whole =
    typeof exact === 'object'
      ? exact.exponent < 0
        ? exact.coefficient / 10n ** BigInt(-exact.exponent)
        : undefined
      : typeof exact === 'bigint'
        ? exact
        : Number.isFinite(exact)
          ? BigInt(Math.trunc(exact))
          : undefined;
  return whole !== undefined && whole === BigInt.asIntN(64, whole) ? whole : undefined;
}

/** The operand of `$mod`: [divisor, remainder]. */
export function parseMod(value: RawValue): { divisor: bigint; remainder: bigint } {
  if (value.type !== 0x04) throw storeError(2, 'malformed mod, needs to be an array');
  const [first, second, ...rest] = arrayValues(value);
  if (!first || !second) throw storeError(2, 'malformed mod, not enough elements');
  if (rest.length > 0) throw storeError(2, 'malformed mod, too many elements');
  const divisor = truncated(first.type, first.bytes, first.start);
  const remainder = truncated(second.type, second.bytes, second.start);
  if (divisor === undefined) throw storeError(2, 'malformed mod, divisor not a number');
  if (remainder === undefined) throw storeError(2, 'malformed mod, remainder not a number');
  if (divisor === 0n) throw storeError(2, 'divisor cannot be 0');
  return { divisor, remainder };
}
