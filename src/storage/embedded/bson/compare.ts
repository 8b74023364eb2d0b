import { compareExact, exactAt } from './number.ts';
import type { RawValue } from './types.ts';
import { cstringEnd, int32At, longAt, unsignedLongAt, valueEnd } from './walk.ts';

/**
 * MongoDB's order of types, as class bytes of an encoded key (embedded-store.md, "Key encoding").
 * Types of one class compare by value: all numbers together, strings with symbols.
 */
export const TYPE_CLASS: Readonly<Record<number, number>> = {
  0xff: 1,
  0x06: 5,
  0x00: 10,
  0x0a: 10,
  0x01: 20,
  0x10: 20,
  0x12: 20,
  0x13: 20,
  0x02: 30,
  0x0e: 30,
  0x03: 40,
  0x04: 45,
  0x05: 50,
  0x07: 60,
  0x08: 70,
  0x09: 80,
  0x11: 90,
  0x0b: 100,
  0x0c: 105,
  0x0d: 110,
  0x0f: 115,
  0x7f: 240,
};

function compareBytes(
  aBytes: Uint8Array,
  aStart: number,
  aEnd: number,
  bBytes: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let i = 0; i < length; i++) {
    const difference = aBytes[aStart + i]! - bBytes[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

function compareCstrings(aBytes: Uint8Array, aStart: number, bBytes: Uint8Array, bStart: number): number {
  let i = aStart;
  let j = bStart;
  while (aBytes[i] === bBytes[j] && aBytes[i] !== 0) {
    i++;
    j++;
  }
  return aBytes[i]! - bBytes[j]!;
}

function compareRegexes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number): number {
  return (
    compareCstrings(a, aStart, b, bStart) ||
    compareCstrings(a, cstringEnd(a, aStart) + 1, b, cstringEnd(b, bStart) + 1)
  );
}

function compareDocuments(
  a: Uint8Array,
  aStart: number,
  b: Uint8Array,
  bStart: number,
  names: boolean,
): number {
  const aLast = aStart + int32At(a, aStart) - 1;
  const bLast = bStart + int32At(b, bStart) - 1;
  let i = aStart + 4;
  let j = bStart + 4;
  while (i < aLast && j < bLast) {
    const aType = a[i]!;
    const bType = b[j]!;
    const byClass = TYPE_CLASS[aType]! - TYPE_CLASS[bType]!;
    if (byClass !== 0) return byClass;
    const aValue = cstringEnd(a, i + 1) + 1;
    const bValue = cstringEnd(b, j + 1) + 1;
    if (names) {
      const byName = compareCstrings(a, i + 1, b, j + 1);
      if (byName !== 0) return byName;
    }
    i = valueEnd(aType, a, aValue);
    j = valueEnd(bType, b, bValue);
    const byValue = compareAt(aType, a, aValue, i, bType, b, bValue, j);
    if (byValue !== 0) return byValue;
  }
  return i < aLast ? 1 : j < bLast ? -1 : 0;
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * MongoDB's order of two values given by position; type 0 is a missing value, equal to null.
 * Negative, zero or positive; not clamped to -1..1.
 */
export function compareAt(
  aType: number,
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  bType: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const kind = TYPE_CLASS[aType]!;
  const byClass = kind - TYPE_CLASS[bType]!;
  if (byClass !== 0) return byClass;
  switch (kind) {
    case 20:
      return compareExact(exactAt(aType, a, aStart), exactAt(bType, b, bStart));
    case 30:
    case 110:
      return compareBytes(a, aStart + 4, aEnd - 1, b, bStart + 4, bEnd - 1);
    case 40:
      return compareDocuments(a, aStart, b, bStart, true);
    case 45:
      return compareDocuments(a, aStart, b, bStart, false);
    case 50:
      return (
        int32At(a, aStart) - int32At(b, bStart) || compareBytes(a, aStart + 4, aEnd, b, bStart + 4, bEnd)
      );
    case 60:
    case 70:
      return compareBytes(a, aStart, aEnd, b, bStart, bEnd);
    case 80:
      return compareBigints(longAt(a, aStart), longAt(b, bStart));
    case 90:
      return compareBigints(unsignedLongAt(a, aStart), unsignedLongAt(b, bStart));
    case 100:
      return compareRegexes(a, aStart, b, bStart);
    case 105:
      return (
        int32At(a, aStart) - int32At(b, bStart) || compareBytes(a, aStart + 4, aEnd, b, bStart + 4, bEnd)
      );
    case 115: {
      const aScope = aStart + 8 + int32At(a, aStart + 4);
      const bScope = bStart + 8 + int32At(b, bStart + 4);
      return (
        compareBytes(a, aStart + 8, aScope - 1, b, bStart + 8, bScope - 1) ||
        compareDocuments(a, aScope, b, bScope, true)
      );
    }
    default:
      return 0; // MinKey, MaxKey, null and missing, undefined
  }
}

/** MongoDB's order of two values; `undefined` is a missing value, which sorts as null. */
export function compareValues(a: RawValue | undefined, b: RawValue | undefined): -1 | 0 | 1 {
  const left = a ?? MISSING;
  const right = b ?? MISSING;
  const order = compareAt(
    left.type,
    left.bytes,
    left.start,
    left.end,
    right.type,
    right.bytes,
    right.start,
    right.end,
  );
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

const MISSING: RawValue = { type: 0, bytes: new Uint8Array(0), start: 0, end: 0 };
