import type { RawDocument, RawValue, ValueTest } from './types.ts';
import { arrayValues, cstringEnd, findElement, int32At, valueEnd } from './walk.ts';

/** One part of a dotted path; `index` is its array position, or -1 when it is not a plain decimal. */
export interface PathSegment {
  readonly name: Uint8Array;
  readonly index: number;
}

export type CompiledPath = readonly PathSegment[];

/** Array position a path segment can mean ("0", "17", not "01"), or -1. */
export function arrayIndexOf(segment: string): number {
  return /^(0|[1-9]\d{0,8})$/.test(segment) ? Number(segment) : -1;
}

/** Splits a dotted path once, for the lookups below. */
export function compilePath(path: string): CompiledPath {
  return path.split('.').map((part) => ({ name: Buffer.from(part), index: arrayIndexOf(part) }));
}

/** `visitPath` found no value that passes. */
export const NO_MATCH = -2;
/** `visitPath` found a value that passes, and no array on the way had its elements tried in turn. */
export const MATCH_OUTSIDE_ARRAY = -1;

/**
 * Tries the values MongoDB's matcher sees at a path until one passes the test. Arrays on the way are
 * entered (their objects, and by a numeric segment their element); an array at the end is tried
 * element by element (when `enterLeafArrays`) and then itself. A missing field is tried as type 0,
 * also once for each object of an array that lacks it; scalars inside an array on the way are skipped.
 * Answers NO_MATCH, MATCH_OUTSIDE_ARRAY or the index, in the outermost array whose elements were tried in
 * turn, of the value that passed.
 * Source of the rules: BSONElementIterator of MongoDB's matcher/path.cpp.
 */
export function visitPath(
  bytes: Uint8Array,
  docStart: number,
  path: CompiledPath,
  depth: number,
  enterLeafArrays: boolean,
  test: ValueTest,
): number {
  let at = docStart;
  for (let i = depth; ; i++) {
    const segment = path[i]!;
    const element = findElement(bytes, at, segment.name);
    const isLast = i === path.length - 1;
    const type = element < 0 ? 0 : bytes[element]!;
    const start = element + 2 + segment.name.length;
    if (type === 0x04) return visitArray(bytes, start, path, i + 1, enterLeafArrays, test);
    if (isLast && type !== 0) {
      return test(type, bytes, start, valueEnd(type, bytes, start)) ? MATCH_OUTSIDE_ARRAY : NO_MATCH;
    }
    if (type !== 0x03) return test(0, bytes, 0, 0) ? MATCH_OUTSIDE_ARRAY : NO_MATCH;
    at = start;
  }
}

function visitArray(
  bytes: Uint8Array,
  start: number,
  path: CompiledPath,
  next: number,
  enterLeafArrays: boolean,
  test: ValueTest,
): number {
  const atLeaf = next === path.length;
  const last = start + int32At(bytes, start) - 1;
  if (!atLeaf || enterLeafArrays) {
    let at = start + 4;
    for (let index = 0; at < last; index++) {
      const type = bytes[at]!;
      const value = cstringEnd(bytes, at + 1) + 1;
      at = valueEnd(type, bytes, value);
      if (atLeaf) {
        if (test(type, bytes, value, at)) return index;
        continue;
      }
      const found = visitArrayElement(bytes, type, value, at, index, path, next, enterLeafArrays, test);
      if (found !== NO_MATCH) return found;
    }
  }
  return atLeaf && test(0x04, bytes, start, last + 1) ? MATCH_OUTSIDE_ARRAY : NO_MATCH;
}

function visitArrayElement(
  bytes: Uint8Array,
  type: number,
  start: number,
  end: number,
  index: number,
  path: CompiledPath,
  next: number,
  enterLeafArrays: boolean,
  test: ValueTest,
): number {
  if (type === 0x03 && visitPath(bytes, start, path, next, enterLeafArrays, test) !== NO_MATCH) return index;
  // An element named by its index is no choice among elements: its own place is not the answer.
  if (path[next]!.index !== index) return NO_MATCH;
  if (next + 1 === path.length) return test(type, bytes, start, end) ? MATCH_OUTSIDE_ARRAY : NO_MATCH;
  if (type === 0x03) return visitPath(bytes, start, path, next + 1, enterLeafArrays, test);
  if (type === 0x04) return visitArray(bytes, start, path, next + 1, enterLeafArrays, test);
  return NO_MATCH;
}

export interface PathValues {
  /** The values found, arrays at the end replaced by their elements (one level), in document order. */
  readonly values: RawValue[];
  /** True when some candidate lacks the field. */
  readonly missing: boolean;
}

/** All values at a path, as `distinct` sees them. */
export function valuesAtPath(raw: RawDocument, path: CompiledPath): PathValues {
  const found: RawValue[] = [];
  let missing = false;
  visitPath(raw, 0, path, 0, false, (type, bytes, start, end) => {
    if (type === 0) missing = true;
    else found.push({ type, bytes, start, end });
    return false;
  });
  const values = found.flatMap((value) => (value.type === 0x04 ? arrayValues(value) : [value]));
  return { values, missing };
}

/** The value at a path that goes through objects only; undefined when missing or behind an array. */
export function valueAtPlainPath(raw: RawDocument, path: CompiledPath): RawValue | undefined {
  let at = 0;
  for (let i = 0; i < path.length; i++) {
    const { name } = path[i]!;
    const element = findElement(raw, at, name);
    if (element < 0) return undefined;
    const type = raw[element]!;
    const start = element + 2 + name.length;
    if (i === path.length - 1) return { type, bytes: raw, start, end: valueEnd(type, raw, start) };
    if (type !== 0x03) return undefined;
    at = start;
  }
  return undefined;
}
