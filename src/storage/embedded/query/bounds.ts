import { allBounds, encodeComponent, nullBounds, typeBounds } from '../bson/key.ts';
import { BSON, isNumeric, type RawValue } from '../bson/types.ts';
import { arrayValues, doubleAt } from '../bson/walk.ts';
import { afterPrefix } from '../kv/view.ts';
import type { FilterNode, GeoShape } from './parse.ts';

/** Encoded values of one ascending component, `from` inclusive to `to` exclusive, as byte prefixes. */
export interface Interval {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** `from` is one whole encoded value and nothing else lies inside. */
  readonly isPoint: boolean;
}

/** What one condition says about one path. */
export interface PathBounds {
  readonly path: string;
  /** Sorted, not overlapping; a document that meets the condition has an entry in one of them. */
  readonly intervals: readonly Interval[];
  /** On a path without arrays, every entry inside meets the condition. */
  readonly isExact: boolean;
  /** True when a document without the field cannot meet the condition (sparse indexes may serve it). */
  readonly needsField: boolean;
  /** The `$elemMatch` it stands under: conditions of one group speak about one array element. */
  readonly group: FilterNode | undefined;
}

export interface GeoBounds {
  readonly path: string;
  readonly shape: GeoShape;
}

/** The conditions that all must hold, in a form an index can serve. */
export interface Conjunction {
  readonly paths: readonly PathBounds[];
  readonly shapes: readonly GeoBounds[];
  /** `$or` children, each an alternative set. */
  readonly ors: readonly (readonly FilterNode[])[];
  /** Everything is expressed by exact path bounds, nothing else has to be checked. */
  readonly isExact: boolean;
  /** A condition that nothing can meet is among them. */
  readonly isEmpty: boolean;
}

interface Gathering {
  paths: PathBounds[];
  shapes: GeoBounds[];
  ors: (readonly FilterNode[])[];
  isExact: boolean;
  isEmpty: boolean;
}

/** Collects what the conjuncts of a filter say about each path. Superset semantics: bounds never lose a match. */
export function gatherBounds(root: FilterNode): Conjunction {
  const out: Gathering = { paths: [], shapes: [], ors: [], isExact: true, isEmpty: false };
  gather(root, '', undefined, out);
  return out;
}

function gather(node: FilterNode, prefix: string, group: FilterNode | undefined, out: Gathering): void {
  switch (node.op) {
    case 'and':
      for (const child of node.children) gather(child, prefix, group, out);
      return;
    case 'or':
      out.isExact = false;
      if (prefix === '') out.ors.push(node.children);
      return;
    case 'always':
      if (!node.value) out.isEmpty = true;
      return;
    case 'elemMatch':
      out.isExact = false;
      gather(node.child, prefix + node.path + (node.onValues ? '' : '.'), node, out);
      return;
    case 'geoWithin':
      out.isExact = false;
      out.shapes.push({ path: prefix + node.path, shape: node.shape });
      return;
    default:
      gatherPath(node, prefix, group, out);
  }
}

function gatherPath(node: FilterNode, prefix: string, group: FilterNode | undefined, out: Gathering): void {
  const found = boundsOf(node);
  if (found === undefined || !('path' in node)) {
    out.isExact = false;
    return;
  }
  const path = prefix + node.path;
  if (!found.isExact) out.isExact = false;
  out.paths.push({ ...found, path: path.endsWith('.') ? path.slice(0, -1) : path, group });
}

type Found = Omit<PathBounds, 'path' | 'group'>;

function boundsOf(node: FilterNode): Found | undefined {
  switch (node.op) {
    case 'eq':
      return equalTo(node.value);
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return compared(node.op, node.value);
    case 'in':
      return anyOf(
        node.values,
        node.regexes.map((regex) => matching(regex.pattern, regex.options)),
      );
    case 'regex':
      return matching(node.regex.pattern, node.regex.options);
    case 'exists':
      return node.exists
        ? { intervals: [allInterval()], isExact: false, needsField: true }
        : { intervals: [nullInterval()], isExact: false, needsField: false };
    case 'mod':
      return { intervals: [intervalOfType(BSON.double)], isExact: false, needsField: true };
    default:
      return undefined;
  }
}

function point(value: RawValue): Interval {
  const from = encodeComponent(value);
  return { from, to: afterPrefix(from), isPoint: true };
}

function nullInterval(): Interval {
  return { ...nullBounds(), isPoint: false };
}

function allInterval(): Interval {
  return { ...allBounds(), isPoint: false };
}

function intervalOfType(type: number): Interval {
  return { ...typeBounds(type), isPoint: false };
}

function equalTo(value: RawValue): Found {
  if (value.type === BSON.null || value.type === BSON.undefined) {
    return { intervals: [nullInterval()], isExact: false, needsField: false };
  }
  if (value.type === BSON.array) {
    // An array is stored as its elements; as a whole only when it is an element itself.
    const [first] = arrayValues(value);
    const inside =
      first === undefined ? nullInterval() : first.type === BSON.null ? nullInterval() : point(first);
    return { intervals: mergeIntervals([inside, point(value)]), isExact: false, needsField: false };
  }
  const isExact = value.type !== BSON.minKey && value.type !== BSON.maxKey && !isNaNValue(value);
  return { intervals: [point(value)], isExact, needsField: true };
}

function compared(op: 'gt' | 'gte' | 'lt' | 'lte', value: RawValue): Found | undefined {
  const { type } = value;
  if (type === BSON.null || type === BSON.undefined) {
    return { intervals: [nullInterval()], isExact: false, needsField: false };
  }
  // Comparisons with these reach beyond their own type, or compare arrays as a whole.
  if (type === BSON.minKey || type === BSON.maxKey || type === BSON.array) return undefined;
  if (isNaNValue(value)) return { intervals: [point(value)], isExact: false, needsField: true };
  const bounds = typeBounds(type);
  // NaN sorts below all numbers but is not less than any.
  const low = isNumeric(type) ? Uint8Array.of(bounds.from[0]!, 1) : bounds.from;
  const at = encodeComponent(value);
  const interval: Interval =
    op === 'gt'
      ? { from: afterPrefix(at), to: bounds.to, isPoint: false }
      : op === 'gte'
        ? { from: at, to: bounds.to, isPoint: false }
        : op === 'lt'
          ? { from: low, to: at, isPoint: false }
          : { from: low, to: afterPrefix(at), isPoint: false };
  return { intervals: [interval], isExact: type !== BSON.object, needsField: true };
}

function isNaNValue(value: RawValue): boolean {
  if (value.type === BSON.double) return Number.isNaN(doubleAt(value.bytes, value.start));
  return value.type === BSON.decimal && encodeComponent(value)[1] === 0;
}

function anyOf(values: readonly RawValue[], regexes: readonly Found[]): Found {
  const all = [...values.map(equalTo), ...regexes];
  return {
    intervals: mergeIntervals(all.flatMap((found) => found.intervals)),
    isExact: all.every((found) => found.isExact),
    needsField: all.every((found) => found.needsField),
  };
}

/** Strings (from the fixed start of the pattern, if it has one) and regexes equal to the pattern. */
function matching(pattern: string, options: string): Found {
  const strings = typeBounds(BSON.string);
  const start = options === '' ? fixedStart(pattern) : '';
  const text = Buffer.from(start);
  const escaped = Buffer.concat([strings.from, escapeText(text)]);
  const interval = start === '' ? strings : { from: escaped, to: afterPrefix(escaped) };
  return {
    intervals: [{ ...interval, isPoint: false }, intervalOfType(BSON.regex)],
    isExact: false,
    needsField: true,
  };
}

/** The literal text a pattern like `^abc` requires at the start; '' when there is none. */
function fixedStart(pattern: string): string {
  if (!pattern.startsWith('^') || pattern.includes('|')) return '';
  const literal = /^[\p{L}\p{N} _@:/,;"'<>=!&%#~`-]*/u.exec(pattern.slice(1))![0];
  const next = pattern[1 + literal.length];
  // A quantifier makes the last character optional or repeated.
  const cut = next !== undefined && '*?{'.includes(next);
  return cut ? [...literal].slice(0, -1).join('') : literal;
}

/** As the key encoding writes text, without its end. */
function escapeText(text: Buffer): Buffer {
  const out: number[] = [];
  for (const byte of text) {
    if (byte <= 1) out.push(1, byte + 1);
    else out.push(byte);
  }
  return Buffer.from(out);
}

/** Sorts intervals and joins those that overlap. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const sorted = [...intervals].sort((a, b) => Buffer.compare(a.from, b.from));
  const out: Interval[] = [];
  for (const interval of sorted) {
    const last = out.at(-1);
    if (last === undefined || Buffer.compare(last.to, interval.from) <= 0) {
      out.push(interval);
      continue;
    }
    if (Buffer.compare(interval.to, last.to) > 0)
      out[out.length - 1] = { ...last, to: interval.to, isPoint: false };
    else if (!interval.isPoint && Buffer.compare(interval.from, last.from) === 0) {
      out[out.length - 1] = { ...last, isPoint: last.isPoint && interval.isPoint };
    }
  }
  return out;
}

/** The values inside both lists. */
export function intersectIntervals(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const x of a) {
    for (const y of b) {
      const from = Buffer.compare(x.from, y.from) >= 0 ? x.from : y.from;
      const to = Buffer.compare(x.to, y.to) <= 0 ? x.to : y.to;
      if (Buffer.compare(from, to) >= 0) continue;
      out.push({ from, to, isPoint: x.isPoint || y.isPoint });
    }
  }
  return out;
}
