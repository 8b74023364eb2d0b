import { readFileSync, readdirSync } from 'node:fs';
import { type Entry, fill, type Params } from '../../client/src/i18n/fill.ts';
import type { Language, LocalisedText } from '../../src/shared/vocabulary.ts';

const folder = new URL('../../client/src/i18n/', import.meta.url);

/** What the screens say in one language. */
export interface Words {
  readonly language: Language;
  /** The sentence of `area.key`, filled as the client fills it. Throws for a key that no dictionary has. */
  t(key: string, params?: Params): string;
  /** A text of the centre. */
  say(text: LocalisedText): string;
}

/** Reads the client's own dictionaries, so that a journey never repeats a sentence. */
export function wordsOf(language: Language): Words {
  const entries = new Map<string, Entry>();
  for (const file of readdirSync(new URL(`${language}/`, folder))) {
    const area = file.replace('.json', '');
    const dictionary = JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), 'utf8')) as Record<
      string,
      Entry
    >;
    for (const [key, entry] of Object.entries(dictionary)) entries.set(`${area}.${key}`, entry);
  }
  return {
    language,
    t(key, params) {
      const entry = entries.get(key);
      if (entry === undefined) throw new Error(`No dictionary has ${key}`);
      return fill(entry, params, language);
    },
    say: (text) => text[language] ?? text['zh-CN'] ?? text.ug ?? text.en ?? '',
  };
}
