import { arrayValue, documentOf } from '../bson/build.ts';
import { compareValues } from '../bson/compare.ts';
import { describe } from '../bson/describe.ts';
import { numberOf, wholeNumberOf } from '../bson/number.ts';
import { compilePath, valueAtPlainPath } from '../bson/path.ts';
import { TYPE_NAMES } from '../bson/types.ts';
import type { RawValue } from '../bson/types.ts';
import { arrayValues, elementsOf, getField, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { isOperatorDocument } from '../query/parse.ts';
import type { Operation } from './operation.ts';

type Order = (a: RawValue, b: RawValue) => number;

interface PushPlan {
  readonly added: readonly RawValue[];
  readonly position: number | undefined;
  readonly slice: number | undefined;
  readonly order: Order | undefined;
}

function wholeOption(value: RawValue, name: string): number {
  const number = wholeNumberOf(value);
  if (number !== undefined) return number;
  throw storeError(
    2,
    `The value for ${name} must be an integer value but was given type: ${TYPE_NAMES[value.type]}`,
  );
}

function pushOrder(value: RawValue): Order {
  const direction = numberOf(value);
  if (direction === 1 || direction === -1) return (a, b) => direction * compareValues(a, b);
  if (value.type !== 0x03)
    throw storeError(2, 'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1}');
  const keys = [...elementsOf(value)].map(({ name, value: way }) => {
    const sign = numberOf(way);
    if (sign !== 1 && sign !== -1) throw storeError(2, 'The $sort element value must be either 1 or -1');
    if (name.split('.').includes(''))
      throw storeError(2, 'The $sort field is a dotted field but has an empty part');
    return { path: compilePath(name), sign };
  });
  if (keys.length === 0) throw storeError(2, 'The $sort pattern is empty when it should be a set of fields.');
  return (a, b) => {
    for (const { path, sign } of keys) {
      const order = compareValues(fieldOf(a, path), fieldOf(b, path));
      if (order !== 0) return order * sign;
    }
    return 0;
  };
}

function fieldOf(value: RawValue, path: ReturnType<typeof compilePath>): RawValue | undefined {
  return value.type === 0x03 ? valueAtPlainPath(subdocument(value), path) : undefined;
}

function pushPlan(argument: RawValue): PushPlan {
  const each = argument.type === 0x03 ? getField(subdocument(argument), '$each') : undefined;
  if (!each) return { added: [argument], position: undefined, slice: undefined, order: undefined };
  const plan: { -readonly [K in keyof PushPlan]: PushPlan[K] } = {
    added: eachValues(each, '$push'),
    position: undefined,
    slice: undefined,
    order: undefined,
  };
  for (const { name, value } of elementsOf(argument)) {
    if (name === '$position') plan.position = wholeOption(value, '$position');
    else if (name === '$slice') plan.slice = wholeOption(value, '$slice');
    else if (name === '$sort') plan.order = pushOrder(value);
    else if (name !== '$each') throw storeError(2, `Unrecognized clause in $push: ${name}`);
  }
  return plan;
}

function eachValues(each: RawValue, operator: string): RawValue[] {
  if (each.type === 0x04) return arrayValues(each);
  throw storeError(
    operator === '$push' ? 2 : 14,
    `The argument to $each in ${operator} must be an array but it was of type ${TYPE_NAMES[each.type]}`,
  );
}

function currentArray(current: RawValue | undefined, path: string): RawValue[] {
  if (!current) return [];
  if (current.type === 0x04) return arrayValues(current);
  throw storeError(2, `The field '${path}' must be an array but is of type ${TYPE_NAMES[current.type]}`);
}

function pushOperation(argument: RawValue): Operation {
  const { added, position, slice, order } = pushPlan(argument);
  return {
    creates: true,
    apply(current, { path }) {
      const values = currentArray(current, path);
      const at = position === undefined ? values.length : position < 0 ? values.length + position : position;
      values.splice(Math.min(Math.max(at, 0), values.length), 0, ...added);
      if (order) values.sort(order);
      if (slice === undefined) return arrayValue(values);
      return arrayValue(slice < 0 ? values.slice(slice) : values.slice(0, slice));
    },
  };
}

function addToSetOperation(argument: RawValue): Operation {
  const [first, ...rest] = argument.type === 0x03 ? elementsOf(argument) : [];
  const usesEach = first?.name === '$each';
  if (usesEach && rest.length > 0) {
    throw storeError(2, `Found unexpected fields after $each in $addToSet: ${describe(argument)}`);
  }
  const added = usesEach ? eachValues(first.value, '$addToSet') : [argument];
  return {
    creates: true,
    apply(current, { path }) {
      if (current && current.type !== 0x04) {
        throw storeError(
          2,
          `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${TYPE_NAMES[current.type]}`,
        );
      }
      const values = currentArray(current, path);
      const before = values.length;
      for (const value of added) {
        if (!values.some((present) => compareValues(present, value) === 0)) values.push(value);
      }
      return current && values.length === before ? 'unchanged' : arrayValue(values);
    },
  };
}

/** Which elements `$pull` takes: by operators on the element, by a filter on objects, or by equality. */
function pullTest(condition: RawValue): (value: RawValue) => boolean {
  if (condition.type === 0x0b || isOperatorDocument(condition)) {
    const filter = compileFilter(documentOf([['element', condition]]));
    return (value) => filter.matches(documentOf([['element', value]]));
  }
  if (condition.type === 0x03) {
    const filter = compileFilter(subdocument(condition));
    return (value) => value.type === 0x03 && filter.matches(subdocument(value));
  }
  return (value) => compareValues(value, condition) === 0;
}

function removingOperation(name: string, removes: (value: RawValue) => boolean): Operation {
  return {
    creates: false,
    apply(current) {
      if (current!.type !== 0x04) throw storeError(2, `Cannot apply ${name} to a non-array value`);
      const values = arrayValues(current!);
      const kept = values.filter((value) => !removes(value));
      return kept.length === values.length ? 'unchanged' : arrayValue(kept);
    },
  };
}

function pullAllOperation(argument: RawValue): Operation {
  if (argument.type !== 0x04) {
    throw storeError(2, `$pullAll requires an array argument but was given a ${TYPE_NAMES[argument.type]}`);
  }
  const unwanted = arrayValues(argument);
  return removingOperation('$pull', (value) => unwanted.some((one) => compareValues(one, value) === 0));
}

function popOperation(argument: RawValue): Operation {
  const end = numberOf(argument);
  if (end !== 1 && end !== -1) throw storeError(9, `$pop expects 1 or -1, found: ${describe(argument)}`);
  return {
    creates: false,
    apply(current, { path }) {
      if (current!.type !== 0x04) {
        throw storeError(
          14,
          `Path '${path}' contains an element of non-array type '${TYPE_NAMES[current!.type]}'`,
        );
      }
      const values = arrayValues(current!);
      return values.length === 0
        ? 'unchanged'
        : arrayValue(end === 1 ? values.slice(0, -1) : values.slice(1));
    },
  };
}

/** The operation of an array operator on one path; undefined when the name is not an array operator. */
export function arrayOperation(name: string, argument: RawValue): Operation | undefined {
  switch (name) {
    case '$push':
      return pushOperation(argument);
    case '$addToSet':
      return addToSetOperation(argument);
    case '$pull':
      return removingOperation('$pull', pullTest(argument));
    case '$pullAll':
      return pullAllOperation(argument);
    case '$pop':
      return popOperation(argument);
    default:
      return undefined;
  }
}
