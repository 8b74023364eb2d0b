import { describe } from '../bson/describe.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { arrayValues, elementsOf, getField, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import type { FilterOptions } from '../query/nodes.ts';
import { parseProjection } from '../query/projection-parse.ts';
import { createBranch, plant, projectDocument } from '../query/projection-tree.ts';
import type { BranchNode } from '../query/projection-tree.ts';
import { compileExpression } from './expression.ts';

/** A stage that makes one document of one document. */
export type Transform = (doc: RawDocument) => RawDocument;

/** Compiles a one-to-one stage; undefined when the name is none ($project, $set, $addFields, $unset, $replaceRoot, $replaceWith). */
export function compileTransform(
  name: string,
  spec: RawValue,
  options: FilterOptions,
): Transform | undefined {
  switch (name) {
    case '$project':
      return compileProject(spec, options);
    case '$set':
    case '$addFields':
      return compileAdd(name, spec, options);
    case '$unset':
      return compileUnset(spec);
    case '$replaceRoot': {
      const newRoot = spec.type === 0x03 ? getField(subdocument(spec), 'newRoot') : undefined;
      if (!newRoot) throw storeError(40231, 'no newRoot specified for the $replaceRoot stage');
      return compileReplace(newRoot, options);
    }
    case '$replaceWith':
      return compileReplace(spec, options);
    default:
      return undefined;
  }
}

function compileProject(spec: RawValue, options: FilterOptions): Transform {
  if (spec.type !== 0x03) throw storeError(15969, '$project specification must be an object');
  if (elementsOf(spec).length === 0) {
    throw storeError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  const { tree, mode } = parseProjection(subdocument(spec), options);
  return (doc) => projectDocument(doc, tree, mode);
}

function compileAdd(name: string, spec: RawValue, options: FilterOptions): Transform {
  if (spec.type !== 0x03) throw storeError(40272, `${name} specification stage must be an object`);
  const tree = createBranch();
  plantExpressions(tree, '', spec, options);
  return (doc) => projectDocument(doc, tree, 'add');
}

function plantExpressions(tree: BranchNode, prefix: string, spec: RawValue, options: FilterOptions): void {
  for (const { name, value } of elementsOf(spec)) {
    if (name.startsWith('$'))
      throw storeError(16410, `FieldPath field names may not start with '$': ${name}`);
    const [first] = value.type === 0x03 ? elementsOf(value) : [];
    if (first && !first.name.startsWith('$')) plantExpressions(tree, `${prefix}${name}.`, value, options);
    else plant(tree, prefix + name, { kind: 'computed', evaluate: compileExpression(value, options) });
  }
}

function compileUnset(spec: RawValue): Transform {
  const names = spec.type === 0x04 ? arrayValues(spec) : [spec];
  if (names.length === 0 || names.some(({ type }) => type !== 0x02)) {
    throw storeError(31002, '$unset specification must be a string or an array of strings');
  }
  const tree = createBranch();
  for (const name of names) plant(tree, stringOf(name), { kind: 'exclude' });
  return (doc) => projectDocument(doc, tree, 'exclusion');
}

function compileReplace(newRoot: RawValue, options: FilterOptions): Transform {
  const expression = compileExpression(newRoot, options);
  return (doc) => {
    const value = expression(doc);
    if (value?.type === 0x03) return subdocument(value);
    throw storeError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was: ${describe(value)}`,
    );
  };
}
