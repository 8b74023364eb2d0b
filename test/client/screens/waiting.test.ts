import { expect } from 'chai';
import fc from 'fast-check';
import { markDetails, pressureOf } from '../../../client/src/screens/staff/waiting.ts';

const MINUTE = 60_000;

describe('a request that waits for review', () => {
  it('is calm, then nearly out of time in the last fifth, then late', () => {
    const due = 20 * MINUTE;
    expect(pressureOf(0, due, 15 * MINUTE)).to.equal('calm');
    expect(pressureOf(0, due, 16 * MINUTE)).to.equal('soon');
    expect(pressureOf(0, due, due)).to.equal('late');
  });

  it('is nearly out of time in its last two minutes however short the time was', () => {
    expect(pressureOf(0, 5 * MINUTE, 2 * MINUTE)).to.equal('calm');
    expect(pressureOf(0, 5 * MINUTE, 3 * MINUTE)).to.equal('soon');
  });
});

describe('private details in a text that staff read', () => {
  it('are marked where they stand', () => {
    expect(
      markDetails('Call 138 0000 0126, flat 301', [
        { kind: 'door', start: 20, end: 28 },
        { kind: 'phone', start: 5, end: 18 },
      ]),
    ).to.deep.equal([
      { text: 'Call ', kind: null },
      { text: '138 0000 0126', kind: 'phone' },
      { text: ', ', kind: null },
      { text: 'flat 301', kind: 'door' },
    ]);
  });

  it('never lose or double a letter, whatever offsets come', () => {
    const detail = fc.record({
      kind: fc.constantFrom('phone' as const, 'door' as const, 'id_number' as const),
      start: fc.integer({ min: 0, max: 40 }),
      end: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.array(detail, { maxLength: 6 }), (text, details) => {
        expect(
          markDetails(text, details)
            .map((piece) => piece.text)
            .join(''),
        ).to.equal(text);
      }),
    );
  });
});
