import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { LANGUAGES } from '../../src/shared/vocabulary.ts';
import * as vocabulary from '../../src/shared/vocabulary.ts';

const i18nFolder = new URL('../../client/src/i18n/', import.meta.url);
const sourceFolder = new URL('../../client/src/', import.meta.url);

type Entry = string | Record<string, string>;

function dictionary(language: string, area: string): Record<string, Entry> {
  const file = new URL(`${language}/${area}.json`, i18nFolder);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Entry>;
}

const areas = readdirSync(new URL('en/', i18nFolder)).map((file) => file.replace('.json', ''));
const texts = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '').sort();
const bidiMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Client sources with their text. */
function sources(): { name: string; text: string }[] {
  return readdirSync(sourceFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|ts)$/.test(file))
    .map((name) => ({ name, text: readFileSync(new URL(name, sourceFolder), 'utf8') }));
}

describe('the dictionaries', () => {
  it('exist for every area in every language', () => {
    for (const language of LANGUAGES) {
      const files = readdirSync(new URL(`${language}/`, i18nFolder)).map((file) => file.replace('.json', ''));
      expect(files.sort(), language).to.deep.equal([...areas].sort());
    }
  });

  for (const area of areas) {
    it(`say the same keys and placeholders of "${area}" in Chinese, Uyghur and English`, () => {
      const english = dictionary('en', area);
      for (const language of LANGUAGES) {
        const own = dictionary(language, area);
        expect(Object.keys(own).sort(), language).to.deep.equal(Object.keys(english).sort());
        for (const [key, entry] of Object.entries(own)) {
          const wanted = [...new Set(texts(english[key] ?? '').flatMap(placeholders))].sort();
          const given = [...new Set(texts(entry).flatMap(placeholders))].sort();
          expect(given, `${language} ${area}.${key}`).to.deep.equal(wanted);
        }
      }
    });

    it(`leave nothing of "${area}" empty or untranslated`, () => {
      for (const [key, entry] of Object.entries(dictionary('ug', area))) {
        for (const text of texts(entry)) {
          const words = text.replace(/\{\w+\}/g, '').replace(/[\d\s·:،.()–-]/g, '');
          expect(text.trim(), `ug ${area}.${key}`).to.not.equal('');
          if (/[a-z]{3}/i.test(words.replace(/TOTP|GeoJSON|JavaScript|QR|SMS|CSV/g, ''))) {
            expect(words, `ug ${area}.${key} holds Uyghur letters`).to.match(/[\u0600-\u06ff]/);
          }
          expect(text, `ug ${area}.${key} holds no invisible direction marks`).to.not.match(bidiMarks);
        }
      }
    });
  }

  it('write Uyghur with its own code points and punctuation', () => {
    for (const area of areas) {
      for (const [key, entry] of Object.entries(dictionary('ug', area))) {
        const text = texts(entry).join(' ');
        // Persian kaf and yeh and Arabic heh look alike and do not join, sort or search like Uyghur.
        expect(text, `ug ${area}.${key}`).to.not.match(/[\u06a9\u06cc\u0647]/);
        // A comma before a number belongs to the typed list it explains.
        expect(text, `ug ${area}.${key}: Uyghur comma and question mark`).to.not.match(
          /[\u0600-\u06ff](?:[?;]|,(?!\s*\d))/,
        );
        expect(text, `ug ${area}.${key}: Latin digits`).to.not.match(/[\u0660-\u0669\u06f0-\u06f9]/);
        expect(text, `ug ${area}.${key} is NFC`).to.equal(text.normalize('NFC'));
      }
    }
  });

  it('hold every word of the closed vocabularies', () => {
    const words = dictionary('en', 'words');
    const groups: Record<string, readonly string[]> = {
      status: vocabulary.REQUEST_STATUSES,
      urgency: vocabulary.URGENCIES,
      next: vocabulary.NEXT_ACTORS,
      late: vocabulary.CONSEQUENCES,
      needsPerson: vocabulary.NEEDS_PERSON_REASONS,
      closing: vocabulary.CLOSING_REASONS,
      review: vocabulary.REVIEW_REASONS,
      match: vocabulary.MATCH_STATUSES,
      assignment: vocabulary.ASSIGNMENT_STATUSES,
      timeline: vocabulary.TIMELINE_TYPES,
      notification: vocabulary.NOTIFICATION_KINDS,
      role: vocabulary.ROLES,
      account: vocabulary.ACCOUNT_STATUSES,
      channel: vocabulary.CHANNELS,
    };
    for (const [group, values] of Object.entries(groups)) {
      for (const value of values)
        expect(words, `words.${group}.${value}`).to.have.property(`${group}.${value}`);
    }
  });

  it('have words for every problem code', () => {
    const errors = readFileSync(new URL('../../src/errors.ts', import.meta.url), 'utf8');
    const union = /export type ErrorCode =([\s\S]*?);/.exec(errors)?.[1] ?? '';
    const codes = [...union.matchAll(/'([a-z-]+)'/g)].map((found) => found[1] ?? '');
    expect(codes).to.include('already-taken');
    for (const code of codes) expect(dictionary('en', 'words')).to.have.property(`problem.${code}`);
  });

  it('know every key that a screen asks for by its full name', () => {
    const known = new Set(
      areas.flatMap((area) => Object.keys(dictionary('en', area)).map((key) => `${area}.${key}`)),
    );
    const asked = sources().flatMap(({ name, text }) =>
      [...text.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((found) => ({ name, key: found[1] ?? '' })),
    );
    expect(asked.length).to.be.greaterThan(200);
    for (const { name, key } of asked) expect(known.has(key), `${key} in ${name}`).to.equal(true);
  });

  it('are all there is: no sentence stands in a template', () => {
    for (const { name, text } of sources()) {
      if (!name.endsWith('.svelte')) continue;
      const template = text.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '');
      const letters = template.replace(/\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '');
      for (const [, words] of letters.matchAll(/>([^<>]+)</g)) {
        expect(words, `${name}: "${words?.trim()}"`).to.not.match(
          /[\u4e00-\u9fff\u0600-\u06ff]|[a-z]{4,} [a-z]{2,}/i,
        );
      }
    }
  });
});
