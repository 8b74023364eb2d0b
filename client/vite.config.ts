import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { leafletPlugin } from './build/leaflet-plugin.ts';
import { uyghurPlugin } from './build/uyghur-plugin.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const repository = fileURLToPath(new URL('..', import.meta.url));
/** Only for `vite dev`: where the API listens. */
const api = process.env['LINLI_API'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root,
  plugins: [svelte(), leafletPlugin(), uyghurPlugin(`${repository}node_modules/.cache/linli`)],
  json: { namedExports: false },
  // Dev serves Leaflet through the same plugin instead of a prebundled copy.
  optimizeDeps: { exclude: ['leaflet'] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome87', 'safari14.1'],
    // The policy allows no data: fonts, and one cached sprite is smaller than many copies.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    manifest: true,
  },
  server: {
    fs: { allow: [repository] },
    proxy: {
      '/api': { target: api },
      '/socket.io': { target: api, ws: true },
    },
  },
});
