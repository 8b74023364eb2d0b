import { expect } from 'chai';
import * as fc from 'fast-check';
import { Decimal128, Double, Int32, Long, MaxKey, MinKey } from 'bson';
import { compareValues } from '../../../../src/storage/embedded/bson/compare.ts';
import {
  encodeComponent,
  encodeKey,
  nullBounds,
  typeBounds,
} from '../../../../src/storage/embedded/bson/key.ts';
import { numbers, value, values } from './documents.ts';

const close = numbers.chain((first) => fc.tuple(fc.constant(first), numbers));

function sign(number: number): number {
  return Math.sign(number);
}

describe('encoded keys', () => {
  it('order numbers of all types as the exact comparison does', () => {
    fc.assert(
      fc.property(close, ([a, b]) => {
        const expected = compareValues(value(a), value(b));
        expect(sign(Buffer.compare(encodeComponent(value(a)), encodeComponent(value(b))))).to.equal(expected);
      }),
      { numRuns: 8000 },
    );
  });

  it('order values of every class, ascending and descending, as the comparison does', () => {
    fc.assert(
      fc.property(values, values, fc.boolean(), (a, b, descending) => {
        const expected = compareValues(value(a), value(b)) * (descending ? -1 : 1);
        const order = Buffer.compare(
          encodeComponent(value(a), descending),
          encodeComponent(value(b), descending),
        );
        expect(sign(order) + 0).to.equal(expected + 0);
      }),
      { numRuns: 5000 },
    );
  });

  it('order compound keys component by component', () => {
    const component = fc.tuple(
      fc.oneof(values, fc.constantFrom('x', 'x\0', 'x\u0001', 1, null)),
      fc.boolean(),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(component, fc.option(values)), { minLength: 1, maxLength: 3 }),
        (rows) => {
          const left = rows.map(([[a, descending]]) => ({ value: value(a), descending }));
          const right = rows.map(([[a, descending], other]) => ({ value: value(other ?? a), descending }));
          let expected = 0;
          for (let i = 0; i < rows.length && expected === 0; i++) {
            expected = compareValues(left[i]!.value, right[i]!.value) * (left[i]!.descending ? -1 : 1);
          }
          expect(sign(Buffer.compare(encodeKey(left), encodeKey(right))) + 0).to.equal(expected + 0);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('give equal numbers one key, whatever their type', () => {
    const key = encodeComponent(value(new Int32(1)));
    for (const same of [new Double(1), Long.fromNumber(1)]) {
      expect(Buffer.compare(encodeComponent(value(same)), key)).to.equal(0);
    }
    expect(
      Buffer.compare(encodeComponent(value(new Double(-0))), encodeComponent(value(new Int32(0)))),
    ).to.equal(0);
  });

  it('tell Longs apart that no double can', () => {
    const a = encodeComponent(value(Long.fromString('9007199254740993')));
    const b = encodeComponent(value(new Double(9007199254740992)));
    const c = encodeComponent(value(Long.fromString('9007199254740994')));
    expect(Buffer.compare(b, a)).to.equal(-1);
    expect(Buffer.compare(a, c)).to.equal(-1);
  });

  it('tell decimals apart that differ in the last of 34 digits, whatever their size', () => {
    for (let exponent = -6176; exponent <= 6111; exponent += Math.abs(exponent + 340) < 40 ? 1 : 97) {
      for (const digits of [
        1234567890123456789012345678901234n,
        9999999999999999999999999999999990n,
        10n ** 33n,
      ]) {
        const keys = [0n, 1n, 2n].map((more) =>
          encodeComponent(value(Decimal128.fromString(`${digits + more}E${exponent}`))),
        );
        expect(Buffer.compare(keys[0]!, keys[1]!)).to.equal(-1);
        expect(Buffer.compare(keys[1]!, keys[2]!)).to.equal(-1);
      }
    }
  });

  it('lie within the bounds of their type and of no other', () => {
    fc.assert(
      fc.property(values, values, fc.boolean(), (a, b, descending) => {
        const { from, to } = typeBounds(value(a).type, descending);
        const inside = (key: Uint8Array): boolean =>
          Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0;
        expect(inside(encodeComponent(value(a), descending))).to.equal(true);
        const other = encodeComponent(value(b), descending);
        const sameClass = encodeComponent(value(a))[0] === encodeComponent(value(b))[0];
        expect(inside(other)).to.equal(sameClass);
      }),
      { numRuns: 2000 },
    );
  });

  it('put null, missing and undefined into the bounds of null', () => {
    const { from, to } = nullBounds();
    for (const key of [
      encodeComponent(value(null)),
      encodeComponent('missing'),
      encodeComponent('undefined'),
    ]) {
      expect(Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0).to.equal(true);
    }
    expect(Buffer.compare(encodeComponent('undefined'), encodeComponent('missing'))).to.equal(-1);
  });

  it('begin with MinKey and end with MaxKey', () => {
    fc.assert(
      fc.property(values, (any) => {
        expect(compareValues(value(new MinKey()), value(any))).to.be.at.most(0);
        expect(compareValues(value(new MaxKey()), value(any))).to.be.at.least(0);
      }),
    );
  });
});

/** A number as a fraction of whole numbers, found by other means than the code under test uses. */
function fraction(number: unknown): [bigint, bigint] | number {
  if (number instanceof Int32) return [BigInt(number.value), 1n];
  if (number instanceof Long) return [number.toBigInt(), 1n];
  if (number instanceof Double) {
    if (!Number.isFinite(number.value)) return number.value;
    let top = number.value;
    let bottom = 1n;
    for (; !Number.isInteger(top); top *= 2) bottom *= 2n;
    return [BigInt(top), bottom];
  }
  const [, sign, whole, rest = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/.exec(String(number)) ?? [];
  if (whole === undefined) return Number(String(number));
  const power = Number(exponent) - rest.length;
  const digits = BigInt(`${sign}${whole}${rest}`);
  return power >= 0 ? [digits * 10n ** BigInt(power), 1n] : [digits, 10n ** BigInt(-power)];
}

function exactOrder(a: unknown, b: unknown): number {
  const [x, y] = [fraction(a), fraction(b)];
  const rank = (one: typeof x): number => (Array.isArray(one) ? 0 : Number.isNaN(one) ? -2 : Math.sign(one));
  if (!Array.isArray(x) || !Array.isArray(y)) return Math.sign(rank(x) - rank(y));
  const [left, right] = [x[0] * y[1], y[0] * x[1]];
  return left < right ? -1 : left > right ? 1 : 0;
}

describe('the order of values', () => {
  it('is MongoDB’s order of types', () => {
    const inOrder: unknown[] = [new MinKey(), null, 1, 'a', { a: 1 }, [1], Buffer.from('x')];
    const sorted = [...inOrder].reverse().sort((a, b) => compareValues(value(a), value(b)));
    expect(sorted).to.deep.equal(inOrder);
  });

  it('compares numbers of all types by their exact values', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(compareValues(value(a), value(b))).to.equal(exactOrder(a, b));
      }),
      { numRuns: 5000 },
    );
  });

  it('is antisymmetric and transitive', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [x, y, z] = [value(a), value(b), value(c)];
        expect(compareValues(x, y) + compareValues(y, x)).to.equal(0);
        if (compareValues(x, y) <= 0 && compareValues(y, z) <= 0)
          expect(compareValues(x, z)).to.be.at.most(0);
      }),
      { numRuns: 5000 },
    );
  });
});
