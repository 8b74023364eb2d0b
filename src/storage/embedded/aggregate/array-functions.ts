import { arrayValue, boolValue, int32Value, NULL_VALUE } from '../bson/build.ts';
import { encodeComponent } from '../bson/key.ts';
import { wholeNumberOf } from '../bson/number.ts';
import type { RawValue } from '../bson/types.ts';
import { arrayValues } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compareInExpression, exactly, isNullish, requireType } from './evaluate.ts';
import type { FunctionOperator, FunctionTable, Maybe } from './evaluate.ts';

function list(value: Maybe, code: number, message: string): RawValue[] {
  return arrayValues(requireType(value, 0x04, code, message));
}

function whole(value: Maybe, code: number, message: string): number {
  const number = wholeNumberOf(value);
  if (number === undefined) throw storeError(code, message);
  return number;
}

function elementAt([array, index]: readonly Maybe[]): Maybe {
  if (isNullish(array) || isNullish(index)) return NULL_VALUE;
  const values = list(array, 28689, "$arrayElemAt's first argument must be an array, but is ");
  return values.at(whole(index, 28690, "$arrayElemAt's second argument must be a 32-bit integer"));
}

function end(name: string, at: 0 | -1): FunctionOperator {
  return exactly(1, ([array]) =>
    isNullish(array) ? NULL_VALUE : list(array, 28689, `${name}'s argument must be an array, but is `).at(at),
  );
}

function slice([array, first, second]: readonly Maybe[]): RawValue {
  if (isNullish(array) || isNullish(first)) return NULL_VALUE;
  const values = list(array, 28724, 'First argument to $slice must be an array, but is of type: ');
  const position = whole(first, 28725, 'Second argument to $slice must be a 32-bit integer');
  if (second === undefined) {
    return arrayValue(position < 0 ? values.slice(position) : values.slice(0, position));
  }
  const count = whole(second, 28726, 'Third argument to $slice must be a 32-bit integer');
  if (count <= 0) throw storeError(28729, 'Third argument to $slice must be positive');
  const start = position < 0 ? Math.max(0, values.length + position) : position;
  return arrayValue(values.slice(start, start + count));
}

function range([from, to, by]: readonly Maybe[]): RawValue {
  const start = whole(from, 34443, '$range requires a numeric starting value');
  const stop = whole(to, 34445, '$range requires a numeric ending value');
  const step = by === undefined ? 1 : whole(by, 34447, '$range requires a numeric step value');
  if (step === 0) throw storeError(34449, '$range requires a non-zero step value');
  const values: RawValue[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) {
    if (values.length >= 1_000_000) throw storeError(146, '$range would use too much memory');
    values.push(int32Value(i));
  }
  return arrayValue(values);
}

function indexOf([array, wanted, from, to]: readonly Maybe[]): RawValue {
  if (isNullish(array)) return NULL_VALUE;
  const values = list(array, 40090, '$indexOfArray requires an array as a first argument, found: ');
  const start =
    from === undefined ? 0 : whole(from, 40096, '$indexOfArray requires an integral starting index');
  const stop =
    to === undefined ? values.length : whole(to, 40096, '$indexOfArray requires an integral ending index');
  const at = values.findIndex(
    (value, i) => i >= start && i < stop && compareInExpression(value, wanted) === 0,
  );
  return int32Value(at);
}

/** A set of values by their encoded keys, so that equal numbers of different types are one member. */
function setOf(value: Maybe, name: string): Map<string, RawValue> {
  const members = new Map<string, RawValue>();
  for (const member of list(
    value,
    17043,
    `All operands of ${name} must be arrays. One argument is of type: `,
  )) {
    const key = Buffer.from(encodeComponent(member)).toString('latin1');
    if (!members.has(key)) members.set(key, member);
  }
  return members;
}

function sorted(members: ReadonlyMap<string, RawValue>): RawValue {
  return arrayValue([...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value));
}

function setOperation(
  name: string,
  most: number,
  combine: (sets: Map<string, RawValue>[]) => Map<string, RawValue>,
): FunctionOperator {
  return {
    least: most === 2 ? 2 : 0,
    most,
    run: (values) =>
      values.some(isNullish) ? NULL_VALUE : sorted(combine(values.map((value) => setOf(value, name)))),
  };
}

/** Operators on arrays; the set operators answer in MongoDB's order of values. */
export const ARRAY_FUNCTIONS: FunctionTable = {
  $size: exactly(1, ([array]) =>
    int32Value(list(array, 17124, 'The argument to $size must be an array, but was of type: ').length),
  ),
  $arrayElemAt: exactly(2, elementAt),
  $first: end('$first', 0),
  $last: end('$last', -1),
  $in: exactly(2, ([value, array]) =>
    boolValue(
      list(array, 40081, '$in requires an array as a second argument, found: ').some(
        (member) => compareInExpression(member, value) === 0,
      ),
    ),
  ),
  $concatArrays: {
    least: 0,
    most: Infinity,
    run: (values) =>
      values.some(isNullish)
        ? NULL_VALUE
        : arrayValue(
            values.flatMap((value) => list(value, 28664, '$concatArrays only supports arrays, not ')),
          ),
  },
  $slice: { least: 2, most: 3, run: slice },
  $isArray: exactly(1, ([value]) => boolValue(value?.type === 0x04)),
  $range: { least: 2, most: 3, run: range },
  $reverseArray: exactly(1, ([array]) =>
    isNullish(array)
      ? NULL_VALUE
      : arrayValue(
          list(array, 34435, 'The argument to $reverseArray must be an array, but was of type: ').reverse(),
        ),
  ),
  $indexOfArray: { least: 2, most: 4, run: indexOf },
  $setUnion: setOperation('$setUnion', Infinity, (sets) => new Map(sets.flatMap((set) => [...set]))),
  $setIntersection: setOperation('$setIntersection', Infinity, ([first = new Map(), ...rest]) => {
    return new Map([...first].filter(([key]) => rest.every((set) => set.has(key))));
  }),
  $setDifference: setOperation('$setDifference', 2, ([first, second]) => {
    return new Map([...first!].filter(([key]) => !second!.has(key)));
  }),
  $setIsSubset: exactly(2, ([inner, outer]) => {
    const members = setOf(outer, '$setIsSubset');
    return boolValue([...setOf(inner, '$setIsSubset').keys()].every((key) => members.has(key)));
  }),
};
