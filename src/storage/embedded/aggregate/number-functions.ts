import { calculate, integerOf, refuseDecimal } from '../bson/arithmetic.ts';
import { dateValue, doubleValue, int32Value, longValue, NULL_VALUE } from '../bson/build.ts';
import { fractionOfDouble, numberOf, wholeNumberOf } from '../bson/number.ts';
import { isNumeric } from '../bson/types.ts';
import type { RawValue } from '../bson/types.ts';
import { arrayValues, longAt } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { averageAccumulator, extremeAccumulator, sumAccumulator } from './accumulate.ts';
import type { Accumulator } from './accumulate.ts';
import { exactly, isNullish, typeName } from './evaluate.ts';
import type { FunctionOperator, FunctionTable, Maybe } from './evaluate.ts';

function requireNumber(value: RawValue, name: string): RawValue {
  if (!isNumeric(value.type))
    throw storeError(14, `${name} only supports numeric types, not ${typeName(value)}`);
  refuseDecimal(value);
  return value;
}

/** Exact while it fits a Long, else as doubles, as MongoDB's expressions do. */
function widening(operation: 'add' | 'subtract' | 'multiply', a: RawValue, b: RawValue): RawValue {
  const exact = calculate(operation, a, b);
  if (exact) return exact;
  const x = numberOf(a)!;
  const y = numberOf(b)!;
  return doubleValue(operation === 'add' ? x + y : operation === 'subtract' ? x - y : x * y);
}

function milliseconds(value: RawValue): bigint {
  if (value.type === 0x01) return BigInt(Math.round(numberOf(value)!));
  return integerOf(value.type === 0x09 ? { ...value, type: 0x12 } : value);
}

function add(values: readonly Maybe[]): RawValue {
  if (values.some(isNullish)) return NULL_VALUE;
  const given = values as readonly RawValue[];
  const dates = given.filter(({ type }) => type === 0x09);
  const numbers = given.filter(({ type }) => type !== 0x09);
  for (const value of numbers) {
    if (!isNumeric(value.type)) {
      throw storeError(14, `$add only supports numeric or date types, not ${typeName(value)}`);
    }
    refuseDecimal(value);
  }
  if (dates.length > 1) throw storeError(16612, 'only one date allowed in an $add expression');
  if (dates[0]) {
    return dateValue(numbers.reduce((sum, value) => sum + milliseconds(value), milliseconds(dates[0])));
  }
  return numbers.reduce((sum, value) => widening('add', sum, value), int32Value(0));
}

function subtract([a, b]: readonly Maybe[]): RawValue {
  if (isNullish(a) || isNullish(b)) return NULL_VALUE;
  if (a.type === 0x09 && (b.type === 0x09 || isNumeric(b.type))) {
    const difference = milliseconds(a) - milliseconds(b);
    return b.type === 0x09 ? longValue(difference) : dateValue(difference);
  }
  if (!isNumeric(a.type) || !isNumeric(b.type)) {
    throw storeError(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
  }
  return widening('subtract', a, b);
}

function multiply(values: readonly Maybe[]): RawValue {
  if (values.some(isNullish)) return NULL_VALUE;
  return (values as readonly RawValue[]).reduce(
    (product, value) => widening('multiply', product, requireNumber(value, '$multiply')),
    int32Value(1),
  );
}

function divide([a, b]: readonly Maybe[]): RawValue {
  if (isNullish(a) || isNullish(b)) return NULL_VALUE;
  const divisor = numberOf(requireNumber(b, '$divide'))!;
  const dividend = numberOf(requireNumber(a, '$divide'))!;
  if (divisor === 0) throw storeError(2, "can't $divide by zero");
  return doubleValue(dividend / divisor);
}

function modulo([a, b]: readonly Maybe[]): RawValue {
  if (isNullish(a) || isNullish(b)) return NULL_VALUE;
  const left = requireNumber(a, '$mod');
  const right = requireNumber(b, '$mod');
  if (numberOf(right) === 0) throw storeError(16610, "can't $mod by zero");
  if (left.type === 0x01 || right.type === 0x01) return doubleValue(numberOf(left)! % numberOf(right)!);
  const rest = integerOf(left) % integerOf(right);
  return left.type === 0x10 && right.type === 0x10 ? int32Value(Number(rest)) : longValue(rest);
}

/** A one-argument function that keeps the type: whole numbers by `onWhole`, doubles by `onDouble`. */
function unary(
  name: string,
  onDouble: (value: number) => number,
  onWhole: (value: bigint) => bigint = (value) => value,
): FunctionOperator {
  return exactly(1, ([value]) => {
    if (isNullish(value)) return NULL_VALUE;
    const number = requireNumber(value, name);
    if (number.type === 0x01) return doubleValue(onDouble(numberOf(number)!));
    const whole = onWhole(integerOf(number));
    if (number.type === 0x10 && whole === BigInt.asIntN(32, whole)) return int32Value(Number(whole));
    return longValue(whole);
  });
}

function divideRounding(top: bigint, bottom: bigint, toEven: boolean): bigint {
  const quotient = top / bottom;
  const twice = 2n * (top % bottom);
  const magnitude = twice < 0n ? -twice : twice;
  const away = toEven && (magnitude > bottom || (magnitude === bottom && quotient % 2n !== 0n));
  return away ? quotient + (top < 0n ? -1n : 1n) : quotient;
}

/** `$round` (half to even) and `$trunc` at a decimal place, by the exact value of the double. */
function atPlace(name: string, toEven: boolean): FunctionOperator {
  return {
    least: 1,
    most: 2,
    run([value, placeValue]) {
      if (isNullish(value)) return NULL_VALUE;
      const place = placeValue === undefined ? 0 : wholeNumberOf(placeValue);
      if (place === undefined || place < -20 || place > 100) {
        throw storeError(51083, `cannot apply ${name} with that precision value`);
      }
      const number = requireNumber(value, name);
      const scale = 10n ** BigInt(Math.abs(place));
      if (number.type !== 0x01) {
        if (place >= 0) return number;
        const whole = divideRounding(integerOf(number), scale, toEven) * scale;
        return number.type === 0x10 && whole === BigInt.asIntN(32, whole)
          ? int32Value(Number(whole))
          : longValue(whole);
      }
      const double = numberOf(number)!;
      if (!Number.isFinite(double)) return number;
      const { top, bottom } = fractionOfDouble(double);
      const whole =
        place >= 0
          ? divideRounding(top * scale, bottom, toEven)
          : divideRounding(top, bottom * scale, toEven);
      return doubleValue(Number(`${whole}e${-place}`));
    },
  };
}

/** An accumulator as an expression: over its arguments, or over the one array argument. */
function overValues(create: () => Accumulator): FunctionOperator {
  return {
    least: 1,
    most: Infinity,
    run(values) {
      const [only] = values;
      const all = values.length === 1 && only?.type === 0x04 ? arrayValues(only) : values;
      const accumulator = create();
      for (const value of all) accumulator.add(value);
      return accumulator.result();
    },
  };
}

/** Milliseconds of a Date value. */
export function millisecondsOf(value: RawValue): number {
  return Number(longAt(value.bytes, value.start));
}

/** Arithmetic that keeps Int32, Long and Double apart as MongoDB does; Decimal128 is refused (238). */
export const NUMBER_FUNCTIONS: FunctionTable = {
  $add: { least: 0, most: Infinity, run: add },
  $subtract: exactly(2, subtract),
  $multiply: { least: 0, most: Infinity, run: multiply },
  $divide: exactly(2, divide),
  $mod: exactly(2, modulo),
  $abs: unary('$abs', Math.abs, (value) => (value < 0n ? -value : value)),
  $ceil: unary('$ceil', Math.ceil),
  $floor: unary('$floor', Math.floor),
  $round: atPlace('$round', true),
  $trunc: atPlace('$trunc', false),
  $sum: overValues(sumAccumulator),
  $avg: overValues(averageAccumulator),
  $min: overValues(() => extremeAccumulator(-1)),
  $max: overValues(() => extremeAccumulator(1)),
};
