import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  generatedBits,
  generatePassphrase,
  inLatinLetters,
} from '../../src/accounts/passphrase-generator.ts';
import { normalisePassphrase, passphraseErrors } from '../../src/accounts/passphrase-rules.ts';
import { ENGLISH_WORDS, PINYIN_WORDS, UYGHUR_WORDS } from '../../src/accounts/passphrase-words.ts';
import { LANGUAGES } from '../../src/shared/vocabulary.ts';

const codeOf = (typed: string, known = {}): string | undefined =>
  passphraseErrors(typed, known, '/passphrase')[0]?.code;

describe('a new passphrase', () => {
  it('needs 15 code points, counted after NFC', () => {
    expect(codeOf('green lamp tea')).to.equal('passphrase-short');
    expect(codeOf('green lamp teas')).to.equal(undefined);
    const decomposed = 'e\u0301'.repeat(8) + 'grünlampe'.slice(0, 6);
    expect([...decomposed].length).to.be.greaterThan(15);
    expect(codeOf(decomposed)).to.equal('passphrase-short');
  });

  it('may be in any script, with spaces, up to 256 code points', () => {
    expect(codeOf('我每天早上都去公园里散步喝茶看书')).to.equal(undefined);
    expect(codeOf('مەن ھەر كۈنى باغچىدا ئولتۇرىمەن')).to.equal(undefined);
    expect(codeOf('q'.repeat(257))).to.equal('passphrase-long');
  });

  it('is the same however the keyboard composed its letters', () => {
    expect(normalisePassphrase('cafe\u0301')).to.equal(normalisePassphrase('caf\u00e9'));
  });

  for (const common of [
    'passwordpassword',
    'Password12345678!',
    'P@ssw0rdP@ssw0rd',
    '123456789012345678',
    'qwertyuiopasdfghjkl',
    'aaaaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    'woaini1314woaini520',
    'linlilinli20262026',
    'abcdefghijklmnopqrs',
  ]) {
    it(`is not ${common}, which many people use`, () => {
      expect(codeOf(common)).to.equal('passphrase-common');
    });
  }

  it('is not made of what others know about the person', () => {
    expect(codeOf('aminaturdi-aminaturdi', { signInName: 'aminaturdi' })).to.equal('passphrase-common');
    expect(codeOf('aminaturdi13999881234', { signInName: 'aminaturdi', phone: '13999881234' })).to.equal(
      'passphrase-common',
    );
  });
});

describe('an offered passphrase', () => {
  for (const language of LANGUAGES) {
    it(`in ${language} holds at least 48 bits and passes the rules every time`, () => {
      expect(generatedBits(language)).to.be.at.least(48);
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat({ max: 1_000_000 })), (stream) => {
          const made = generatePassphrase(language, 'latin', (below) => (stream.next().value ?? 0) % below);
          expect(made).to.match(/^[a-z]+(-[a-z]+){4}-\d{3}$/);
          const words = new Set(made.split('-').slice(0, 5));
          if (words.size === 5) expect(codeOf(made)).to.equal(undefined);
        }),
      );
    });
  }

  it('in Uyghur comes in Arabic script when asked', () => {
    expect(generatePassphrase('ug', 'arabic', () => 3)).to.match(/^[\u0600-\u06ff]+-/);
  });

  it('writes Uyghur in letters that every keyboard has', () => {
    expect(inLatinLetters('دوختۇر')).to.equal('doxtur');
    expect(inLatinLetters('ئىشىك')).to.equal('ishik');
  });

  it('draws from lists without doubles', () => {
    for (const words of [PINYIN_WORDS, UYGHUR_WORDS, ENGLISH_WORDS])
      expect(new Set(words).size).to.equal(words.length);
  });
});
