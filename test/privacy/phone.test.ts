import { expect } from 'chai';
import { normalisePhone } from '../../src/privacy/phone.ts';

describe('a phone number', () => {
  for (const typed of [
    '13999881234',
    '139 9988 1234',
    '+86 139-9988-1234',
    '008613999881234',
    '8613999881234',
    '１３９９９８８１２３４',
  ]) {
    it(`typed as ${typed} is the same number`, () => {
      expect(normalisePhone(typed)).to.equal('+8613999881234');
    });
  }
  it('of a desk phone keeps its area code', () => {
    expect(normalisePhone('0903-2512345')).to.equal('+869032512345');
    expect(normalisePhone('+86 0903 2512345')).to.equal('+869032512345');
  });
  it('of another country needs its plus sign', () => {
    expect(normalisePhone('+7 701 555 1234')).to.equal('+77015551234');
  });
  for (const wrong of [
    '',
    '123',
    'grandmother',
    '2512345',
    '12345678901',
    '+',
    '139998812341234567890',
    '139 9988 12x4',
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () => {
      expect(normalisePhone(wrong)).to.equal(null);
    });
  }
});
