import { calculate, integerOf } from '../bson/arithmetic.ts';
import { dateValue, int32Value, longValue, NULL_VALUE, timestampValue } from '../bson/build.ts';
import { compareValues } from '../bson/compare.ts';
import { describe } from '../bson/describe.ts';
import { isNumeric, TYPE_NAMES } from '../bson/types.ts';
import type { RawValue } from '../bson/types.ts';
import { elementsOf, getField, stringOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import type { Operation, Place } from './operation.ts';

function setOperation(value: RawValue): Operation {
  return { creates: true, apply: () => value };
}

function setOnInsertOperation(value: RawValue): Operation {
  return { creates: true, isActive: (_, context) => context.isInsert, apply: () => value };
}

/** Takes a field away; an array element becomes null (see `placeOutcome`). */
export const unsetOperation: Operation = { creates: false, apply: () => 'removed' };

function idOf({ original }: Place): string {
  return `{_id: ${describe(getField(original, '_id'))}}`;
}

function arithmeticOperation(name: '$inc' | '$mul', argument: RawValue, path: string): Operation {
  if (!isNumeric(argument.type)) {
    const verb = name === '$inc' ? 'increment' : 'multiply';
    throw storeError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${describe(argument)}}`);
  }
  return {
    creates: true,
    apply(current, place) {
      if (!current) return name === '$inc' ? argument : calculate('multiply', zeroLike(argument), argument)!;
      if (!isNumeric(current.type)) {
        throw storeError(
          14,
          `Cannot apply ${name} to a value of non-numeric type. ${idOf(place)} has the field ` +
            `'${place.path}' of non-numeric type ${TYPE_NAMES[current.type]}`,
        );
      }
      const result = calculate(name === '$inc' ? 'add' : 'multiply', current, argument);
      if (result) return result;
      throw storeError(
        2,
        `Failed to apply ${name} operations to current value (${describe(current)}) for document ${idOf(place)}`,
      );
    },
  };
}

function zeroLike({ type }: RawValue): RawValue {
  return type === 0x12 ? longValue(0n) : int32Value(0);
}

function extremeOperation(name: '$min' | '$max', argument: RawValue): Operation {
  const wanted = name === '$min' ? -1 : 1;
  return {
    creates: true,
    apply: (current) => (current && compareValues(argument, current) !== wanted ? 'unchanged' : argument),
  };
}

function currentDateOperation(argument: RawValue): Operation {
  const invalid = (): Error =>
    storeError(2, 'The value of $currentDate must be a boolean or {$type: "date" | "timestamp"}');
  let kind = 'date';
  if (argument.type === 0x03) {
    const [type, ...rest] = elementsOf(argument);
    if (type?.name !== '$type' || type.value.type !== 0x02 || rest.length > 0) throw invalid();
    kind = stringOf(type.value);
  } else if (argument.type !== 0x08) throw invalid();
  if (kind !== 'date' && kind !== 'timestamp') throw invalid();
  return {
    creates: true,
    apply: (_, { context: { now } }) =>
      kind === 'date' ? dateValue(now.getTime()) : timestampValue(Math.floor(now.getTime() / 1000)),
  };
}

function bitOperation(argument: RawValue, path: string): Operation {
  const steps = argument.type === 0x03 ? [...elementsOf(argument)] : [];
  if (steps.length === 0) throw storeError(2, `The $bit modifier needs {and|or|xor: number} for '${path}'`);
  for (const { name, value } of steps) {
    if (!['and', 'or', 'xor'].includes(name))
      throw storeError(2, `The $bit modifier does not know '${name}'`);
    if (value.type !== 0x10 && value.type !== 0x12)
      throw storeError(2, 'The $bit modifier field must be an Integer');
  }
  return {
    creates: true,
    apply(current) {
      if (current && current.type !== 0x10 && current.type !== 0x12) {
        throw storeError(2, `Cannot apply $bit to a value of non-integral type ${TYPE_NAMES[current.type]}`);
      }
      let isLong = current?.type === 0x12;
      let bits = current ? integerOf(current) : 0n;
      for (const { name, value } of steps) {
        const operand = integerOf(value);
        isLong ||= value.type === 0x12;
        bits = name === 'and' ? bits & operand : name === 'or' ? bits | operand : bits ^ operand;
      }
      return isLong ? longValue(bits) : int32Value(Number(bits));
    },
  };
}

/** The operation of a field operator on one path; undefined when the name is not a field operator. */
export function fieldOperation(name: string, argument: RawValue, path: string): Operation | undefined {
  switch (name) {
    case '$set':
      return setOperation(argument);
    case '$setOnInsert':
      return setOnInsertOperation(argument);
    case '$unset':
      return unsetOperation;
    case '$inc':
    case '$mul':
      return arithmeticOperation(name, argument, path);
    case '$min':
    case '$max':
      return extremeOperation(name, argument);
    case '$currentDate':
      return currentDateOperation(argument);
    case '$bit':
      return bitOperation(argument, path);
    default:
      return undefined;
  }
}

/** What stays in an array where an element was unset. */
export const UNSET_ELEMENT = NULL_VALUE;
