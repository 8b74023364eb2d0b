import { arrayValue, dateValue, documentOf, NULL_VALUE, objectValue } from '../bson/build.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { arrayValues, elements, elementsOf, stringOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import type { Expression, FilterOptions } from '../query/nodes.ts';
import { ARRAY_FUNCTIONS } from './array-functions.ts';
import { DATE_OPERATORS } from './date-operators.ts';
import { fieldAtPath } from './evaluate.ts';
import type { Evaluator, FunctionOperator, FunctionTable, Maybe } from './evaluate.ts';
import { LOGIC_FUNCTIONS } from './logic-functions.ts';
import { NUMBER_FUNCTIONS } from './number-functions.ts';
import { OBJECT_FUNCTIONS } from './object-functions.ts';
import { SPECIAL_FORMS } from './special-forms.ts';
import { STRING_FUNCTIONS } from './string-functions.ts';
import { TYPE_FUNCTIONS } from './type-functions.ts';

/** Compiles parts of an expression in the variables that are visible there. */
export interface Compiler {
  readonly random: (() => number) | undefined;
  readonly compile: (value: RawValue) => Evaluator;
  /** A compiler in which further variables exist; each has the slot that is given. */
  withVariables(names: readonly string[]): { readonly inner: Compiler; readonly slots: readonly number[] };
}

export const EXPRESSION_FUNCTIONS: FunctionTable = {
  ...NUMBER_FUNCTIONS,
  ...LOGIC_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...OBJECT_FUNCTIONS,
  ...TYPE_FUNCTIONS,
};

/**
 * Compiles an aggregation expression to a function of a document. Variables: those given, $$ROOT,
 * $$CURRENT, $$REMOVE and, when `now` is given, $$NOW. Errors: 168 an operator that is not on the list,
 * 16020 a wrong number of arguments, 17276 an unknown variable; at evaluation MongoDB's of each operator.
 */
export function compileExpression(value: RawValue, options: FilterOptions = {}): Expression {
  const evaluate = compilerWith(options, new Map(), 0).compile(value);
  return (root) => evaluate({ root, slots: [] });
}

function compilerWith(options: FilterOptions, slots: ReadonlyMap<string, number>, count: number): Compiler {
  const constants = constantsOf(options);
  const compiler: Compiler = {
    random: options.random,
    compile(value) {
      if (value.type === 0x02) return compileText(value, slots, constants);
      if (value.type === 0x04) return compileArray(value, compiler);
      if (value.type === 0x03) return compileObject(value, compiler);
      return () => value;
    },
    withVariables(names) {
      const wider = new Map(slots);
      names.forEach((name, i) => wider.set(name, count + i));
      return {
        inner: compilerWith(options, wider, count + names.length),
        slots: names.map((_, i) => count + i),
      };
    },
  };
  return compiler;
}

function constantsOf({ variables, now, random }: FilterOptions): ReadonlyMap<string, Maybe> {
  const constants = new Map<string, Maybe>([['REMOVE', undefined]]);
  if (now) constants.set('NOW', dateValue(now.getTime()));
  if (!variables) return constants;
  let values = letValues.get(variables);
  if (!values) {
    const compiler = compilerWith({ now, random }, new Map(), 0);
    values = elements(variables).map(({ name, value }) => {
      const result = compiler.compile(value)({ root: documentOf([]), slots: [] });
      // A missing value of a `$lookup`'s `let` travels as undefined.
      return [name, result?.type === 0x06 ? undefined : result] as const;
    });
    letValues.set(variables, values);
  }
  for (const [name, value] of values) constants.set(name, value);
  return constants;
}

/** The values of each `let`, so that `$rand` in it has one value throughout the command. */
const letValues = new WeakMap<RawDocument, readonly (readonly [string, Maybe])[]>();

function compileText(
  value: RawValue,
  slots: ReadonlyMap<string, number>,
  constants: ReadonlyMap<string, Maybe>,
): Evaluator {
  const text = stringOf(value);
  if (!text.startsWith('$')) return () => value;
  if (!text.startsWith('$$')) return compileFieldPath(text.slice(1));
  const [name, ...rest] = text.slice(2).split('.');
  const source = variableNamed(name!, slots, constants);
  if (rest.length === 0) return source;
  const path = segmentsOf(rest);
  return (frame) => {
    const base = source(frame);
    return base && inside(base, path);
  };
}

function inside(base: RawValue, path: readonly Uint8Array[]): Maybe {
  if (base.type === 0x03) return fieldAtPath(base, path);
  if (base.type !== 0x04) return undefined;
  const found: RawValue[] = [];
  for (const value of arrayValues(base)) {
    const inner = value.type === 0x03 ? fieldAtPath(value, path) : undefined;
    if (inner) found.push(inner);
  }
  return arrayValue(found);
}

function variableNamed(
  name: string,
  slots: ReadonlyMap<string, number>,
  constants: ReadonlyMap<string, Maybe>,
): Evaluator {
  const slot = slots.get(name);
  if (slot !== undefined) return ({ slots: values }) => values[slot];
  if (name === 'ROOT' || name === 'CURRENT') return ({ root }) => objectValue(root);
  if (!constants.has(name)) throw storeError(17276, `Use of undefined variable: ${name}`);
  const constant = constants.get(name);
  return () => constant;
}

function segmentsOf(parts: readonly string[]): Uint8Array[] {
  return parts.map((part) => {
    if (part === '') throw storeError(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$')) throw storeError(16410, `FieldPath field names may not start with '$'.`);
    return Buffer.from(part);
  });
}

function compileFieldPath(path: string): Evaluator {
  if (path === '') throw storeError(16872, "'$' by itself is not a valid FieldPath");
  const segments = segmentsOf(path.split('.'));
  return ({ root }) => fieldAtPath({ type: 0x03, bytes: root, start: 0, end: root.length }, segments);
}

function compileArray(value: RawValue, compiler: Compiler): Evaluator {
  const parts = arrayValues(value).map((part) => compiler.compile(part));
  return (frame) => arrayValue(parts.map((part) => part(frame) ?? NULL_VALUE));
}

function compileObject(value: RawValue, compiler: Compiler): Evaluator {
  const fields = [...elementsOf(value)];
  const [first] = fields;
  if (first?.name.startsWith('$')) {
    if (fields.length > 1) {
      throw storeError(15983, 'An object representing an expression must have exactly one field');
    }
    return compileOperator(first.name, first.value, compiler);
  }
  const parts = fields.map(({ name, value: part }) => {
    if (name.startsWith('$') || name.includes('.')) {
      throw storeError(16412, `FieldPath field names may not contain '.' or start with '$': ${name}`);
    }
    return [name, compiler.compile(part)] as const;
  });
  return (frame) => {
    const entries: [string, RawValue][] = [];
    for (const [name, part] of parts) {
      const result = part(frame);
      if (result) entries.push([name, result]);
    }
    return objectValue(documentOf(entries));
  };
}

function compileOperator(name: string, operand: RawValue, compiler: Compiler): Evaluator {
  const form = own(SPECIAL_FORMS, name) ?? own(DATE_OPERATORS, name);
  if (form) return form(operand, compiler);
  const operator = own(EXPRESSION_FUNCTIONS, name);
  if (!operator) throw storeError(168, `Unrecognized expression '${name}'`);
  return callOf(name, operator, operand, compiler);
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function callOf(name: string, operator: FunctionOperator, operand: RawValue, compiler: Compiler): Evaluator {
  const parts = operand.type === 0x04 ? arrayValues(operand) : [operand];
  const { least, most } = operator;
  if (parts.length < least || parts.length > most) {
    const wanted = least === most ? `exactly ${least}` : `at least ${least} and at most ${most}`;
    throw storeError(16020, `Expression ${name} takes ${wanted} arguments. ${parts.length} were passed in.`);
  }
  const compiled = parts.map((part) => compiler.compile(part));
  return (frame) => operator.run(compiled.map((part) => part(frame)));
}
