import { compilePath, valueAtPlainPath } from '../bson/path.ts';
import { TYPE_NAMES } from '../bson/types.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { elements, elementsOf, stringOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { arrayOperation } from './array-operators.ts';
import { fieldOperation, unsetOperation } from './field-operators.ts';
import type { Modification } from './modify.ts';
import type { Operation } from './operation.ts';
import { comparePaths, createConflictGuard, parseUpdatePath } from './path.ts';

/** What the update operators of the product are; anything else is error 9. */
const OPERATORS = new Set(
  (
    '$set $setOnInsert $unset $inc $mul $min $max $currentDate $bit $rename ' +
    '$push $addToSet $pull $pullAll $pop'
  ).split(' '),
);

/**
 * Parses an operator update into modifications in the order they are applied (by path, not as written).
 * Errors: 9 unknown operator or non-document operand, 40 conflicting paths, and those of the operators.
 */
export function parseModifications(update: RawDocument): Modification[] {
  const modifications: Modification[] = [];
  for (const { name, value } of elements(update)) {
    if (!OPERATORS.has(name)) {
      throw storeError(
        9,
        `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (value.type !== 0x03) {
      throw storeError(
        9,
        `Modifiers operate on fields but we found type ${TYPE_NAMES[value.type]} instead. For example: {$mod: {<field>: ...}} not {${name}: ...}`,
      );
    }
    for (const field of elementsOf(value)) {
      if (name === '$rename') modifications.push(...renameModifications(field.name, field.value));
      else modifications.push(modificationOf(name, field.name, field.value));
    }
  }
  const guard = createConflictGuard();
  for (const { path } of modifications) guard.add(path.text);
  return modifications.sort((a, b) => comparePaths(a.path.text, b.path.text));
}

function modificationOf(name: string, text: string, argument: RawValue): Modification {
  const path = parseUpdatePath(text);
  const operation = fieldOperation(name, argument, text) ?? arrayOperation(name, argument);
  return { path, operation: operation! };
}

/** `$rename` is two modifications: the target takes the source's value, the source is unset. */
function renameModifications(from: string, argument: RawValue): Modification[] {
  if (argument.type !== 0x02) {
    throw storeError(2, `The 'to' field for $rename must be a string: ${from}: ${TYPE_NAMES[argument.type]}`);
  }
  const source = parseUpdatePath(from);
  const target = parseUpdatePath(stringOf(argument));
  if (source.text === target.text) {
    throw storeError(2, `The source and target field for $rename must differ: ${from}: "${from}"`);
  }
  for (const [role, path] of [
    ['source', source],
    ['destination', target],
  ] as const) {
    if (path.segments.some(({ kind }) => kind !== 'name')) {
      throw storeError(2, `The ${role} field for $rename may not be dynamic: ${path.text}`);
    }
  }
  const sourcePath = compilePath(source.text);
  const take: Operation = {
    creates: true,
    isActive(original) {
      refuseArrays(original, source.text, 'source');
      if (!valueAtPlainPath(original, sourcePath)) return false;
      refuseArrays(original, target.text, 'destination');
      return true;
    },
    apply: (_, { original }) => valueAtPlainPath(original, sourcePath)!,
  };
  return [
    { path: target, operation: take },
    { path: source, operation: unsetOperation },
  ];
}

function refuseArrays(doc: RawDocument, path: string, role: string): void {
  const parts = path.split('.');
  for (let length = 1; length < parts.length; length++) {
    const above = parts.slice(0, length).join('.');
    if (valueAtPlainPath(doc, compilePath(above))?.type === 0x04) {
      throw storeError(
        2,
        `The ${role} field cannot be an array element, '${path}' has an array field '${above}'`,
      );
    }
  }
}
