import { coverBox, coverCircle, encodeCell } from '../index/geo-cells.ts';
import { cutBound, joinBytes } from '../index/keys.ts';
import type { IndexRecord, KeyKind } from '../catalog/records.ts';
import { afterPrefix } from '../kv/view.ts';
import { type Conjunction, type Interval, intersectIntervals, type PathBounds } from './bounds.ts';
import type { GeoShape } from './parse.ts';

/** More ranges than this are not split further: the rest is checked on the documents. */
export const MAX_RANGES = 200;

/** A stretch of one index in stored component bytes, without the index id. */
export interface IndexRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** Length of the fixed leading components; entries of two ranges are merged by what follows. */
  readonly fixedBytes: number;
}

/** How one key path of the index is bounded. */
export interface ComponentBounds {
  readonly path: string;
  readonly intervals: readonly Interval[];
  readonly kind: 'point' | 'points' | 'range';
  readonly isExact: boolean;
}

export interface IndexBounds {
  readonly ranges: readonly IndexRange[];
  /** The bounded leading components; all others are open. */
  readonly components: readonly ComponentBounds[];
  /** No document can match. */
  readonly isEmpty: boolean;
}

/** Works out the stretches of an index that hold every match of the conjunction. */
export function boundIndex(index: IndexRecord, conjunction: Conjunction): IndexBounds {
  const components: ComponentBounds[] = [];
  let ranges: IndexRange[] = [{ from: new Uint8Array(0), to: new Uint8Array(0), fixedBytes: 0 }];
  const used: PathBounds[] = [];
  for (const [path, kind] of index.keys) {
    const found =
      kind === '2dsphere' ? geoIntervals(path, conjunction) : pathIntervals(index, path, conjunction, used);
    if (found === undefined) break;
    if (found.intervals.length === 0)
      return { ranges: [], components: [...components, found], isEmpty: true };
    if (ranges.length * found.intervals.length > MAX_RANGES) break;
    const directed = directedIntervals(kind, found.intervals);
    ranges = ranges.flatMap((range) => directed.map((interval) => extend(range, interval)));
    components.push({ ...found, path });
    if (found.kind === 'range') break;
  }
  return { ranges: ranges.map(cutRange), components, isEmpty: false };
}

function extend(range: IndexRange, interval: Interval): IndexRange {
  const from = joinBytes(range.from, interval.from);
  return {
    from,
    to: joinBytes(range.from, interval.to),
    fixedBytes: interval.isPoint ? from.length : range.from.length,
  };
}

function cutRange(range: IndexRange): IndexRange {
  const from = cutBound(range.from);
  const to = cutBound(range.to);
  return {
    from: from.bytes,
    to:
      to.wasCut || range.to.length === 0
        ? to.bytes.length === 0
          ? to.bytes
          : afterPrefix(to.bytes)
        : to.bytes,
    fixedBytes: Math.min(range.fixedBytes, from.bytes.length),
  };
}

/** Intervals of values as they lie in a component of that direction, in key order. */
export function directedIntervals(kind: KeyKind, intervals: readonly Interval[]): readonly Interval[] {
  return kind === -1 ? descending(intervals) : intervals;
}

/** Inverted bytes for a descending component; order and ends change places. */
function descending(intervals: readonly Interval[]): Interval[] {
  return intervals
    .map((interval) => ({
      from: interval.isPoint ? inverted(interval.from) : afterPrefix(inverted(interval.to)),
      to: afterPrefix(inverted(interval.from)),
      isPoint: interval.isPoint,
    }))
    .reverse();
}

function inverted(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => 255 - byte);
}

function pathIntervals(
  index: IndexRecord,
  path: string,
  conjunction: Conjunction,
  used: PathBounds[],
): ComponentBounds | undefined {
  const candidates = conjunction.paths.filter((bounds) => bounds.path === path);
  if (candidates.length === 0) return undefined;
  const chosen = index.multikeyPaths.includes(path)
    ? chooseForArrays(index, path, candidates, used)
    : { intervals: intersectAll(candidates), isExact: candidates.every((bounds) => bounds.isExact) };
  if (chosen === undefined) return undefined;
  return { path, ...chosen, kind: kindOf(chosen.intervals) };
}

function kindOf(intervals: readonly Interval[]): ComponentBounds['kind'] {
  if (!intervals.every((interval) => interval.isPoint)) return 'range';
  return intervals.length === 1 ? 'point' : 'points';
}

function intersectAll(candidates: readonly PathBounds[]): readonly Interval[] {
  let out = candidates[0]!.intervals;
  for (const bounds of candidates.slice(1)) out = intersectIntervals(out, bounds.intervals);
  return out;
}

/**
 * Two conditions on an array may be met by two elements, so only one of them bounds the entries: the
 * tightest, or all that stand under one `$elemMatch` on the elements themselves. A second path through
 * the same array is bounded only by a condition of the same `$elemMatch`.
 */
function chooseForArrays(
  index: IndexRecord,
  path: string,
  candidates: readonly PathBounds[],
  used: PathBounds[],
): { intervals: readonly Interval[]; isExact: boolean } | undefined {
  const first = path.split('.')[0];
  const rivals = used.filter((bounds) => bounds.path.split('.')[0] === first);
  const open = candidates.filter((bounds) =>
    rivals.every((rival) => rival.group !== undefined && rival.group === bounds.group),
  );
  if (open.length === 0) return undefined;
  const best = open.reduce((a, b) => (tightness(b.intervals) > tightness(a.intervals) ? b : a));
  if (index.multikeyPaths.includes(path)) used.push(best);
  const { group } = best;
  const together =
    group !== undefined && group.op === 'elemMatch' && group.onValues
      ? intersectAll(open.filter((bounds) => bounds.group === group))
      : best.intervals;
  return { intervals: together, isExact: false };
}

function tightness(intervals: readonly Interval[]): number {
  if (intervals.every((interval) => interval.isPoint)) return 1000 - Math.min(intervals.length, 999);
  return -intervals.length;
}

function geoIntervals(path: string, conjunction: Conjunction): ComponentBounds | undefined {
  const bounds = conjunction.shapes.find((shape) => shape.path === path);
  if (bounds === undefined) return undefined;
  return { path, intervals: cellIntervals(bounds.shape), kind: 'range', isExact: false };
}

/** The cells that cover a shape, as intervals of the index component. */
export function cellIntervals(shape: GeoShape): Interval[] {
  const cells =
    shape.kind === 'circle'
      ? coverCircle(shape.centre[0], shape.centre[1], shape.metres)
      : shape.kind === 'box'
        ? coverBox(shape.low, shape.high)
        : coverBox(
            [shape.centre[0] - shape.degrees, shape.centre[1] - shape.degrees],
            [shape.centre[0] + shape.degrees, shape.centre[1] + shape.degrees],
          );
  return cells.map(({ from, to }) => ({
    from: encodeCell(from),
    to: afterPrefix(encodeCell(to)),
    isPoint: false,
  }));
}
