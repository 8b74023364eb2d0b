import { expect } from 'chai';
import fc from 'fast-check';
import {
  clockOf,
  hourWords,
  minutesOf,
  tidySpans,
  walkingMinutes,
} from '../../../client/src/screens/settings/day-minutes.ts';

describe('hours of a helper', () => {
  it('are read from a time field and written back the same', () => {
    expect(minutesOf('9:05')).to.equal(545);
    expect(minutesOf('24:00')).to.equal(1440);
    expect([hourWords(1440), clockOf(1440)]).to.deep.equal(['24:00', '23:59']);
    for (const wrong of ['', '9', '24:01', '12:60', '-1:00', 'noon']) expect(minutesOf(wrong)).to.equal(null);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1439 }), (minutes) => {
        expect(minutesOf(clockOf(minutes))).to.equal(minutes);
      }),
    );
  });

  it('that touch or overlap become one row, without winning or losing a minute', () => {
    expect(
      tidySpans([
        { day: 1, from: 600, to: 720 },
        { day: 0, from: 540, to: 600 },
        { day: 1, from: 720, to: 780 },
      ]),
    ).to.deep.equal([
      { day: 0, from: 540, to: 600 },
      { day: 1, from: 600, to: 780 },
    ]);
    const span = fc
      .record({
        day: fc.integer({ min: 0, max: 6 }),
        from: fc.integer({ min: 0, max: 47 }),
        length: fc.integer({ min: 1, max: 12 }),
      })
      .map(({ day, from, length }) => ({ day, from: from * 30, to: Math.min(1440, (from + length) * 30) }));
    const covered = (spans: readonly { day: number; from: number; to: number }[]): Set<number> =>
      new Set(
        spans.flatMap(({ day, from, to }) =>
          Array.from({ length: (to - from) / 30 }, (_, step) => day * 48 + from / 30 + step),
        ),
      );
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const tidy = tidySpans(spans);
        expect([...covered(tidy)]).to.have.members([...covered(spans)]);
        expect(tidy.reduce((sum, { from, to }) => sum + (to - from) / 30, 0)).to.equal(covered(spans).size);
      }),
    );
  });
});

describe('a distance on foot', () => {
  it('takes a minute for 75 metres and never less than one', () => {
    expect([10, 75, 320, 1500].map(walkingMinutes)).to.deep.equal([1, 1, 4, 20]);
  });
});
