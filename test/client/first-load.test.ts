import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { LANGUAGES } from '../../src/shared/vocabulary.ts';

/** Budgets of the first load in bytes after gzip: script, style and words of one language; files of pictures and fonts not counted. */
const FIRST_LOAD = 45 * 1024;
const ROUTE = 20 * 1024;
const PLAN = 55 * 1024;
const DICTIONARY = 12 * 1024;
const FONT = 10 * 1024;

interface Chunk {
  file: string;
  name?: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
  assets?: string[];
}

const dist = new URL('../../client/dist/', import.meta.url);
const manifestFile = new URL('.vite/manifest.json', dist);

function bytesOf(file: string): number {
  return gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).byteLength;
}

/** Files that a chunk needs before it can run: itself, its static imports and their style sheets. */
function closure(manifest: Record<string, Chunk>, key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const next of chunk.imports ?? []) closure(manifest, next, seen);
  return seen;
}

function sum(files: Iterable<string>): number {
  return [...files].reduce((total, file) => total + bytesOf(file), 0);
}

describe('what the first visit downloads', () => {
  let manifest: Record<string, Chunk>;

  before(() => {
    expect(existsSync(manifestFile), 'client/dist is built (npm run build)').to.equal(true);
    manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<string, Chunk>;
  });

  const words = (language: string, area: string): string => `src/i18n/${language}/${area}.json`;

  for (const language of LANGUAGES) {
    it(`stays within 45 KB of script, style and words for / in ${language}, signed in and signed out`, () => {
      for (const screen of ['src/screens/board/BoardList.svelte', 'src/screens/board/StartPage.svelte']) {
        const files = closure(manifest, 'index.html');
        closure(manifest, 'src/screens/board/BoardPage.svelte', files);
        closure(manifest, screen, files);
        for (const area of ['shell', 'words', 'board']) closure(manifest, words(language, area), files);
        if (language === 'ug') closure(manifest, 'src/i18n/uyghur-face.ts', files);
        expect(sum(files), [...files].join(' ')).to.be.lessThan(FIRST_LOAD);
      }
    });

    it(`keeps the words of a resident's screens in ${language} within 12 KB`, () => {
      const areas = ['shell', 'words', 'board', 'ask', 'request', 'mine'];
      const files = new Set(areas.flatMap((area) => [...closure(manifest, words(language, area))]));
      expect(sum(files)).to.be.greaterThan(1000);
      expect(sum(files)).to.be.lessThan(2 * DICTIONARY);
      for (const area of areas)
        expect(sum(closure(manifest, words(language, area))), area).to.be.lessThan(DICTIONARY);
    });
  }

  it('keeps each further screen of a resident within 20 KB', () => {
    const common = closure(manifest, 'index.html');
    const screens = Object.keys(manifest).filter((key) =>
      /src\/screens\/(?:ask|mine|request|task|notifications|more|board)\/\w+Page\.svelte$/.test(key),
    );
    expect(screens.length).to.be.greaterThan(8);
    for (const screen of screens) {
      const files = [...closure(manifest, screen)].filter((file) => !common.has(file));
      expect(sum(files), screen).to.be.lessThan(ROUTE);
    }
  });

  it('loads the plan and the socket on demand only', () => {
    const first = closure(manifest, 'index.html');
    closure(manifest, 'src/screens/board/BoardPage.svelte', first);
    const code = [...first]
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(new URL(file, dist), 'utf8'));
    expect(code.join('')).to.not.match(/engine\.io|Leaflet/);
    const plan = [...closure(manifest, 'src/screens/board/EstatePlan.svelte')].filter(
      (file) => !first.has(file),
    );
    expect(sum(plan)).to.be.greaterThan(10 * 1024);
    expect(sum(plan)).to.be.lessThan(PLAN);
  });

  it('cuts each weight of the Uyghur face to less than 10 KB', () => {
    const fonts = Object.values(manifest).flatMap(({ file, assets }) =>
      [file, ...(assets ?? [])].filter((name) => name.endsWith('.woff2')),
    );
    expect(new Set(fonts).size).to.equal(2);
    for (const font of new Set(fonts)) {
      expect(readFileSync(new URL(font, dist)).byteLength, font).to.be.lessThan(FONT);
    }
  });
});
