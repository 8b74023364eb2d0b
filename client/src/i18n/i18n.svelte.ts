import type { Language, LocalisedText } from '../../../src/shared/vocabulary.ts';
import type { Area, TextKey } from './areas.ts';
import { type Entry, type Params, fill } from './fill.ts';

export type { Area, TextKey } from './areas.ts';
export type { Params } from './fill.ts';

type Dictionary = Record<string, Entry>;

/** The languages with the sign that stands for each in the header; the type keeps them complete. */
const LETTERS: Readonly<Record<Language, string>> = { 'zh-CN': '中', ug: 'ئۇ', en: 'A' };
/** The same with their order, without the rest of the vocabulary: the first load is counted in bytes. */
export const LANGUAGE_LETTERS = Object.entries(LETTERS) as readonly [Language, string][];

/** Addresses of the dictionaries: plain JSON files, which cost no script. */
const files = import.meta.glob<string>(['./zh-CN/*.json', './ug/*.json', './en/*.json'], {
  query: '?url',
  import: 'default',
  eager: true,
});
const loading = new Map<string, Promise<Dictionary>>();
const wanted = new Set<Area>();

let language = $state.raw<Language>(languageOfPage());
let entries = $state.raw<Record<string, Entry>>({});
let uyghurDates = $state.raw<{ weekdays: string[]; months: string[] } | null>(null);

function languageOfPage(): Language {
  const named = document.documentElement.lang;
  return LANGUAGE_LETTERS.find(([one]) => one === named)?.[0] ?? 'zh-CN';
}

async function fetchDictionary(url: string): Promise<Dictionary> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as Dictionary;
}

function readArea(of: Language, area: Area): Promise<Dictionary> {
  const path = `./${of}/${area}.json`;
  let reading = loading.get(path);
  if (!reading) {
    reading = fetchDictionary(files[path] ?? path);
    // A failed download may be tried again when the network is back.
    reading.catch(() => loading.delete(path));
    loading.set(path, reading);
  }
  return reading;
}

async function readAll(of: Language, areas: readonly Area[]): Promise<Record<string, Entry>> {
  const read: Record<string, Entry> = {};
  await Promise.all(
    areas.map(async (area) => {
      const dictionary = await readArea(of, area);
      for (const [key, entry] of Object.entries(dictionary)) read[`${area}.${key}`] = entry;
    }),
  );
  return read;
}

async function readLanguageExtras(of: Language): Promise<void> {
  if (of !== 'ug') return;
  const [dates] = await Promise.all([
    import('virtual:uyghur-dates'),
    import('./uyghur-face.ts').then((face) => face.addUyghurFace()),
  ]);
  uyghurDates = dates.default;
}

/** Makes the areas available in the present language; resolves at once when they already are. */
export async function needAreas(areas: readonly Area[]): Promise<void> {
  const missing = areas.filter((area) => !wanted.has(area));
  const of = language;
  const [read] = await Promise.all([readAll(of, missing), readLanguageExtras(of)]);
  if (of !== language) return needAreas(areas);
  for (const area of missing) wanted.add(area);
  entries = { ...entries, ...read };
}

/** Changes the language of the page in place: everything that was loaded is loaded in the new one, then shown. */
export async function changeLanguage(to: Language): Promise<void> {
  const [read] = await Promise.all([readAll(to, [...wanted]), readLanguageExtras(to)]);
  language = to;
  entries = read;
  const root = document.documentElement;
  root.lang = to;
  root.dir = to === 'ug' ? 'rtl' : 'ltr';
}

/** The sentence of a key in the reader's language. A missing key shows itself, and a test keeps that from happening. */
export function t(key: TextKey, params?: Params): string {
  const entry = entries[key];
  return entry === undefined ? key : fill(entry, params, language);
}

/** Whether a key that was put together at run time exists, for vocabularies that may grow on the server first. */
export function hasText(key: string): key is TextKey {
  return key in entries;
}

/** A text of the centre in the reader's language, else in the first language that has it. */
export function say(text: LocalisedText | undefined): string {
  if (!text) return '';
  return text[language] ?? text['zh-CN'] ?? text.ug ?? text.en ?? '';
}

export const i18n = {
  get language(): Language {
    return language;
  },
  get isRightToLeft(): boolean {
    return language === 'ug';
  },
  get uyghurDates(): { weekdays: string[]; months: string[] } | null {
    return uyghurDates;
  },
};
