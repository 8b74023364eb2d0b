import { compileExpression } from '../aggregate/expression.ts';
import { isTruthy } from '../bson/number.ts';
import { isNumeric } from '../bson/types.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { elements, elementsOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import type { FilterOptions } from './nodes.ts';
import { createBranch, plant } from './projection-tree.ts';
import type { BranchNode, FieldNode, ProjectionMode } from './projection-tree.ts';

export interface ParsedProjection {
  readonly tree: BranchNode;
  readonly mode: ProjectionMode;
}

/** A node for a field that only one kind of projection knows; `decides` says whether it implies inclusion. */
export type SpecialField = (
  path: string,
  value: RawValue,
) => { readonly path: string; readonly node: FieldNode; readonly decides: boolean } | undefined;

interface Leaf {
  readonly path: string;
  readonly node: FieldNode;
  readonly decides: boolean;
}

/**
 * Parses a projection document of `find` or `$project`: inclusions or exclusions (`_id` may differ from the
 * rest), nested documents, expressions. Errors: 31253 / 31254 inclusions mixed with exclusions, 31249 / 31250
 * colliding paths, 51270 an empty nested document.
 */
export function parseProjection(
  spec: RawDocument,
  options: FilterOptions,
  special: SpecialField = () => undefined,
): ParsedProjection {
  const leaves = leavesOf(spec, '', options, special);
  const mode = modeOf(leaves);
  const tree = createBranch();
  if (mode === 'inclusion' && !leaves.some(({ path }) => path === '_id' || path.startsWith('_id.'))) {
    plant(tree, '_id', { kind: 'include' });
  }
  for (const { path, node } of leaves) {
    if (mode === 'exclusion' && node.kind === 'include' && path !== '_id') {
      throw storeError(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
    }
    if (mode === 'exclusion' && node.kind === 'computed') {
      throw storeError(31252, `Cannot use an expression for field ${path} in exclusion projection`);
    }
    if (mode === 'inclusion' && node.kind === 'exclude') {
      if (path !== '_id') {
        throw storeError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
      }
      continue;
    }
    plant(tree, path, node);
  }
  return { tree, mode };
}

function modeOf(leaves: readonly Leaf[]): ProjectionMode {
  const deciding =
    leaves.find(({ path, decides }) => decides && path !== '_id') ?? leaves.find(({ decides }) => decides);
  return !deciding || deciding.node.kind === 'exclude' ? 'exclusion' : 'inclusion';
}

function leavesOf(spec: RawDocument, prefix: string, options: FilterOptions, special: SpecialField): Leaf[] {
  return [...elements(spec)].flatMap(({ name, value }) => {
    const path = prefix + name;
    if (name.startsWith('$'))
      throw storeError(16410, `FieldPath field names may not start with '$': ${path}`);
    const known = special(path, value);
    if (known) return [known];
    if (isNumeric(value.type) || value.type === 0x08) {
      return [{ path, node: { kind: isTruthy(value) ? 'include' : 'exclude' } as const, decides: true }];
    }
    if (value.type !== 0x03) return [computed(path, value, options)];
    const [first] = elementsOf(value);
    if (!first) {
      throw storeError(
        51270,
        `An empty sub-projection is not a valid value. Found empty object at path ${path}`,
      );
    }
    if (first.name.startsWith('$')) return [computed(path, value, options)];
    return leavesOf(subdocument(value), `${path}.`, options, special);
  });
}

function computed(path: string, value: RawValue, options: FilterOptions): Leaf {
  return { path, node: { kind: 'computed', evaluate: compileExpression(value, options) }, decides: true };
}
