import { zonedTime } from '../../i18n/zoned-time.ts';

const DAY = 24 * 60;

/**
 * A minute of the day on the first zone's wall clock as the second zone's clock shows it at `nowMs`.
 * In Xinjiang people live by two clocks; a quiet hour has to be unmistakable on both.
 */
export function minuteOnOtherClock(minute: number, zone: string, otherZone: string, nowMs: number): number {
  const here = zonedTime(nowMs, zone);
  const there = zonedTime(nowMs, otherZone);
  const shift =
    (Date.UTC(there.year, there.month - 1, there.day, there.hour, there.minute) -
      Date.UTC(here.year, here.month - 1, here.day, here.hour, here.minute)) /
    60_000;
  return (((minute + shift) % DAY) + DAY) % DAY;
}
