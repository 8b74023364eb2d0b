import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { LANGUAGES } from '../../src/shared/vocabulary.ts';

/** Budgets in bytes after gzip. Words are JSON files with a budget of their own; pictures and fonts are not counted. */
const FIRST_LOAD = 45_000;
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

  /** Script and style that the page itself names, and what those need before they run. */
  function ofThePage(): Set<string> {
    const html = readFileSync(new URL('index.html', dist), 'utf8');
    const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(
      (found) => found[1] ?? '',
    );
    expect(named.some((file) => file.endsWith('.js'))).to.equal(true);
    const files = new Set<string>();
    for (const file of named) {
      const key = Object.keys(manifest).find((one) => manifest[one]?.file === file);
      if (key !== undefined) closure(manifest, key, files);
      files.add(file);
    }
    return files;
  }

  /** Adds a chunk by the name it was given, with all it needs. */
  function withChunk(name: string, files: Set<string>): void {
    const keys = Object.keys(manifest).filter((key) => {
      const file = manifest[key]?.file ?? '';
      return file.startsWith(`assets/${name}-`) && file.endsWith('.js');
    });
    expect(keys, `a chunk named ${name}`).to.have.length(1);
    for (const key of keys) closure(manifest, key, files);
  }

  const words = (language: string, area: string): string =>
    manifest[`src/i18n/${language}/${area}.json`]?.file ?? '';

  for (const language of LANGUAGES) {
    it(`stays within 45,000 bytes of script and style for / in ${language}, signed in, signed out and in the demo`, () => {
      for (const screen of [['board'], ['StartPage'], ['StartPage', 'demo']]) {
        const files = ofThePage();
        for (const name of screen) withChunk(name, files);
        if (language === 'ug') {
          withChunk('uyghur-face', files);
          withChunk('_virtual_uyghur-dates', files);
        }
        expect(sum(files), `${screen.join(' ')}: ${[...files].join(' ')}`).to.be.lessThan(FIRST_LOAD);
      }
    });

    it(`keeps the words of / in ${language} within 12 KB, and those of each further area`, () => {
      const first = ['shell', 'words', 'board'].map((area) => words(language, area));
      expect(sum(first)).to.be.greaterThan(3000);
      expect(sum(first)).to.be.lessThan(DICTIONARY);
      for (const area of ['ask', 'request', 'mine', 'account', 'settings']) {
        expect(bytesOf(words(language, area)), area).to.be.lessThan(DICTIONARY);
      }
    });
  }

  it('keeps what each further screen adds within 20 KB', () => {
    const first = ofThePage();
    const scripts = new Set(
      Object.values(manifest)
        .map(({ file }) => file)
        .filter((file) => file.endsWith('.js')),
    );
    const further = [...scripts].filter((file) => !first.has(file) && !/EstatePlan|live-socket/.test(file));
    expect(further.some((file) => file.startsWith('assets/ask-'))).to.equal(true);
    for (const file of further) expect(bytesOf(file), file).to.be.lessThan(ROUTE);
  });

  it('loads the plan and the socket on demand only', () => {
    const first = ofThePage();
    withChunk('board', first);
    const code = [...first]
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(new URL(file, dist), 'utf8'));
    expect(code.join('')).to.not.match(/engine\.io|Leaflet/);
    const plan = new Set<string>();
    withChunk('EstatePlan', plan);
    const added = [...plan].filter((file) => !first.has(file));
    expect(sum(added)).to.be.greaterThan(10 * 1024);
    expect(sum(added)).to.be.lessThan(PLAN);
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
