import { storeError } from '../errors.ts';
import { doubleValue, int32Value, longValue, wholeNumberValue } from './build.ts';
import { numberOf } from './number.ts';
import type { RawValue } from './types.ts';
import { int32At, longAt } from './walk.ts';

/** Refuses Decimal128, which is stored and compared here but not calculated with: 238. */
export function refuseDecimal(...values: readonly RawValue[]): void {
  if (values.some((value) => value.type === 0x13)) {
    throw storeError(238, 'Arithmetic on Decimal128 is not supported by this server');
  }
}

/** An Int32 or Long as an exact integer. */
export function integerOf(value: RawValue): bigint {
  return value.type === 0x10 ? BigInt(int32At(value.bytes, value.start)) : longAt(value.bytes, value.start);
}

type Operation = 'add' | 'subtract' | 'multiply';

function onDoubles(operation: Operation, a: number, b: number): number {
  return operation === 'add' ? a + b : operation === 'subtract' ? a - b : a * b;
}

function onIntegers(operation: Operation, a: bigint, b: bigint): bigint {
  return operation === 'add' ? a + b : operation === 'subtract' ? a - b : a * b;
}

/**
 * MongoDB's arithmetic on two numbers: Double if one is, else Long if one is or an Int32 result overflows,
 * else Int32. Undefined when a Long result overflows (an update then fails, an expression turns to Double).
 * Decimal128: error 238.
 */
export function calculate(operation: Operation, a: RawValue, b: RawValue): RawValue | undefined {
  refuseDecimal(a, b);
  if (a.type === 0x01 || b.type === 0x01) {
    return doubleValue(onDoubles(operation, numberOf(a)!, numberOf(b)!));
  }
  if (a.type === 0x10 && b.type === 0x10) {
    const result = onDoubles(operation, int32At(a.bytes, a.start), int32At(b.bytes, b.start));
    if (result === 0) return int32Value(0);
    // Products beyond 2^53 are redone exactly below.
    if (Number.isSafeInteger(result)) return wholeNumberValue(result);
  }
  const result = onIntegers(operation, integerOf(a), integerOf(b));
  return result === BigInt.asIntN(64, result) ? longValue(result) : undefined;
}
