import { expect } from 'chai';
import * as fc from 'fast-check';
import { checkDocument } from '../../../../src/storage/embedded/bson/check.ts';
import { StoreError } from '../../../../src/storage/embedded/errors.ts';
import { codeOf, raw, values } from './documents.ts';

describe('the check of a document from outside', () => {
  it('accepts whatever BSON can hold', () => {
    fc.assert(
      fc.property(values, (any) => checkDocument(raw({ any }))),
      { numRuns: 1000 },
    );
  });

  it('refuses damaged bytes with 22, never with another error and never by reading on', () => {
    const damage = fc.tuple(values, fc.nat(), fc.integer({ min: 1, max: 255 }));
    let refused = 0;
    fc.assert(
      fc.property(damage, ([any, at, change]) => {
        const bytes = Uint8Array.from(raw({ any }));
        bytes[at % bytes.length]! ^= change;
        try {
          checkDocument(bytes);
        } catch (error) {
          expect(error).to.be.instanceOf(StoreError);
          expect((error as StoreError).code).to.be.oneOf([15, 22]);
          refused++;
        }
      }),
      { numRuns: 5000 },
    );
    expect(refused).to.be.above(1000);
  });

  it('refuses cut and lengthened documents', () => {
    const whole = raw({ a: 'text', b: [1, { c: 2 }] });
    for (let length = 0; length < whole.length; length++) {
      expect(codeOf(() => checkDocument(whole.subarray(0, length)))).to.equal(22);
    }
    expect(codeOf(() => checkDocument(Uint8Array.from([...whole, 0])))).to.equal(22);
  });

  it('refuses nesting beyond 180 levels with 15', () => {
    let nested: unknown = 1;
    for (let level = 0; level < 190; level++) nested = { n: nested };
    expect(codeOf(() => checkDocument(raw({ nested })))).to.equal(15);
  });
});
