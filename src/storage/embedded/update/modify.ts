import { NULL_VALUE } from '../bson/build.ts';
import { describe } from '../bson/describe.ts';
import { arrayIndexOf } from '../bson/path.ts';
import type { RawDocument } from '../bson/types.ts';
import { storeError } from '../errors.ts';
import type { ArrayFilters } from './array-filters.ts';
import { UNSET_ELEMENT } from './field-operators.ts';
import type { Operation, UpdateContext } from './operation.ts';
import { createConflictGuard } from './path.ts';
import type { ConflictGuard, UpdatePath, UpdateSegment } from './path.ts';
import { emptyObject, entriesOf, leafOf, placeOf, treeOf, valueOfNode } from './tree.ts';
import type { TreeNode } from './tree.ts';

/** One operator on one path. */
export interface Modification {
  readonly path: UpdatePath;
  readonly operation: Operation;
}

/** MongoDB's limit on the nulls an index beyond the end of an array may add. */
const MAX_PADDING = 1_500_000;

interface Walk {
  readonly modification: Modification;
  readonly original: RawDocument;
  readonly context: UpdateContext;
  readonly filters: ArrayFilters;
  /** Set when array operators could lead two modifications to one field. */
  readonly guard: ConflictGuard | undefined;
}

/**
 * Applies modifications, in the order given, to a copy of the document. Errors: 28 a path leads through
 * a scalar, 2 a positional operator has nothing to stand for, 40 two modifications meet in one field.
 */
export function applyModifications(
  original: RawDocument,
  modifications: readonly Modification[],
  filters: ArrayFilters,
  context: UpdateContext,
): RawDocument {
  const root = treeOf(original);
  const spreads = modifications.some(({ path }) => path.segments.some(({ kind }) => kind !== 'name'));
  const guard = spreads ? createConflictGuard() : undefined;
  for (const modification of modifications) {
    if (modification.operation.isActive?.(original, context) === false) continue;
    descend(root, 0, [], { modification, original, context, filters, guard });
  }
  return valueOfNode(root).bytes;
}

function descend(parent: TreeNode, depth: number, way: readonly string[], walk: Walk): void {
  const { segments } = walk.modification.path;
  const segment = segments[depth]!;
  if (segment.kind === 'all' || segment.kind === 'filtered') return spread(parent, segment, depth, way, walk);
  const name = segment.kind === 'name' ? segment.name : positionalName(walk);
  const here = [...way, name];
  const { operation } = walk.modification;
  if (!entriesOf(parent) || (parent.type === 0x04 && arrayIndexOf(name) < 0)) {
    if (!operation.creates) return;
    const holder = `{${way.at(-1)}: ${describe(valueOfNode(parent))}}`;
    throw storeError(28, `Cannot create field '${name}' in element ${holder}`);
  }
  const place = placeOf(parent, name);
  if (place < 0) {
    if (operation.creates) create(parent, name, depth, here, walk);
    else requireArrays(segments, depth + 1, walk);
  } else if (depth === segments.length - 1) change(parent, place, here, walk);
  else descend(parent.entries![place]!.node, depth + 1, here, walk);
}

function positionalName({ context }: Walk): string {
  if (context.positionalIndex !== undefined) return String(context.positionalIndex);
  throw storeError(2, 'The positional operator did not find the match needed from the query.');
}

function spread(
  parent: TreeNode,
  segment: UpdateSegment,
  depth: number,
  way: readonly string[],
  walk: Walk,
): void {
  if (parent.type !== 0x04) {
    const holder = `${way.at(-1)}: ${describe(valueOfNode(parent))}`;
    throw storeError(2, `Cannot apply array updates to non-array element ${holder}`);
  }
  const accepts = segment.kind === 'filtered' ? walk.filters.get(segment.identifier)! : () => true;
  const entries = entriesOf(parent)!;
  for (let i = 0; i < entries.length; i++) {
    const { node } = entries[i]!;
    if (!accepts(valueOfNode(node))) continue;
    const here = [...way, String(i)];
    if (depth === walk.modification.path.segments.length - 1) change(parent, i, here, walk);
    else descend(node, depth + 1, here, walk);
  }
}

function change(parent: TreeNode, place: number, here: readonly string[], walk: Walk): void {
  const path = here.join('.');
  walk.guard?.add(path);
  const entry = parent.entries![place]!;
  const { original, context } = walk;
  const outcome = walk.modification.operation.apply(valueOfNode(entry.node), { path, original, context });
  if (outcome === 'unchanged') return;
  if (outcome !== 'removed') entry.node = leafOf(outcome);
  else if (parent.type === 0x04) entry.node = leafOf(UNSET_ELEMENT);
  else parent.entries!.splice(place, 1);
}

/** `$[]` and `$[identifier]` need their array to exist. */
function requireArrays(segments: readonly UpdateSegment[], from: number, { modification }: Walk): void {
  const at = segments.findIndex(({ kind }, i) => i >= from && (kind === 'all' || kind === 'filtered'));
  if (at < 0) return;
  const path = modification.path.text.split('.').slice(0, at).join('.');
  throw storeError(2, `The path '${path}' must exist in the document in order to apply array updates.`);
}

function create(parent: TreeNode, name: string, depth: number, here: readonly string[], walk: Walk): void {
  const { segments } = walk.modification.path;
  requireArrays(segments, depth + 1, walk);
  const below = segments
    .slice(depth + 1)
    .map((part) => (part.kind === 'name' ? part.name : positionalName(walk)));
  const path = [...here, ...below].join('.');
  walk.guard?.add(path);
  const { original, context } = walk;
  const outcome = walk.modification.operation.apply(undefined, { path, original, context });
  if (outcome === 'unchanged' || outcome === 'removed') return;
  let node = leafOf(outcome);
  for (const part of below.reverse()) {
    const holder = emptyObject();
    holder.entries!.push({ name: part, node });
    node = holder;
  }
  attach(parent, name, node);
}

function attach(parent: TreeNode, name: string, node: TreeNode): void {
  const entries = parent.entries!;
  if (parent.type !== 0x04) {
    entries.push({ name, node });
    return;
  }
  const index = arrayIndexOf(name);
  if (index - entries.length > MAX_PADDING) {
    throw storeError(2, `can't backfill more than ${MAX_PADDING} elements`);
  }
  while (entries.length < index) entries.push({ name: '', node: leafOf(NULL_VALUE) });
  entries.push({ name: '', node });
}
