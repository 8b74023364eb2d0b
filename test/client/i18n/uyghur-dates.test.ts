import { expect } from 'chai';
import { readUyghurDates } from '../../../client/build/uyghur-dates.ts';

describe('the Uyghur calendar words, made at build time', () => {
  it('are those of the word list', () => {
    const { weekdays, months } = readUyghurDates();
    expect(weekdays).to.deep.equal([
      'يەكشەنبە',
      'دۈشەنبە',
      'سەيشەنبە',
      'چارشەنبە',
      'پەيشەنبە',
      'جۈمە',
      'شەنبە',
    ]);
    expect(months).to.have.length(12);
    expect(months[10]).to.equal('نويابىر');
  });
});
