import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { readCookies } from '../../src/http/cookies.ts';
import { isSessionOver } from '../../src/http/session-life.ts';
import { unsignCookie } from '../../src/http/unsign-cookie.ts';

const MINUTE = 60_000;
const session = (startedAt: number, seenAt = startedAt) => ({
  key: 'k',
  accountId: 'a',
  communityId: 'c',
  factors: ['passphrase'],
  authenticatedAt: startedAt,
  startedAt,
  seenAt,
  epoch: 1,
});

describe('the life of a session', () => {
  it('of a resident is thirty days, used or not', () => {
    const day = 24 * 60 * MINUTE;
    expect(isSessionOver(session(0), ['resident', 'volunteer'], 30 * day - 1)).to.equal(false);
    expect(isSessionOver(session(0), ['resident', 'volunteer'], 30 * day)).to.equal(true);
  });
  it('of staff ends after half an hour without use, and after twelve hours at the latest', () => {
    const hour = 60 * MINUTE;
    expect(isSessionOver(session(0), ['staff'], 34 * MINUTE)).to.equal(false);
    expect(isSessionOver(session(0), ['staff'], 35 * MINUTE)).to.equal(true);
    expect(isSessionOver(session(0, 11.9 * hour), ['administrator'], 11.95 * hour)).to.equal(false);
    expect(isSessionOver(session(0, 11.9 * hour), ['administrator'], 12 * hour)).to.equal(true);
  });
});

describe('the cookie of a session', () => {
  const signed = (sid: string, secret: string): string =>
    encodeURIComponent(
      `s:${sid}.${createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, '')}`,
    );

  it('gives its id when any of our secrets signed it', () => {
    expect(unsignCookie(signed('abc', 'old'), ['new', 'old'])).to.equal('abc');
  });
  it('gives nothing when it was made up or changed', () => {
    for (const value of [
      signed('abc', 'foreign'),
      signed('abc', 'old').replace('abc', 'abd'),
      's:abc',
      'abc',
      '%E0%A4%A',
      '',
    ]) {
      expect(unsignCookie(value, ['old']), value).to.equal(null);
    }
  });
  it('is read by its name from among others, the first of two', () => {
    const cookies = readCookies('a=1; linli-sid=x=y; linli-sid=z; =no; lonely');
    expect(cookies.get('linli-sid')).to.equal('x=y');
    expect(cookies.get('a')).to.equal('1');
    expect(cookies.size).to.equal(2);
  });
});
