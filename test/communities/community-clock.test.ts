import { expect } from 'chai';
import {
  addWorkingMinutes,
  isOpen,
  localDate,
  nextOpening,
  weekMinuteOf,
} from '../../src/communities/community-clock.ts';

const workdays = [0, 1, 2, 3, 4].map((day) => ({ day, from: 9 * 60, to: 18 * 60 }));
const hotan = { timeZone: 'Asia/Shanghai', openingHours: workdays, holidays: ['2026-10-01'] };
const berlin = { timeZone: 'Europe/Berlin', openingHours: workdays, holidays: [] };
const at = (iso: string): Date => new Date(iso);

describe("The community's clock", () => {
  it('counts the minutes of the week from Monday midnight on the wall', () => {
    expect(weekMinuteOf(hotan, at('2026-11-22T16:00:00Z'))).to.equal(0);
    expect(weekMinuteOf(hotan, at('2026-11-22T15:59:00Z'))).to.equal(10_079);
    expect(localDate(hotan, at('2026-11-22T16:00:00Z'))).to.equal('2026-11-23');
  });

  it('is open from the first minute to the last, and closed on a holiday', () => {
    expect(isOpen(hotan, at('2026-11-23T01:00:00Z'))).to.equal(true);
    expect(isOpen(hotan, at('2026-11-23T00:59:59Z'))).to.equal(false);
    expect(isOpen(hotan, at('2026-11-23T10:00:00Z'))).to.equal(false);
    expect(isOpen(hotan, at('2026-10-01T03:00:00Z'))).to.equal(false);
  });

  it('names the next opening across the weekend and across a holiday', () => {
    expect(nextOpening(hotan, at('2026-11-27T12:00:00Z'))?.toISOString()).to.equal(
      '2026-11-30T01:00:00.000Z',
    );
    expect(nextOpening(hotan, at('2026-09-30T12:00:00Z'))?.toISOString()).to.equal(
      '2026-10-02T01:00:00.000Z',
    );
    expect(nextOpening({ ...hotan, openingHours: [] }, at('2026-11-27T12:00:00Z'))).to.equal(null);
  });

  it('opens at nine on the wall on the day after the clocks change', () => {
    expect(nextOpening(berlin, at('2026-03-28T12:00:00Z'))?.toISOString()).to.equal(
      '2026-03-30T07:00:00.000Z',
    );
    expect(nextOpening(berlin, at('2026-10-24T12:00:00Z'))?.toISOString()).to.equal(
      '2026-10-26T08:00:00.000Z',
    );
  });

  it('counts four working hours over the night and the weekend', () => {
    expect(addWorkingMinutes(hotan, at('2026-11-23T02:00:00Z'), 240).toISOString()).to.equal(
      '2026-11-23T06:00:00.000Z',
    );
    expect(addWorkingMinutes(hotan, at('2026-11-27T09:00:00Z'), 240).toISOString()).to.equal(
      '2026-11-30T04:00:00.000Z',
    );
    expect(addWorkingMinutes(hotan, at('2026-11-28T09:00:00Z'), 30).toISOString()).to.equal(
      '2026-11-30T01:30:00.000Z',
    );
  });

  it('still gives a deadline when the centre has no opening hours', () => {
    expect(
      addWorkingMinutes({ ...hotan, openingHours: [] }, at('2026-11-23T02:00:00Z'), 60).toISOString(),
    ).to.equal('2026-11-23T03:00:00.000Z');
  });
});
