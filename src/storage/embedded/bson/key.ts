import { storeError } from '../errors.ts';
import { TYPE_CLASS } from './compare.ts';
import { exactAt, floorDouble, fractionOf, fractionOfDouble } from './number.ts';
import type { Exact } from './number.ts';
import type { RawValue } from './types.ts';
import { cstringEnd, int32At, valueEnd } from './walk.ts';

export interface KeyComponent {
  readonly value: RawValue | 'missing' | 'undefined';
  readonly descending: boolean;
}

let out = new Uint8Array(4096);
const scratch = new DataView(new ArrayBuffer(8));
let used = 0;

function room(count: number): void {
  if (used + count <= out.length) return;
  const larger = new Uint8Array(Math.max(out.length * 2, used + count));
  larger.set(out);
  out = larger;
}

function put(byte: number): void {
  room(1);
  out[used++] = byte;
}

function putBytes(bytes: Uint8Array, start: number, end: number): void {
  room(end - start);
  for (let i = start; i < end; i++) out[used++] = bytes[i]!;
}

/** 00 becomes 01 01 and 01 becomes 01 02, then 00: so no text is the prefix of another, in either direction. */
function putText(bytes: Uint8Array, start: number, end: number): void {
  room((end - start) * 2 + 1);
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte <= 1) {
      out[used++] = 1;
      out[used++] = byte + 1;
    } else out[used++] = byte;
  }
  out[used++] = 0;
}

function putReversed(bytes: Uint8Array, start: number, count: number): void {
  room(count);
  for (let i = count - 1; i >= 0; i--) out[used++] = bytes[start + i]!;
}

function invertFrom(start: number): void {
  for (let i = start; i < used; i++) out[i] = ~out[i]! & 0xff;
}

function putBig(value: bigint, size: number): void {
  room(size);
  for (let i = size - 1; i >= 0; i--) out[used++] = Number((value >> BigInt(i * 8)) & 0xffn);
}

/** Decimals beyond the doubles: exponent of the leading digit, then 34 digits. */
function putDecimalDigits(coefficient: bigint, exponent: number): void {
  const digits = coefficient.toString();
  putBig(BigInt(exponent + digits.length + 20000), 2);
  putBig(BigInt(digits.padEnd(34, '0')), 15);
}

function negated(value: Exact): Exact {
  if (typeof value === 'object') return { coefficient: -value.coefficient, exponent: value.exponent };
  return -value;
}

/** Where an inexact value lies between its double and the next, in 2^-64 (or 2^-128) parts of the gap. */
function putGapFraction(value: Exact, below: number): void {
  const { top, bottom } = fractionOf(value);
  const floor = fractionOfDouble(below);
  // Subnormal gaps are wide against a decimal's digits, so they need more bits to tell two decimals apart.
  const bits = below < 2.2250738585072014e-308 ? 128 : 64;
  const written = used - 9; // the double stands before the marker byte
  const exponent = Math.max(((out[written]! << 4) | (out[written + 1]! >> 4)) & 0x7ff, 1) - 1075;
  const difference = top * floor.bottom - floor.top * bottom;
  const scale = bottom * floor.bottom;
  const parts =
    exponent >= 0
      ? (difference << BigInt(bits)) / (scale << BigInt(exponent))
      : (difference << BigInt(bits - exponent)) / scale;
  putBig(parts, bits / 8);
}

/** A positive number: rank 7 with its double, or rank 6 / 8 for decimals below / above all doubles. */
function putPositive(value: Exact): void {
  const below = floorDouble(value);
  room(11);
  if (typeof value === 'object' && (below === 0 || below === Number.MAX_VALUE) && !isDouble(value, below)) {
    out[used++] = below === 0 ? 6 : 8;
    putDecimalDigits(value.coefficient, value.exponent);
    return;
  }
  out[used++] = 7;
  scratch.setFloat64(0, below);
  for (let i = 0; i < 8; i++) out[used++] = scratch.getUint8(i);
  if (isDouble(value, below)) {
    out[used++] = 0;
    return;
  }
  out[used++] = 1;
  putGapFraction(value, below);
}

function isDouble(value: Exact, double: number): boolean {
  if (typeof value === 'number') return true;
  if (typeof value === 'bigint') return BigInt(double) === value;
  const { top, bottom } = fractionOf(value);
  const floor = fractionOfDouble(double);
  return top * floor.bottom === floor.top * bottom;
}

function putNumber(value: Exact): void {
  if (typeof value === 'number') {
    if (value === 0) return put(5);
    if (Number.isNaN(value)) return put(0);
    if (!Number.isFinite(value)) return put(value > 0 ? 9 : 1);
  }
  const negative = typeof value === 'object' ? value.coefficient < 0n : value < 0;
  if (!negative) return putPositive(value);
  const start = used;
  putPositive(negated(value));
  invertFrom(start);
  out[start] = 10 - (~out[start]! & 0xff);
}

function putDocument(bytes: Uint8Array, start: number, names: boolean): void {
  const last = start + int32At(bytes, start) - 1;
  let at = start + 4;
  while (at < last) {
    const type = bytes[at]!;
    const nameEnd = cstringEnd(bytes, at + 1);
    put(TYPE_CLASS[type]!);
    if (names) putBytes(bytes, at + 1, nameEnd + 1);
    at = valueEnd(type, bytes, nameEnd + 1);
    putBody(type, bytes, nameEnd + 1, at);
  }
  put(0);
}

function putBody(type: number, bytes: Uint8Array, start: number, end: number): void {
  switch (TYPE_CLASS[type]) {
    case 20:
      return putNumber(exactAt(type, bytes, start));
    case 30:
    case 110:
      return putText(bytes, start + 4, end - 1);
    case 40:
      return putDocument(bytes, start, true);
    case 45:
      return putDocument(bytes, start, false);
    case 50:
    case 105:
      putReversed(bytes, start, 4);
      return putBytes(bytes, start + 4, end);
    case 60:
    case 70:
      return putBytes(bytes, start, end);
    case 80:
      putReversed(bytes, start, 8);
      out[used - 8] = out[used - 8]! ^ 0x80;
      return;
    case 90:
      return putReversed(bytes, start, 8);
    case 100:
      return putBytes(bytes, start, end);
    case 115: {
      const scope = start + 8 + int32At(bytes, start + 4);
      putText(bytes, start + 8, scope - 1);
      return putDocument(bytes, scope, true);
    }
    case undefined:
      throw storeError(22, `Unrecognized BSON type ${type}`);
    default:
  }
}

function putComponent({ value, descending }: KeyComponent): void {
  const start = used;
  if (value === 'missing') put(10);
  else if (value === 'undefined') put(5);
  else {
    put(TYPE_CLASS[value.type] ?? 0);
    putBody(value.type, value.bytes, value.start, value.end);
  }
  if (descending) invertFrom(start);
}

/**
 * Encodes key components so that memcmp of two encodings is MongoDB's order of the values, component by
 * component, descending ones reversed. No encoding is a proper prefix of another of as many components.
 * Equal values (Int32 1, Double 1, Long 1; null and missing) have equal encodings.
 */
export function encodeKey(components: readonly KeyComponent[]): Uint8Array {
  used = 0;
  for (const component of components) putComponent(component);
  return out.slice(0, used);
}

/** Encodes one component. */
export function encodeComponent(value: RawValue | 'missing' | 'undefined', descending = false): Uint8Array {
  return encodeKey([{ value, descending }]);
}

/** Encoded bounds of a range of values: `from` belongs to it, `to` does not. */
export interface KeyBounds {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

function classRange(first: number, last: number, descending: boolean): KeyBounds {
  return descending
    ? { from: Uint8Array.of(255 - last), to: Uint8Array.of(256 - first) }
    : { from: Uint8Array.of(first), to: Uint8Array.of(last + 1) };
}

/** Bounds of every value that compares with values of this type (all numbers for any numeric type, ...). */
export function typeBounds(type: number, descending = false): KeyBounds {
  const kind = TYPE_CLASS[type] ?? 0;
  return classRange(kind, kind, descending);
}

/** Bounds of null, missing and undefined, which `{field: null}` matches. */
export function nullBounds(descending = false): KeyBounds {
  return classRange(5, 10, descending);
}

/** Bounds of every value there is. */
export function allBounds(descending = false): KeyBounds {
  return classRange(1, 240, descending);
}
