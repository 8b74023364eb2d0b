import type { Language } from '../shared/vocabulary.ts';
import { ENGLISH_WORDS, PINYIN_WORDS, UYGHUR_WORDS } from './passphrase-words.ts';

export type Script = 'latin' | 'arabic';

/** Five words and three digits: at least 49 bits against a thief of the hashes, far more than anybody can try online. */
const WORDS = 5;
const NUMBERS = 900;

/**
 * A passphrase that a person can say, remember and type: five words of the reader's language and a number from 100 to
 * 999, joined by hyphens. Chinese in pinyin; Uyghur in Latin letters, or in Arabic script when asked. `pick(n)` gives
 * a fair random whole number below n; never the same source as ids.
 */
export function generatePassphrase(
  language: Language,
  script: Script,
  pick: (below: number) => number,
): string {
  const words = wordsOf(language, script);
  const chosen = Array.from({ length: WORDS }, () => words[pick(words.length)] ?? '');
  return [...chosen, String(100 + pick(NUMBERS))].join('-');
}

/** How many bits of chance a generated passphrase holds. */
export function generatedBits(language: Language): number {
  return WORDS * Math.log2(new Set(wordsOf(language, 'latin')).size) + Math.log2(NUMBERS);
}

function wordsOf(language: Language, script: Script): readonly string[] {
  if (language === 'zh-CN') return PINYIN_WORDS;
  if (language === 'en') return ENGLISH_WORDS;
  return script === 'arabic' ? UYGHUR_WORDS : UYGHUR_WORDS.map(inLatinLetters);
}

/** Uyghur Latin script without its dotted letters, so that every keyboard has them. */
export function inLatinLetters(word: string): string {
  return [...word].map((letter) => LATIN[letter] ?? letter).join('');
}

const LATIN: Readonly<Record<string, string>> = {
  ئ: '',
  ا: 'a',
  ە: 'e',
  ب: 'b',
  پ: 'p',
  ت: 't',
  ج: 'j',
  چ: 'ch',
  خ: 'x',
  د: 'd',
  ر: 'r',
  ز: 'z',
  ژ: 'zh',
  س: 's',
  ش: 'sh',
  غ: 'gh',
  ف: 'f',
  ق: 'q',
  ك: 'k',
  گ: 'g',
  ڭ: 'ng',
  ل: 'l',
  م: 'm',
  ن: 'n',
  ھ: 'h',
  و: 'o',
  ۇ: 'u',
  ۆ: 'o',
  ۈ: 'u',
  ۋ: 'w',
  ې: 'e',
  ى: 'i',
  ي: 'y',
};
