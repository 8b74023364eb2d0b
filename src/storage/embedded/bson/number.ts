import type { RawValue } from './types.ts';
import { isNumeric } from './types.ts';
import { doubleAt, int32At, longAt, unsignedLongAt } from './walk.ts';

/** A finite decimal number that is neither a safe integer nor a whole number of moderate size. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** The exact value of a BSON number: a double, a big integer, or a decimal. */
export type Exact = number | bigint | Decimal;

/** A Long as a number when that is exact, else as a bigint. */
export function longNumber(bytes: Uint8Array, at: number): number | bigint {
  const high = int32At(bytes, at + 4);
  if (high >= -0x200000 && high < 0x200000) return high * 4294967296 + (int32At(bytes, at) >>> 0);
  return longAt(bytes, at);
}

function decimalAt(bytes: Uint8Array, at: number): Exact {
  const high = unsignedLongAt(bytes, at + 8);
  const negative = high >> 63n === 1n;
  const combination = (high >> 58n) & 0x1fn;
  if (combination === 0x1fn) return NaN;
  if (combination === 0x1en) return negative ? -Infinity : Infinity;
  let exponent = Number((high >> 49n) & 0x3fffn) - 6176;
  let coefficient = ((high & 0x1ffffffffffffn) << 64n) | unsignedLongAt(bytes, at);
  if (combination >> 3n === 3n) {
    exponent = Number((high >> 47n) & 0x3fffn) - 6176;
    coefficient = 0n; // the second form only encodes non-canonical coefficients, which count as zero
  }
  if (coefficient > 9999999999999999999999999999999999n) coefficient = 0n;
  if (coefficient === 0n) return 0;
  while (exponent < 0 && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  if (negative) coefficient = -coefficient;
  if (exponent < 0 || exponent > 40) return { coefficient, exponent };
  const whole = coefficient * 10n ** BigInt(exponent);
  const asNumber = Number(whole);
  return Number.isSafeInteger(asNumber) ? asNumber : whole;
}

/** The exact value of a Double, Int32, Long or Decimal128 at a byte offset. */
export function exactAt(type: number, bytes: Uint8Array, at: number): Exact {
  if (type === 0x10) return int32At(bytes, at);
  if (type === 0x01) return doubleAt(bytes, at);
  if (type === 0x12) return longNumber(bytes, at);
  return decimalAt(bytes, at);
}

const scratch = new DataView(new ArrayBuffer(8));

/** The double next below a positive finite double. */
function nextDown(value: number): number {
  scratch.setFloat64(0, value);
  scratch.setBigUint64(0, scratch.getBigUint64(0) - 1n);
  return scratch.getFloat64(0);
}

/** A finite double as an exact fraction with a power of two below. */
export function fractionOfDouble(value: number): { top: bigint; bottom: bigint } {
  scratch.setFloat64(0, value);
  const bits = scratch.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 0x10000000000000n);
  const power = (biased === 0 ? 1 : biased) - 1075;
  const top = bits >> 63n === 1n ? -mantissa : mantissa;
  return power >= 0 ? { top: top << BigInt(power), bottom: 1n } : { top, bottom: 1n << BigInt(-power) };
}

/** An exact value as a fraction; not for NaN and infinities. */
export function fractionOf(value: Exact): { top: bigint; bottom: bigint } {
  if (typeof value === 'number') return fractionOfDouble(value);
  if (typeof value === 'bigint') return { top: value, bottom: 1n };
  return value.exponent >= 0
    ? { top: value.coefficient * 10n ** BigInt(value.exponent), bottom: 1n }
    : { top: value.coefficient, bottom: 10n ** BigInt(-value.exponent) };
}

/** Greatest double that is not above a positive exact value (0 when it is below every positive double). */
export function floorDouble(value: Exact): number {
  if (typeof value === 'number') return value;
  const near = typeof value === 'bigint' ? Number(value) : Number(`${value.coefficient}e${value.exponent}`);
  if (near === Infinity) return Number.MAX_VALUE;
  return compareExact(near, value) > 0 ? nextDown(near) : near;
}

/** Numeric order of two exact values; NaN is equal to itself and below all others, -0 equals 0. */
export function compareExact(a: Exact, b: Exact): number {
  if (typeof a !== 'object' && typeof b !== 'object') {
    // JavaScript compares a bigint with a double by their mathematical values.
    if (a < b) return -1;
    if (a > b) return 1;
    return compareUnordered(a, b);
  }
  if (typeof a === 'number' && !Number.isFinite(a)) return a === Infinity ? 1 : -1;
  if (typeof b === 'number' && !Number.isFinite(b)) return b === Infinity ? -1 : 1;
  const left = fractionOf(a);
  const right = fractionOf(b);
  const x = left.top * right.bottom;
  const y = right.top * left.bottom;
  return x < y ? -1 : x > y ? 1 : 0;
}

function compareUnordered(a: number | bigint, b: number | bigint): number {
  const aIsNaN = Number.isNaN(a);
  const bIsNaN = Number.isNaN(b);
  return aIsNaN === bIsNaN ? 0 : aIsNaN ? -1 : 1;
}

/** The value as a double, rounded (for display, modulo and coordinates). */
export function toDouble(value: Exact): number {
  if (typeof value !== 'object') return Number(value);
  return Number(`${value.coefficient}e${value.exponent}`);
}

/** A number's value as a double; undefined for anything but a number. */
export function numberOf(value: RawValue | undefined): number | undefined {
  if (value === undefined || !isNumeric(value.type)) return undefined;
  return toDouble(exactAt(value.type, value.bytes, value.start));
}

/** A whole number of any numeric type, as a safe integer; undefined for anything else. */
export function wholeNumberOf(value: RawValue | undefined): number | undefined {
  const number = numberOf(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** MongoDB's truth of a value: false for missing, null, undefined, false and zero of any numeric type. */
export function isTruthy(value: RawValue | undefined): boolean {
  if (value === undefined) return false;
  if (isNumeric(value.type)) return numberOf(value) !== 0;
  if (value.type === 0x08) return value.bytes[value.start] !== 0;
  return value.type !== 0x0a && value.type !== 0x06;
}
