import { compareAt, compareValues, TYPE_CLASS } from '../bson/compare.ts';
import { compareExact, exactAt } from '../bson/number.ts';
import type { RawValue, ValueTest } from '../bson/types.ts';
import { cstringEnd, int32At, textBetween, valueEnd } from '../bson/walk.ts';
import { distanceMetres } from '../index/geo-cells.ts';
import { isWithin, positionOf } from './geo.ts';
import type { FilterNode, NearNode, Position, RegexPattern } from './nodes.ts';
import { truncated } from './operands.ts';
import { regexParts } from './regex.ts';

/** The test a leaf node makes on one value. Negated nodes are not leaves: the caller inverts `eq` and `in`. */
export function leafTest(node: FilterNode): ValueTest {
  switch (node.op) {
    case 'eq':
      return equalityTest(node.value);
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return rangeTest(node.op, node.value);
    case 'in':
      return alternativesTest(node.values, node.regexes);
    case 'exists':
      return (type) => (type !== 0) === node.exists;
    case 'type':
      return (type) => node.types.has(type);
    case 'regex':
      return regexTest(node.regex);
    case 'size':
      return (type, bytes, start) => type === 0x04 && lengthOfArray(bytes, start) === node.size;
    case 'mod':
      return (type, bytes, start) => {
        const number = truncated(type, bytes, start);
        return number !== undefined && number % node.divisor === node.remainder;
      };
    case 'geoWithin':
      return positionTest((position) => isWithin(node.shape, position));
    case 'near':
      return positionTest(nearTest(node));
    default:
      throw new TypeError(`${node.op} is not a test of one value`);
  }
}

/** The number of elements of the array at an offset. */
export function lengthOfArray(bytes: Uint8Array, start: number): number {
  const last = start + int32At(bytes, start) - 1;
  let count = 0;
  for (let at = start + 4; at < last; count++) {
    at = valueEnd(bytes[at]!, bytes, cstringEnd(bytes, at + 1) + 1);
  }
  return count;
}

function equalityTest(wanted: RawValue): ValueTest {
  const { bytes: expected, start: from, end: to, type: wantedType } = wanted;
  const kind = TYPE_CLASS[wantedType]!;
  if (kind === 10) return (type) => type === 0x0a || type === 0 || type === 0x06;
  if (kind === 20) {
    const number = exactAt(wantedType, expected, from);
    return (type, bytes, start) =>
      TYPE_CLASS[type] === 20 && compareExact(exactAt(type, bytes, start), number) === 0;
  }
  if (kind === 60 || kind === 30) {
    // Equal ObjectIds and texts are equal bytes (a text's length prefix included).
    const length = to - from;
    return (type, bytes, start, end) => {
      if (TYPE_CLASS[type] !== kind || end - start !== length) return false;
      for (let i = 0; i < length; i++) if (bytes[start + i] !== expected[from + i]) return false;
      return true;
    };
  }
  return (type, bytes, start, end) =>
    TYPE_CLASS[type] === kind &&
    type !== 0 &&
    compareAt(type, bytes, start, end, wantedType, expected, from, to) === 0;
}

/** `$gt` and its kin: only values of the operand's class compare; null takes in missing and undefined. */
function rangeTest(op: 'gt' | 'gte' | 'lt' | 'lte', wanted: RawValue): ValueTest {
  const { bytes: expected, start: from, end: to, type: wantedType } = wanted;
  const kind = TYPE_CLASS[wantedType]!;
  const above = op === 'gt' || op === 'gte';
  const orEqual = op === 'gte' || op === 'lte';
  if (kind === 10) return orEqual ? (type) => type === 0x0a || type === 0 || type === 0x06 : () => false;
  if (kind === 1) return (type) => (type === 0xff ? orEqual : above);
  if (kind === 240) return (type) => (type === 0x7f ? orEqual : !above);
  if (kind === 20) return numericRangeTest(above, orEqual, wanted);
  return (type, bytes, start, end) => {
    if (TYPE_CLASS[type] !== kind) return false;
    const order = compareAt(type, bytes, start, end, wantedType, expected, from, to);
    return order === 0 ? orEqual : order > 0 === above;
  };
}

function numericRangeTest(above: boolean, orEqual: boolean, wanted: RawValue): ValueTest {
  const number = exactAt(wanted.type, wanted.bytes, wanted.start);
  const wantsNaN = Number.isNaN(number);
  return (type, bytes, start) => {
    if (TYPE_CLASS[type] !== 20) return false;
    const exact = exactAt(type, bytes, start);
    // NaN matches only NaN, and only with "or equal".
    if (wantsNaN || Number.isNaN(exact)) return orEqual && wantsNaN && Number.isNaN(exact);
    const order = compareExact(exact, number);
    return order === 0 ? orEqual : order > 0 === above;
  };
}

function alternativesTest(values: readonly RawValue[], regexes: readonly RegexPattern[]): ValueTest {
  const sorted = [...values].sort(compareValues);
  const matchesNull = values.some((value) => value.type === 0x0a);
  const patterns = regexes.map(regexTest);
  return (type, bytes, start, end) => {
    if (type === 0 || type === 0x06) return matchesNull;
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const value = sorted[middle]!;
      const order = compareAt(type, bytes, start, end, value.type, value.bytes, value.start, value.end);
      if (order === 0) return true;
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return patterns.some((test) => test(type, bytes, start, end));
  };
}

function regexTest({ pattern, options, run }: RegexPattern): ValueTest {
  return (type, bytes, start, end) => {
    if (type === 0x02 || type === 0x0e) return run.test(textBetween(bytes, start + 4, end - 1));
    if (type !== 0x0b) return false;
    const stored = regexParts(bytes, start);
    return stored.pattern === pattern && stored.options === options;
  };
}

function positionTest(accepts: (position: Position) => boolean): ValueTest {
  return (type, bytes, start, end) => {
    if (type !== 0x03 && type !== 0x04) return false;
    const position = positionOf({ type, bytes, start, end });
    return position !== undefined && accepts(position);
  };
}

function nearTest({ centre, minMetres, maxMetres }: NearNode): (position: Position) => boolean {
  if (minMetres === undefined && maxMetres === undefined) return () => true;
  return (position) => {
    const metres = distanceMetres(centre, position);
    return metres >= (minMetres ?? 0) && metres <= (maxMetres ?? Infinity);
  };
}
