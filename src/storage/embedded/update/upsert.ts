import type { RawDocument, RawValue } from '../bson/types.ts';
import { documentOf } from '../bson/build.ts';
import { storeError } from '../errors.ts';
import type { CompiledFilter } from '../query/match.ts';
import type { FilterNode } from '../query/nodes.ts';
import { applyModifications } from './modify.ts';
import { comparePaths, parseUpdatePath } from './path.ts';

function equalitiesOf(node: FilterNode): { path: string; value: RawValue }[] {
  if (node.op === 'and') return node.children.flatMap(equalitiesOf);
  if (node.op === 'or' && node.children.length === 1) return equalitiesOf(node.children[0]!);
  if (node.op === 'eq') return [node];
  if (node.op === 'in' && node.values.length === 1 && node.regexes.length === 0) {
    return [{ path: node.path, value: node.values[0]! }];
  }
  return [];
}

/**
 * The document an upsert starts from: the equalities of the filter ($eq, alone or under $and, $all, a
 * single-branch $or, a single-value $in) in the order of their paths, dotted paths as nested objects. No
 * `_id` is made up. With `onlyId` (for a replacement) only `_id` counts. Errors: 54 two equalities meet in
 * one field, 111 a replacement with an equality inside `_id`.
 */
export function upsertSeed(filter: CompiledFilter, onlyId = false): RawDocument {
  const taken: string[] = [];
  const equalities = equalitiesOf(filter.root)
    .filter(({ path }) => !onlyId || path === '_id' || path.startsWith('_id.'))
    .sort((a, b) => comparePaths(a.path, b.path));
  if (onlyId && equalities.some(({ path }) => path !== '_id')) {
    throw storeError(111, 'field at _id must be exactly specified, field at sub-path found');
  }
  const modifications = equalities.map(({ path, value }) => {
    const clash = taken.find((other) => other === path || overlaps(other, path) || overlaps(path, other));
    if (clash !== undefined) {
      throw storeError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    }
    taken.push(path);
    return { path: parseUpdatePath(path), operation: { creates: true, apply: () => value } };
  });
  return applyModifications(documentOf([]), modifications, new Map(), { now: new Date(0), isInsert: true });
}

function overlaps(above: string, below: string): boolean {
  return below.startsWith(`${above}.`);
}
