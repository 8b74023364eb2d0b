import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(?:js|css|svg|json)$/;
/** Below this a header costs more than it saves. */
const SMALLEST = 600;

/** Writes a brotli and a gzip copy beside every text file of the build, so that the server never compresses while it answers. */
export function precompressPlugin(): Plugin {
  return {
    name: 'linli-precompress',
    apply: 'build',
    async writeBundle(options) {
      const folder = options.dir ?? '';
      const files = await readdir(folder, { recursive: true });
      const wanted = files.filter((file) => COMPRESSIBLE.test(file) && !file.startsWith('.vite'));
      await Promise.all(wanted.map((file) => compress(join(folder, file))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.byteLength < SMALLEST) return;
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength },
    }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}
