import { arrayValue, UNDEFINED_VALUE } from '../bson/build.ts';
import { compareValues } from '../bson/compare.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { TYPE_NAMES } from '../bson/types.ts';
import { elementsOf, findElement, valueEnd } from '../bson/walk.ts';
import { storeError } from '../errors.ts';

/** A value or nothing (a missing field). */
export type Maybe = RawValue | undefined;

/** What an expression is evaluated in: the document and the values of the variables by slot. */
export interface Frame {
  readonly root: RawDocument;
  readonly slots: Maybe[];
}

export type Evaluator = (frame: Frame) => Maybe;

/** An operator whose arguments are all evaluated before it acts. */
export interface FunctionOperator {
  readonly least: number;
  readonly most: number;
  run(values: readonly Maybe[]): Maybe;
}

export type FunctionTable = Readonly<Record<string, FunctionOperator>>;

/** A function operator of a fixed number of arguments. */
export function exactly(count: number, run: (values: readonly Maybe[]) => Maybe): FunctionOperator {
  return { least: count, most: count, run };
}

/** True for missing, null and undefined, which most operators answer with null. */
export function isNullish(value: Maybe): value is undefined {
  return value === undefined || value.type === 0x0a || value.type === 0x06;
}

/** A value's type name for error messages. */
export function typeName(value: Maybe): string {
  return TYPE_NAMES[value?.type ?? 0]!;
}

/** MongoDB's order in expressions: as in queries, but a missing field is less than null. */
export function compareInExpression(a: Maybe, b: Maybe): number {
  return compareValues(a ?? UNDEFINED_VALUE, b ?? UNDEFINED_VALUE);
}

/** A value an operator needs to be of one type, or its MongoDB error. */
export function requireType(value: Maybe, type: number, code: number, message: string): RawValue {
  if (value?.type !== type) throw storeError(code, `${message}${typeName(value)}`);
  return value;
}

/**
 * A dotted field path inside an object: arrays on the way give an array of what their objects hold there
 * (objects without it, and everything but objects, are left out). Array indexes are not understood, as in MongoDB.
 */
export function fieldAtPath(object: RawValue, path: readonly Uint8Array[], depth = 0): Maybe {
  const name = path[depth]!;
  const at = findElement(object.bytes, object.start, name);
  if (at < 0) return undefined;
  const type = object.bytes[at]!;
  const start = at + 2 + name.length;
  const value = { type, bytes: object.bytes, start, end: valueEnd(type, object.bytes, start) };
  if (depth === path.length - 1) return value;
  if (type === 0x03) return fieldAtPath(value, path, depth + 1);
  if (type !== 0x04) return undefined;
  const found: RawValue[] = [];
  for (const element of elementsOf(value)) {
    const inner = element.value.type === 0x03 ? fieldAtPath(element.value, path, depth + 1) : undefined;
    if (inner) found.push(inner);
  }
  return arrayValue(found);
}
