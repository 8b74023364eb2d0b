import { expect } from 'chai';
import fc from 'fast-check';
import { calendarDaysBetween, instantOf, zonedTime } from '../../../client/src/i18n/zoned-time.ts';

const BEIJING = 'Asia/Shanghai';
const XINJIANG = 'Asia/Urumqi';
const at = (iso: string): number => Date.parse(iso);

describe('the clock on the wall', () => {
  it('tells one instant two hours apart in Beijing and in Xinjiang', () => {
    const moment = at('2026-11-23T07:08:00Z');
    expect(zonedTime(moment, BEIJING)).to.include({ hour: 15, minute: 8, day: 23, weekday: 1 });
    expect(zonedTime(moment, XINJIANG)).to.include({ hour: 13, minute: 8, day: 23, weekday: 1 });
  });

  it('begins a new day at midnight of the community, not of Greenwich', () => {
    expect(zonedTime(at('2026-11-23T16:00:00Z'), BEIJING)).to.include({ day: 24, hour: 0 });
    expect(zonedTime(at('2026-11-23T15:59:00Z'), BEIJING)).to.include({ day: 23, hour: 23 });
  });

  it('counts calendar days, not 24 hours', () => {
    const lateEvening = at('2026-11-23T15:30:00Z');
    expect(calendarDaysBetween(lateEvening, at('2026-11-23T16:30:00Z'), BEIJING)).to.equal(1);
    expect(calendarDaysBetween(lateEvening, at('2026-11-22T16:30:00Z'), BEIJING)).to.equal(0);
    expect(calendarDaysBetween(lateEvening, at('2026-11-21T12:00:00Z'), BEIJING)).to.equal(-2);
  });

  it('finds the instant of a wall time on a day to come, across the end of a month', () => {
    const now = at('2026-11-29T03:00:00Z');
    expect(new Date(instantOf(now, 2, 16 * 60, BEIJING)).toISOString()).to.equal('2026-12-01T08:00:00.000Z');
  });

  it('moves a wall time that a clock change skips behind the gap', () => {
    const dayBefore = at('2026-03-28T12:00:00Z');
    const skipped = instantOf(dayBefore, 1, 2 * 60 + 30, 'Europe/Berlin');
    expect(zonedTime(skipped, 'Europe/Berlin').hour).to.be.oneOf([1, 3]);
  });

  it('and back again: the instant of a wall time shows that wall time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.constantFrom(BEIJING, XINJIANG, 'UTC', 'Asia/Kolkata'),
        (now, days, minute, zone) => {
          const found = instantOf(now, days, minute, zone);
          const shown = zonedTime(found, zone);
          expect(shown.hour * 60 + shown.minute).to.equal(minute);
          expect(calendarDaysBetween(now, found, zone)).to.equal(days);
        },
      ),
      { numRuns: 200 },
    );
  });
});
