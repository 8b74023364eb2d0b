import type { Language } from '../../../src/shared/vocabulary.ts';

/** A sentence, or one sentence per plural category of the language, chosen by the parameter `n`. */
export type Entry = string | Readonly<Record<string, string>>;
export type Params = Readonly<Record<string, string | number>>;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

const pluralRules = new Map<Language, Intl.PluralRules>();

function categoryOf(language: Language, count: number): string {
  let rules = pluralRules.get(language);
  if (!rules) {
    rules = new Intl.PluralRules(language);
    pluralRules.set(language, rules);
  }
  return rules.select(count);
}

/**
 * Wraps a value in direction isolates when it runs against the sentence around it, so that a Latin name or a
 * time range keeps its order inside Uyghur, and a Uyghur name inside Chinese. Other values are left untouched.
 */
export function isolate(value: string, language: Language): string {
  const against = RIGHT_TO_LEFT.test(value) !== (language === 'ug');
  return against ? `${FIRST_STRONG_ISOLATE}${value}${POP_ISOLATE}` : value;
}

/** Puts the parameters into an entry: `{name}` is replaced, an unknown placeholder stays visible. */
export function fill(entry: Entry, params: Params | undefined, language: Language): string {
  let sentence = entry;
  if (typeof sentence !== 'string') {
    const category = categoryOf(language, Number(params?.['n'] ?? 0));
    sentence = sentence[category] ?? sentence['other'] ?? '';
  }
  if (!params) return sentence;
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? String(value) : isolate(value, language);
  });
}
