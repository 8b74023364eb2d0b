import { expect } from 'chai';
import fc from 'fast-check';
import { codeWord } from '../../src/help-requests/code-word.ts';

describe('code word at the door', () => {
  it('is two short words that anybody can say', () => {
    fc.assert(
      fc.property(fc.uuid(), (seed) => {
        expect(codeWord(seed)).to.match(
          /^(?:[bdfghjklmnprstwyz][aeiou]){2} (?:[bdfghjklmnprstwyz][aeiou]){2}$/,
        );
      }),
    );
  });

  it('is the same for author and helper, and another for the next request', () => {
    expect(codeWord('0197a3c2-0000-7000-8000-00000000000a')).to.equal(
      codeWord('0197a3c2-0000-7000-8000-00000000000a'),
    );
    const words = new Set<string>();
    for (let at = 0; at < 2000; at += 1)
      words.add(codeWord(`0197a3c2-0000-7000-8000-${String(at).padStart(12, '0')}`));
    expect(words.size).to.be.above(1990);
  });
});
