import { typeBounds } from '../bson/key.ts';
import { BSON } from '../bson/types.ts';
import type { IndexRecord } from '../catalog/records.ts';
import { type Conjunction, gatherBounds, type Interval } from './bounds.ts';
import type { FilterNode } from './parse.ts';

/**
 * Whether the index holds every document the conjunction can match: its partial filter must follow from
 * the conditions, and a sparse index needs a condition that a missing field cannot meet.
 */
export function holdsAllMatches(index: IndexRecord, conjunction: Conjunction): boolean {
  if (index.partial !== undefined && !implies(conjunction, index.partial.root)) return false;
  const geoPaths = index.keys.filter(([, kind]) => kind === '2dsphere').map(([path]) => path);
  // A 2dsphere index leaves out documents without a point.
  if (geoPaths.length > 0) {
    return geoPaths.some((path) => conjunction.shapes.some((bounds) => bounds.path === path));
  }
  if (!index.sparse) return true;
  return index.keys.some(([path]) =>
    conjunction.paths.some((bounds) => bounds.path === path && bounds.needsField),
  );
}

/** True when each document that meets the conjunction meets `node`; false when that cannot be shown. */
function implies(conjunction: Conjunction, node: FilterNode): boolean {
  switch (node.op) {
    case 'and':
      return node.children.every((child) => implies(conjunction, child));
    case 'or':
      return node.children.some((child) => implies(conjunction, child));
    case 'exists':
      return (
        node.exists && conjunction.paths.some((bounds) => bounds.path === node.path && bounds.needsField)
      );
    case 'type':
      return conjunction.paths.some(
        (bounds) => bounds.path === node.path && bounds.isExact && withinTypes(bounds.intervals, node.types),
      );
    case 'eq':
    case 'in':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return impliesBounds(conjunction, node);
    case 'always':
      return node.value;
    default:
      return false;
  }
}

/**
 * One condition whose values all lie inside the filter's values: sound on arrays too, because the
 * element that meets the one meets the other.
 */
function impliesBounds(conjunction: Conjunction, node: FilterNode): boolean {
  const [wanted] = gatherBounds(node).paths;
  if (wanted === undefined || !wanted.isExact) return false;
  return conjunction.paths.some(
    (bounds) => bounds.path === wanted.path && bounds.isExact && within(bounds.intervals, wanted.intervals),
  );
}

function within(inner: readonly Interval[], outer: readonly Interval[]): boolean {
  return inner.every((a) =>
    outer.some((b) => Buffer.compare(b.from, a.from) <= 0 && Buffer.compare(a.to, b.to) <= 0),
  );
}

/** Only types that share their class with no other type can be told from an index key. */
function withinTypes(intervals: readonly Interval[], types: ReadonlySet<number>): boolean {
  const outer: Interval[] = [];
  for (const type of types) {
    if (type === BSON.string || type === BSON.objectId || type === BSON.date || type === BSON.bool) {
      outer.push({ ...typeBounds(type), isPoint: false });
    }
  }
  return within(intervals, outer);
}
