import { expect } from 'chai';
import type { SessionView } from '../../../src/shared/api-types.ts';
import { homeOf, nextPath } from '../../../client/src/screens/sign-in/next-path.ts';

const session = (
  roles: SessionView['account']['roles'],
  needsTotp: SessionView['needsTotp'],
): SessionView => ({
  account: {
    id: 'a1',
    displayName: 'Rena',
    roles,
    status: 'active',
    language: 'en',
    mode: 'normal',
    trustTier: 1,
    decisionNote: null,
  },
  factors: ['passphrase'],
  needsTotp,
  recentUntil: null,
  cursor: 0,
});

describe('where a person goes after signing in', () => {
  it('is the page they wanted, with its question mark', () => {
    expect(nextPath(new URLSearchParams({ next: '/r/417?from=board' }))).to.equal('/r/417?from=board');
    expect(nextPath(new URLSearchParams())).to.equal(null);
  });

  it('is never another site, however it is written', () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example/',
      'javascript:alert(1)',
      'evil.example',
      '',
    ]) {
      expect(nextPath(new URLSearchParams({ next })), next).to.equal(null);
    }
  });

  it('is the review desk for staff once the second factor is given, else the board', () => {
    expect(homeOf(session(['resident', 'staff'], null))).to.equal('/staff/review');
    expect(homeOf(session(['administrator'], null))).to.equal('/staff/review');
    expect(homeOf(session(['staff'], 'enrol'))).to.equal('/');
    expect(homeOf(session(['resident', 'volunteer'], null))).to.equal('/');
  });
});
