import type { FieldError } from '../errors.ts';
import { LIMITS } from '../shared/limits.ts';
import { COMMON_PARTS } from './common-parts.ts';

/** What a person might build a passphrase from that others know as well. */
export interface KnownAboutPerson {
  readonly signInName?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

/** The spelling that is hashed: NFC, so that one phrase typed on two keyboards is one phrase. Nothing is trimmed. */
export function normalisePassphrase(typed: string): string {
  return typed.normalize('NFC');
}

/**
 * What is wrong with a new passphrase, at `pointer`; empty when it may be used. At least 15 code points after NFC, at
 * most 256; not made only of common passwords, runs, repetitions, or what is known about the person. No rules about
 * kinds of letters, no expiry (NIST SP 800-63B-4).
 */
export function passphraseErrors(
  typed: string,
  known: KnownAboutPerson,
  pointer: string,
): readonly FieldError[] {
  const passphrase = normalisePassphrase(typed);
  const length = [...passphrase].length;
  if (length < LIMITS.passphraseMin) {
    return [
      {
        pointer,
        code: 'passphrase-short',
        detail: `Use at least ${String(LIMITS.passphraseMin)} characters, for example five words.`,
      },
    ];
  }
  if (length > LIMITS.passphraseMax) {
    return [
      { pointer, code: 'passphrase-long', detail: `Use at most ${String(LIMITS.passphraseMax)} characters.` },
    ];
  }
  if (isGuessable(passphrase, known)) {
    return [
      {
        pointer,
        code: 'passphrase-common',
        detail: 'Many people use this, or it is made of what others know about you. Choose other words.',
      },
    ];
  }
  return [];
}

/** Fewer letters than this outside common parts is not enough to keep a stranger out. */
const OWN_LETTERS_MIN = 6;
const DIFFERENT_LETTERS_MIN = 6;

function isGuessable(passphrase: string, known: KnownAboutPerson): boolean {
  const plain = fold(passphrase);
  if (new Set(plain).size < DIFFERENT_LETTERS_MIN) return true;
  if (isRepetition(plain)) return true;
  return ownLetters(plain, partsOf(known)) < OWN_LETTERS_MIN;
}

/** Lower case, letters and digits only, and the usual tricks undone (p@ssw0rd). */
function fold(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase();
  const undone = [...lower].map((letter) => TRICKS[letter] ?? letter).join('');
  return undone.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

const TRICKS: Readonly<Record<string, string>> = { '@': 'a', $: 's', '!': 'i' };

function isRepetition(plain: string): boolean {
  for (let size = 1; size <= Math.min(8, plain.length / 2); size += 1) {
    const part = plain.slice(0, size);
    if (part.repeat(Math.ceil(plain.length / size)).startsWith(plain)) return true;
  }
  return false;
}

/** How many letters are left once common parts, runs such as 23456 or abcd, and the person's own names are taken out. */
function ownLetters(plain: string, known: readonly string[]): number {
  const withoutNames = [...known, ...COMMON_PARTS].reduce((rest, part) => rest.replaceAll(part, ' '), plain);
  const withoutRuns = withoutNames.replaceAll(/\S+/g, removeRuns);
  return new Set(withoutRuns.replaceAll(' ', '')).size;
}

function removeRuns(text: string): string {
  const letters = [...text];
  const isInRun = letters.map(() => false);
  for (let index = 2; index < letters.length; index += 1) {
    const [a, b, c] = [codeAt(letters, index - 2), codeAt(letters, index - 1), codeAt(letters, index)];
    if (b - a === c - b && Math.abs(b - a) <= 1) isInRun.fill(true, index - 2, index + 1);
  }
  return letters.filter((_, index) => isInRun[index] !== true).join('');
}

function codeAt(letters: readonly string[], index: number): number {
  return letters[index]?.codePointAt(0) ?? 0;
}

function partsOf({ signInName, displayName, phone }: KnownAboutPerson): string[] {
  return [signInName, displayName, phone]
    .map((value) => fold(value ?? ''))
    .filter((value) => [...value].length >= 2)
    .sort((a, b) => b.length - a.length);
}
