import type { CollectionRecord, IndexRecord } from '../catalog/records.ts';
import { storeError } from '../errors.ts';
import { type Conjunction, gatherBounds } from './bounds.ts';
import { boundIndex, type ComponentBounds, type IndexRange } from './index-ranges.ts';
import type { FilterNode, NearNode } from './parse.ts';
import { holdsAllMatches } from './partial.ts';
import type { CompiledSort } from './sort.ts';

export interface IndexPlan {
  readonly kind: 'index';
  readonly index: IndexRecord;
  readonly ranges: readonly IndexRange[];
  readonly reverse: boolean;
  /** Documents come in the order asked for. */
  readonly servesSort: boolean;
  /** The ranges must be merged by what follows their fixed bytes, instead of read one after the other. */
  readonly merge: boolean;
  /** One document may be met through several entries. */
  readonly mayRepeat: boolean;
  /** Every entry inside the ranges is a match, so entries may be counted without their documents. */
  readonly isExact: boolean;
  readonly components: readonly ComponentBounds[];
  readonly score: number;
}

export type Plan =
  | { readonly kind: 'empty' }
  | IndexPlan
  /** The whole collection, in `_id` order. */
  | { readonly kind: 'scan'; readonly reverse: boolean }
  | { readonly kind: 'union'; readonly branches: readonly IndexPlan[] }
  | {
      readonly kind: 'near';
      readonly index: IndexRecord;
      readonly near: NearNode;
      readonly conjunction: Conjunction;
    };

export interface PlanRequest {
  readonly collection: CollectionRecord;
  readonly filter: FilterNode;
  readonly sort: CompiledSort | undefined;
  /** An index name, or a key pattern as `field_1_other_-1`; `$natural` forbids indexes. */
  readonly hint: Hint | undefined;
}

export type Hint =
  | { readonly name: string }
  | { readonly keys: readonly (readonly [string, unknown])[] }
  | { readonly natural: 1 | -1 };

/** Chooses how to find the candidates of a filter: bounds first, then the sort (reference, "Planner"). */
export function choosePlan(request: PlanRequest): Plan {
  const { collection, filter, sort, hint } = request;
  const near = findNear(filter);
  const conjunction = gatherBounds(filter);
  if (conjunction.isEmpty) return { kind: 'empty' };
  const allowed = hintedIndexes(collection, hint);
  if (near !== undefined) return planNear(near, conjunction, allowed);
  if (hint !== undefined && 'natural' in hint) return { kind: 'scan', reverse: hint.natural === -1 };

  const best = bestIndex(allowed, conjunction, sort, hint !== undefined);
  if (best === 'empty') return { kind: 'empty' };
  if ((best === undefined || best.score < 1000) && conjunction.ors.length > 0) {
    const union = planUnion(allowed, conjunction);
    if (union !== undefined) return union;
  }
  return best ?? { kind: 'scan', reverse: false };
}

/** The `$near` of a filter: at the top, or inside `$and`. */
export function findNear(node: FilterNode): NearNode | undefined {
  if (node.op === 'near') return node;
  if (node.op !== 'and') return undefined;
  for (const child of node.children) {
    const found = findNear(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function hintedIndexes(collection: CollectionRecord, hint: Hint | undefined): readonly IndexRecord[] {
  const ready = collection.indexes.filter((index) => index.ready);
  if (hint === undefined || 'natural' in hint) return ready;
  const chosen = ready.find((index) =>
    'name' in hint
      ? index.name === hint.name
      : index.keys.length === hint.keys.length &&
        index.keys.every(([path, kind], i) => path === hint.keys[i]![0] && kind === hint.keys[i]![1]),
  );
  if (chosen === undefined) {
    throw storeError(
      2,
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  }
  return [chosen];
}

function bestIndex(
  indexes: readonly IndexRecord[],
  conjunction: Conjunction,
  sort: CompiledSort | undefined,
  isHinted: boolean,
): IndexPlan | 'empty' | undefined {
  let best: IndexPlan | undefined;
  for (const index of indexes) {
    const plan = planIndex(index, conjunction, sort, isHinted);
    if (plan === 'empty') return 'empty';
    if (plan !== undefined && (best === undefined || plan.score > best.score)) best = plan;
  }
  return best;
}

function planIndex(
  index: IndexRecord,
  conjunction: Conjunction,
  sort: CompiledSort | undefined,
  isHinted: boolean,
): IndexPlan | 'empty' | undefined {
  const holdsAll = holdsAllMatches(index, conjunction);
  // A hinted sparse index is obeyed even if it leaves documents out; a hinted partial one is not.
  if (!holdsAll && !(isHinted && index.sparse && index.partial === undefined)) {
    if (isHinted)
      throw storeError(
        2,
        'error processing query: planner returned error :: caused by :: the hinted index cannot serve this query',
      );
    return undefined;
  }
  const bounds = boundIndex(index, conjunction);
  if (bounds.isEmpty) return 'empty';
  const order = sort === undefined ? undefined : serveSort(index, bounds.components, sort);
  const score = scoreOf(index, bounds.components, order !== undefined);
  if (score <= 0 && !isHinted) return undefined;
  const covered = bounds.components.length;
  const singlePoint =
    bounds.ranges.length === 1 &&
    bounds.components.every((c) => c.kind === 'point') &&
    covered === index.keys.length;
  return {
    kind: 'index',
    index,
    ranges: bounds.ranges,
    reverse: order?.reverse ?? false,
    servesSort: order !== undefined,
    merge: order?.merge === true && bounds.ranges.length > 1,
    mayRepeat: index.multikeyPaths.length > 0 && !singlePoint,
    isExact:
      conjunction.isExact &&
      index.multikeyPaths.length === 0 &&
      !index.hasCutKeys &&
      conjunction.paths.every((path) => bounds.components.some((c) => c.path === path.path)) &&
      bounds.components.every((c) => c.isExact),
    components: bounds.components,
    score,
  };
}

function scoreOf(index: IndexRecord, components: readonly ComponentBounds[], servesSort: boolean): number {
  let score = 0;
  for (const { kind, intervals } of components) {
    if (kind === 'point') score += 1000;
    else if (kind === 'points') score += 900;
    else score += intervals.every(isWide) ? 0 : 300;
  }
  const allPoints = components.length === index.keys.length && components.every((c) => c.kind === 'point');
  if (index.unique && allPoints) score += 100_000;
  if (servesSort) score += 250;
  return score === 0 ? 0 : score - (index.keys.length - components.length);
}

/** Bounds that span all values do not narrow anything. */
function isWide(interval: { from: Uint8Array; to: Uint8Array }): boolean {
  return interval.from[0]! <= 1 && interval.to[0]! > 240;
}

/**
 * Whether reading the ranges gives the order of the sort, in which direction, and whether they must be
 * merged. Components fixed to one value do not disturb the order; a component through arrays never
 * gives one, nor does an index with cut keys.
 */
function serveSort(
  index: IndexRecord,
  components: readonly ComponentBounds[],
  sort: CompiledSort,
): { reverse: boolean; merge: boolean } | undefined {
  if (index.hasCutKeys) return undefined;
  let next = 0;
  let reverse: boolean | undefined;
  let merge = false;
  let hasOrder = false;
  const takes = (descending: boolean): boolean => {
    const wanted = sort.keys[next]!.descending !== descending;
    if (reverse !== undefined && reverse !== wanted) return false;
    reverse = wanted;
    next++;
    return true;
  };
  for (let i = 0; i < index.keys.length && next < sort.keys.length; i++) {
    const [path, kind] = index.keys[i]!;
    const isMultikey = index.multikeyPaths.includes(path);
    const fixed = components[i]?.kind === 'point';
    if (fixed && !isMultikey && sort.keys[next]!.path === path) {
      next++;
      continue;
    }
    if (fixed) continue;
    if (sort.keys[next]!.path === path && !isMultikey && kind !== '2dsphere') {
      if (!takes(kind === -1)) return undefined;
      hasOrder = true;
      continue;
    }
    if (components[i]?.kind !== 'points' || hasOrder) return undefined;
    merge = true;
  }
  // Entries with equal components are in the order of `_id`; a unique index has no equal ones.
  if (next < sort.keys.length && index.unique && index.multikeyPaths.length === 0 && !merge)
    next = sort.keys.length;
  if (next === sort.keys.length - 1 && sort.keys[next]!.path === '_id' && !index.unique && !takes(false))
    return undefined;
  return next === sort.keys.length ? { reverse: reverse ?? false, merge } : undefined;
}

function planUnion(indexes: readonly IndexRecord[], conjunction: Conjunction): Plan | undefined {
  for (const children of conjunction.ors) {
    const branches: IndexPlan[] = [];
    for (const child of children) {
      const own = gatherBounds(child);
      if (own.isEmpty) continue;
      const together: Conjunction = {
        paths: [...own.paths, ...conjunction.paths],
        shapes: [...own.shapes, ...conjunction.shapes],
        ors: [],
        isExact: false,
        isEmpty: false,
      };
      const plan = bestIndex(indexes, together, undefined, false);
      if (plan === 'empty') continue;
      if (plan === undefined) break;
      branches.push(plan);
    }
    const needed = children.filter((child) => !gatherBounds(child).isEmpty).length;
    if (branches.length === needed && needed > 0) return { kind: 'union', branches };
  }
  return undefined;
}

function planNear(near: NearNode, conjunction: Conjunction, indexes: readonly IndexRecord[]): Plan {
  const usable = indexes.filter((index) => {
    if (!index.keys.some(([path, kind]) => kind === '2dsphere' && path === near.path)) return false;
    const withShape: Conjunction = {
      ...conjunction,
      shapes: [
        ...conjunction.shapes,
        { path: near.path, shape: { kind: 'circle', centre: near.centre, metres: 1 } },
      ],
    };
    return holdsAllMatches(index, withShape);
  });
  if (usable.length === 0) {
    throw storeError(
      291,
      'error processing query: planner returned error :: caused by :: unable to find index for $geoNear query',
    );
  }
  const leading = (index: IndexRecord) => {
    const bounds = boundIndex(index, conjunction).components;
    const geoAt = index.keys.findIndex(([, kind]) => kind === '2dsphere');
    return bounds.length >= geoAt ? geoAt : -1;
  };
  const index = usable.reduce((a, b) => (leading(b) > leading(a) ? b : a));
  return { kind: 'near', index, near, conjunction };
}
