import { expect } from 'chai';
import { minuteOnOtherClock } from '../../../client/src/screens/settings/two-clocks.ts';

const NOON = Date.parse('2026-11-23T04:00:00Z');

describe('quiet hours on two clocks', () => {
  it('are two hours earlier in Xinjiang than in Beijing, over midnight too', () => {
    expect(minuteOnOtherClock(22 * 60, 'Asia/Shanghai', 'Asia/Urumqi', NOON)).to.equal(20 * 60);
    expect(minuteOnOtherClock(60, 'Asia/Shanghai', 'Asia/Urumqi', NOON)).to.equal(23 * 60);
    expect(minuteOnOtherClock(23 * 60, 'Asia/Urumqi', 'Asia/Shanghai', NOON)).to.equal(60);
  });

  it('follow a zone that changes its clocks', () => {
    const winter = Date.parse('2026-01-15T12:00:00Z');
    const summer = Date.parse('2026-07-15T12:00:00Z');
    expect(minuteOnOtherClock(12 * 60, 'UTC', 'Europe/Berlin', winter)).to.equal(13 * 60);
    expect(minuteOnOtherClock(12 * 60, 'UTC', 'Europe/Berlin', summer)).to.equal(14 * 60);
  });
});
