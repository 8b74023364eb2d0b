import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import type { Plugin } from 'vite';
import { readUyghurDates } from './uyghur-dates.ts';

/** The 33 code points of Uyghur, its punctuation, and the forms a reader may meet in names. */
const UYGHUR_LETTERS = 'ئاەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي،؛؟ـ';
const WEIGHTS = [400, 700] as const;
const DATES_MODULE = 'virtual:uyghur-dates';
const FONT_MODULE = 'virtual:uyghur-font';

/**
 * Gives the client two modules that only a build can make: the Uyghur calendar words and
 * a Naskh face cut down to Uyghur letters (about 9 KB a weight instead of 53).
 */
export function uyghurPlugin(cacheFolder: string): Plugin {
  return {
    name: 'linli-uyghur',
    resolveId: (id) => (id === DATES_MODULE || id === FONT_MODULE ? `\0${id}` : undefined),
    async load(id) {
      if (id === `\0${DATES_MODULE}`) return `export default ${JSON.stringify(readUyghurDates())};`;
      if (id !== `\0${FONT_MODULE}`) return undefined;
      const files = await Promise.all(WEIGHTS.map((weight) => writeSubset(cacheFolder, weight)));
      const imports = files.map((file, index) => `import url${index} from ${JSON.stringify(`${file}?url`)};`);
      const faces = WEIGHTS.map((weight, index) => `{ weight: '${weight}', url: url${index} }`);
      return `${imports.join('\n')}\nexport default [${faces.join(', ')}];`;
    },
  };
}

async function writeSubset(folder: string, weight: number): Promise<string> {
  const require = createRequire(import.meta.url);
  const source = await readFile(
    require.resolve(`@fontsource/noto-naskh-arabic/files/noto-naskh-arabic-arabic-${weight}-normal.woff2`),
  );
  // Cutting takes seconds; the same face cut to the same letters is kept.
  const made = createHash('sha256').update(source).update(UYGHUR_LETTERS).digest('hex').slice(0, 12);
  const file = join(folder, `naskh-uyghur-${weight}-${made}.woff2`);
  if (existsSync(file)) return file;
  const subset = await subsetFont(source, UYGHUR_LETTERS, { targetFormat: 'woff2' });
  await mkdir(folder, { recursive: true });
  await writeFile(file, subset);
  return file;
}
