import { arrayValue, boolValue, documentOf, doubleValue, NULL_VALUE, objectValue } from '../bson/build.ts';
import { isTruthy } from '../bson/number.ts';
import type { RawValue } from '../bson/types.ts';
import { arrayValues, elementsOf, getField, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { fieldAtPath, isNullish, typeName } from './evaluate.ts';
import type { Evaluator, Frame, Maybe } from './evaluate.ts';
import type { Compiler } from './expression.ts';

/** An operator that decides itself which of its arguments are evaluated, and in which variables. */
export type SpecialForm = (operand: RawValue, compiler: Compiler) => Evaluator;

/** The named arguments of an operator; code 9 on a missing or unknown one. */
export function namedArguments(
  name: string,
  operand: RawValue,
  required: readonly string[],
  optional: readonly string[] = [],
): ReadonlyMap<string, RawValue> {
  if (operand.type !== 0x03) throw storeError(9, `${name} only supports an object as its argument`);
  const found = new Map<string, RawValue>();
  for (const element of elementsOf(operand)) {
    if (!required.includes(element.name) && !optional.includes(element.name)) {
      throw storeError(9, `Unrecognized argument to ${name}: ${element.name}`);
    }
    found.set(element.name, element.value);
  }
  for (const wanted of required) {
    if (!found.has(wanted)) throw storeError(9, `Missing '${wanted}' parameter to ${name}`);
  }
  return found;
}

function listOf(operand: RawValue): RawValue[] {
  return operand.type === 0x04 ? arrayValues(operand) : [operand];
}

function conditional(operand: RawValue, compiler: Compiler): Evaluator {
  let parts: (RawValue | undefined)[] = [];
  if (operand.type === 0x04) parts = arrayValues(operand);
  else {
    const named = namedArguments('$cond', operand, ['if', 'then', 'else']);
    parts = [named.get('if'), named.get('then'), named.get('else')];
  }
  if (parts.length !== 3) {
    throw storeError(16020, `Expression $cond takes exactly 3 arguments. ${parts.length} were passed in.`);
  }
  const [test, yes, no] = parts.map((part) => compiler.compile(part!));
  return (frame) => (isTruthy(test!(frame)) ? yes!(frame) : no!(frame));
}

function switchForm(operand: RawValue, compiler: Compiler): Evaluator {
  const named = namedArguments('$switch', operand, ['branches'], ['default']);
  const branches = named.get('branches')!;
  if (branches.type !== 0x04) throw storeError(40060, '$switch expected an array for branches');
  const compiled = arrayValues(branches).map((branch) => {
    const parts = namedArguments('$switch branch', branch, ['case', 'then']);
    return { test: compiler.compile(parts.get('case')!), result: compiler.compile(parts.get('then')!) };
  });
  if (compiled.length === 0) throw storeError(40068, '$switch requires at least one branch');
  const otherwise = named.get('default');
  const fallback = otherwise && compiler.compile(otherwise);
  return (frame) => {
    const branch = compiled.find(({ test }) => isTruthy(test(frame)));
    if (branch) return branch.result(frame);
    if (fallback) return fallback(frame);
    throw storeError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
}

function firstNonNull(operand: RawValue, compiler: Compiler): Evaluator {
  const parts = listOf(operand).map((part) => compiler.compile(part));
  if (parts.length < 2) throw storeError(1257300, '$ifNull needs at least two arguments');
  const last = parts.pop()!;
  return (frame) => {
    for (const part of parts) {
      const value = part(frame);
      if (!isNullish(value)) return value;
    }
    return last(frame);
  };
}

function junction(stopsAt: boolean): SpecialForm {
  return (operand, compiler) => {
    const parts = listOf(operand).map((part) => compiler.compile(part));
    return (frame) => boolValue(parts.some((part) => isTruthy(part(frame)) === stopsAt) === stopsAt);
  };
}

function letForm(operand: RawValue, compiler: Compiler): Evaluator {
  const named = namedArguments('$let', operand, ['vars', 'in']);
  const variables = [...elementsOf(named.get('vars')!)];
  const values = variables.map(({ value }) => compiler.compile(value));
  const { inner, slots } = compiler.withVariables(variables.map(({ name }) => name));
  const body = inner.compile(named.get('in')!);
  return (frame) => {
    const assigned = values.map((value) => value(frame));
    slots.forEach((slot, i) => (frame.slots[slot] = assigned[i]));
    return body(frame);
  };
}

function inputArray(input: Maybe, code: number, name: string): RawValue[] | undefined {
  if (isNullish(input)) return undefined;
  if (input.type !== 0x04) throw storeError(code, `input to ${name} must be an array not ${typeName(input)}`);
  return arrayValues(input);
}

function elementName(value: RawValue | undefined): string {
  return value ? stringOf(value) : 'this';
}

function filterForm(operand: RawValue, compiler: Compiler): Evaluator {
  const named = namedArguments('$filter', operand, ['input', 'cond'], ['as']);
  const input = compiler.compile(named.get('input')!);
  const { inner, slots } = compiler.withVariables([elementName(named.get('as'))]);
  const test = inner.compile(named.get('cond')!);
  return (frame) => {
    const values = inputArray(input(frame), 28651, '$filter');
    return values
      ? arrayValue(values.filter((value) => isTruthy(withSlot(frame, slots[0]!, value, test))))
      : NULL_VALUE;
  };
}

function withSlot(frame: Frame, slot: number, value: Maybe, body: Evaluator): Maybe {
  frame.slots[slot] = value;
  return body(frame);
}

function mapForm(operand: RawValue, compiler: Compiler): Evaluator {
  const named = namedArguments('$map', operand, ['input', 'in'], ['as']);
  const input = compiler.compile(named.get('input')!);
  const { inner, slots } = compiler.withVariables([elementName(named.get('as'))]);
  const body = inner.compile(named.get('in')!);
  return (frame) => {
    const values = inputArray(input(frame), 16883, '$map');
    return values
      ? arrayValue(values.map((value) => withSlot(frame, slots[0]!, value, body) ?? NULL_VALUE))
      : NULL_VALUE;
  };
}

function reduceForm(operand: RawValue, compiler: Compiler): Evaluator {
  const named = namedArguments('$reduce', operand, ['input', 'initialValue', 'in']);
  const input = compiler.compile(named.get('input')!);
  const initial = compiler.compile(named.get('initialValue')!);
  const { inner, slots } = compiler.withVariables(['this', 'value']);
  const body = inner.compile(named.get('in')!);
  return (frame) => {
    const values = inputArray(input(frame), 40080, '$reduce');
    if (!values) return NULL_VALUE;
    let result = initial(frame);
    for (const value of values) {
      frame.slots[slots[1]!] = result;
      result = withSlot(frame, slots[0]!, value, body);
    }
    return result;
  };
}

function getFieldForm(operand: RawValue, compiler: Compiler): Evaluator {
  const isNamed = operand.type === 0x03 && getField(subdocument(operand), 'field') !== undefined;
  const named = isNamed ? namedArguments('$getField', operand, ['field'], ['input']) : undefined;
  const field = compiler.compile(named?.get('field') ?? operand)({ root: EMPTY, slots: [] });
  if (field?.type !== 0x02) throw storeError(5654602, `$getField requires 'field' to be a constant string`);
  const name = Buffer.from(stringOf(field));
  const given = named?.get('input');
  const input: Evaluator = given
    ? compiler.compile(given)
    : ({ root }) => ({ type: 0x03, bytes: root, start: 0, end: root.length });
  return (frame) => {
    const object = input(frame);
    if (isNullish(object)) return object === undefined ? undefined : NULL_VALUE;
    return object.type === 0x03 ? fieldAtPath(object, [name]) : undefined;
  };
}

/** `$setField`: a field by its literal name, which may hold dots and `$`; $$REMOVE takes it away. */
function setFieldForm(operand: RawValue, compiler: Compiler): Evaluator {
  const named = namedArguments('$setField', operand, ['field', 'input', 'value']);
  const field = compiler.compile(named.get('field')!)({ root: EMPTY, slots: [] });
  if (field?.type !== 0x02) throw storeError(4161107, `$setField requires 'field' to be a constant string`);
  const name = stringOf(field);
  const input = compiler.compile(named.get('input')!);
  const value = compiler.compile(named.get('value')!);
  return (frame) => {
    const object = input(frame);
    if (isNullish(object)) return NULL_VALUE;
    if (object.type !== 0x03) {
      throw storeError(
        4161105,
        `$setField requires 'input' to evaluate to type Object, found ${typeName(object)}`,
      );
    }
    const fields = new Map(elementsOf(object).map((element) => [element.name, element.value]));
    const wanted = value(frame);
    if (wanted) fields.set(name, wanted);
    else fields.delete(name);
    return objectValue(documentOf(fields));
  };
}

function randomForm(_: RawValue, { random }: Compiler): Evaluator {
  if (!random) throw storeError(168, '$rand is not allowed here');
  return () => doubleValue(random());
}

const EMPTY = Uint8Array.of(5, 0, 0, 0, 0);

export const SPECIAL_FORMS: Readonly<Record<string, SpecialForm>> = {
  $literal: (operand) => () => operand,
  $cond: conditional,
  $switch: switchForm,
  $ifNull: firstNonNull,
  $and: junction(false),
  $or: junction(true),
  $let: letForm,
  $filter: filterForm,
  $map: mapForm,
  $reduce: reduceForm,
  $getField: getFieldForm,
  $setField: setFieldForm,
  $rand: randomForm,
};
