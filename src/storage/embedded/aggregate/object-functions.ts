import { arrayValue, documentOf, NULL_VALUE, objectValue, stringValue } from '../bson/build.ts';
import type { RawValue } from '../bson/types.ts';
import { arrayValues, elementsOf, getField, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { exactly, isNullish, requireType, typeName } from './evaluate.ts';
import type { FunctionTable, Maybe } from './evaluate.ts';

function mergeObjects(values: readonly Maybe[]): RawValue {
  const merged = new Map<string, RawValue>();
  for (const value of values) {
    if (isNullish(value)) continue;
    if (value.type !== 0x03) {
      throw storeError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
      );
    }
    for (const field of elementsOf(value)) merged.set(field.name, field.value);
  }
  return objectValue(documentOf(merged));
}

function objectToArray([value]: readonly Maybe[]): RawValue {
  if (isNullish(value)) return NULL_VALUE;
  const object = requireType(value, 0x03, 40390, '$objectToArray requires a document input, found: ');
  return arrayValue(
    [...elementsOf(object)].map((field) =>
      objectValue(
        documentOf([
          ['k', stringValue(field.name)],
          ['v', field.value],
        ]),
      ),
    ),
  );
}

function pairOf(value: RawValue): [string, RawValue] {
  const parts =
    value.type === 0x04
      ? arrayValues(value)
      : value.type === 0x03
        ? [getField(subdocument(value), 'k'), getField(subdocument(value), 'v')]
        : [];
  const [key, content] = parts;
  if (parts.length !== 2 || key?.type !== 0x02 || !content) {
    throw storeError(40391, '$arrayToObject requires pairs [k, v] or objects {k, v} with a string key');
  }
  return [stringOf(key), content];
}

function arrayToObject([value]: readonly Maybe[]): RawValue {
  if (isNullish(value)) return NULL_VALUE;
  const array = requireType(value, 0x04, 40386, '$arrayToObject requires an array input, found: ');
  return objectValue(documentOf(new Map(arrayValues(array).map(pairOf))));
}

/** Operators on objects. */
export const OBJECT_FUNCTIONS: FunctionTable = {
  $mergeObjects: {
    least: 0,
    most: Infinity,
    run(values) {
      const [only] = values;
      return mergeObjects(values.length === 1 && only?.type === 0x04 ? arrayValues(only) : values);
    },
  },
  $objectToArray: exactly(1, objectToArray),
  $arrayToObject: exactly(1, arrayToObject),
};
