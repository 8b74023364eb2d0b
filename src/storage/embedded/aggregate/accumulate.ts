import { integerOf, refuseDecimal } from '../bson/arithmetic.ts';
import { doubleValue, int32Value, longValue, NULL_VALUE } from '../bson/build.ts';
import { compareValues } from '../bson/compare.ts';
import { numberOf } from '../bson/number.ts';
import { isNumeric } from '../bson/types.ts';
import type { RawValue } from '../bson/types.ts';
import { isNullish } from './evaluate.ts';
import type { Maybe } from './evaluate.ts';

/** Collects values one by one and then gives a result. */
export interface Accumulator {
  add(value: Maybe): void;
  result(): Maybe;
}

/** A sum of numbers: whole numbers exactly, doubles with the rounding error carried along (two-sum). */
interface Total extends Accumulator {
  readonly count: () => number;
  readonly asDouble: () => number;
}

function createTotal(): Total {
  let count = 0;
  let small = 0;
  let large = 0n;
  let double = 0;
  let carried = 0;
  let type = 0x10;
  function addDouble(value: number): void {
    const sum = double + value;
    const other = sum - double;
    const error = double - (sum - other) + (value - other);
    // Infinities make the error NaN; it means nothing then.
    if (Number.isFinite(sum)) carried += error;
    double = sum;
  }
  function whole(): bigint {
    return large + BigInt(small);
  }
  function asDouble(): number {
    const total = whole();
    if (total === 0n) return double + carried;
    return double + (carried + Number(total));
  }
  return {
    add(value) {
      if (!value || !isNumeric(value.type)) return;
      refuseDecimal(value);
      count++;
      if (value.type === 0x01) {
        type = 0x01;
        addDouble(numberOf(value)!);
        return;
      }
      if (value.type === 0x12 && type === 0x10) type = 0x12;
      small += value.type === 0x10 ? numberOf(value)! : 0;
      if (value.type === 0x12) large += integerOf(value);
      if (!Number.isSafeInteger(small * 2)) {
        large += BigInt(small);
        small = 0;
      }
    },
    result() {
      if (type === 0x01) return doubleValue(asDouble());
      const total = whole();
      if (type === 0x10 && total === BigInt.asIntN(32, total)) return int32Value(Number(total));
      return total === BigInt.asIntN(64, total) ? longValue(total) : doubleValue(Number(total));
    },
    count: () => count,
    asDouble,
  };
}

/** `$sum`: other types are ignored; Int32, then Long, then Double as the values and the sum demand. */
export function sumAccumulator(): Accumulator {
  return createTotal();
}

/** `$avg`: a Double, or null when there was no number. */
export function averageAccumulator(): Accumulator {
  const total = createTotal();
  return {
    add: (value) => total.add(value),
    result: () => (total.count() === 0 ? NULL_VALUE : doubleValue(total.asDouble() / total.count())),
  };
}

/** `$min` (-1) and `$max` (1) in the order of all types, nullish values left out; null when none is left. */
export function extremeAccumulator(wanted: -1 | 1): Accumulator {
  let best: RawValue | undefined;
  return {
    add(value) {
      if (!isNullish(value) && (!best || compareValues(value, best) === wanted)) best = value;
    },
    result: () => best ?? NULL_VALUE,
  };
}
