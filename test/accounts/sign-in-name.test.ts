import { expect } from 'chai';
import { householdOf } from '../../src/accounts/household.ts';
import { invitationCodeOf, normaliseInvitation } from '../../src/accounts/invitation-code.ts';
import { signInKeyOf, signInNameErrors } from '../../src/accounts/sign-in-name.ts';

const isGood = (name: string): boolean => signInNameErrors(name, '/signInName').length === 0;

describe('a sign-in name', () => {
  for (const name of ['amina', 'Amina.T', '阿米娜小姐', 'ئامىنە', 'li-4', 'a_b']) {
    it(`may be ${name}`, () => expect(isGood(name)).to.equal(true));
  }
  for (const name of [
    '',
    'ab',
    'a'.repeat(33),
    '13999881234',
    '1234',
    '-amina',
    'amina-',
    'ami na',
    'a@b.c',
    'am\u0000ina',
    '<b>amina',
  ]) {
    it(`may not be ${JSON.stringify(name)}`, () => expect(isGood(name)).to.equal(false));
  }
  it('is the same in capitals and in full-width letters', () => {
    expect(signInKeyOf(' ＡＭＩＮＡ ')).to.equal(signInKeyOf('amina'));
  });
});

describe('an invitation code', () => {
  it('is twelve letters that can be read aloud, and the same for the same seed', () => {
    expect(invitationCodeOf(Buffer.from('x'))).to.match(/^[A-HJKMNP-Z2-9]{4}(-[A-HJKMNP-Z2-9]{4}){2}$/);
    expect(invitationCodeOf(Buffer.from('x'))).to.equal(invitationCodeOf(Buffer.from('x')));
    expect(invitationCodeOf(Buffer.from('x'))).to.not.equal(invitationCodeOf(Buffer.from('y')));
  });
  it('may be typed small and without hyphens', () => {
    expect(normaliseInvitation(' abcd efgh-2345 ')).to.equal('ABCDEFGH2345');
  });
});

describe('a household', () => {
  const vault = { digest: (purpose: string, text: string) => `${purpose}:${text}` };
  const of = (building: string | null, door: string | null): string | null =>
    householdOf(vault, 'c', building, door);
  it('is the same door however it is written', () => {
    expect(of('b6', '2 - 301')).to.equal(of('b6', '２－３０１'));
    expect(of('b6', '2-301')).to.not.equal(of('b7', '2-301'));
    expect(of('b6', '23-01')).to.not.equal(of('b6', '2-301'));
  });
  it('is unknown without a door or a building', () => {
    expect(of('b6', '')).to.equal(null);
    expect(of('b6', ' - ')).to.equal(null);
    expect(of(null, '301')).to.equal(null);
  });
});
