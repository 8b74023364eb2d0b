import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { leafletPlugin } from './build/leaflet-plugin.ts';
import { precompressPlugin } from './build/precompress-plugin.ts';
import { uyghurPlugin } from './build/uyghur-plugin.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const repository = fileURLToPath(new URL('..', import.meta.url));
/** Only for `vite dev`: where the API listens. */
const api = process.env['LINLI_API'] ?? 'http://127.0.0.1:3000';

/**
 * How screens are put into files. The first load is one file (many small ones compress badly and queue on a slow
 * line), measured by test/client/first-load.test.ts. Screens that follow each other share one, so that somebody who
 * began to ask can finish without a network.
 */
const GROUPS: Readonly<Record<string, readonly RegExp[]>> = {
  first: [
    /\/client\/src\/screens\/(?:board\/BoardPage|shell\/Trouble)\.svelte$/,
    /\/client\/src\/components\/(?:AppHeader|Banner|BottomTabs|Button|Doorway|Empty|HelpLine|Houses|Icon|Page|RowLink|Skeleton|StaffNav)\.svelte$/,
    /\/client\/src\/(?:App\.svelte|main\.ts|routes[\w-]*\.ts|[\w-]+\.svelte\.ts|api-client\.ts|operations\.ts|request-look\.ts|random-key\.ts|match-path\.ts)$/,
    /\/client\/src\/i18n\/(?:(?:[\w-]+\.svelte|fill|zoned-time)\.ts|.*\.json)$/,
    /\/node_modules\/(?:esm-env|clsx)\/|preload-helper|modulepreload-polyfill|@oxc-project|\/icons\.svg|\/client\/src\/styles\/(?!forms)/,
    /\/node_modules\/svelte\/(?!.*(?:bindings\/(?:input|select|size|media)|svelte-element|shared\/clone)\.js)/,
  ],
  board: [
    /\/client\/src\/screens\/board\/(?:Board(?:List|Cards|Chips)\.svelte|board[\w-]*\.(?:svelte\.)?ts)$/,
    /\/client\/src\/components\/(?:Chip|Fact|Pill|RequestCard|Tag)\.svelte$/,
  ],
  forms: [
    /\/client\/src\/components\/(?:Confirmation|Dialog|ErrorWords|Field|ReadAloud|Stepper|Switch|Timeline|WhoActsNext)\.svelte$/,
    /\/client\/src\/styles\/forms\.css$/,
    /\/node_modules\/svelte\//,
  ],
  // The outbox is fetched at idle, and the steps of asking with it: who opened the board can ask without a network.
  ask: [
    /\/client\/src\/(?:screens\/ask|outbox)\//,
    /\/src\/shared\/text-warnings\.ts$/,
    /\/node_modules\/idb\//,
  ],
  mine: [/\/client\/src\/screens\/(?:mine|request|task)\//],
  people: [/\/client\/src\/screens\/staff\/(?:People|Person|person-acts|Invitation|WriteDown|Calls)/],
  staff: [/\/client\/src\/screens\/staff\//],
  // Every file that can be asked for stands by name in the first one: what is small or belongs together shares a file.
  shell: [/\/client\/src\/screens\/shell\//],
  passphrase: [/\/client\/src\/screens\/sign-in\/(?:PassphraseField|StepUp)\.svelte$/],
  entrance: [/\/client\/src\/screens\/(?:sign-up\/|sign-in\/(?:SignIn|after-sign-in|next-path))/],
  settings: [/\/client\/src\/screens\/settings\//],
  setup: [/\/client\/src\/screens\/setup\//],
  demo: [/\/client\/src\/screens\/demo\/(?:Demo(?:Start|Door)\.svelte|tour\.svelte\.ts|demo-people)/],
  vocabulary: [/\/src\/shared\/(?:limits|vocabulary)\.ts$|\/client\/src\/purpose-words\.ts$/],
};
const codeSplitting = {
  includeDependenciesRecursively: false,
  groups: Object.entries(GROUPS).map(([name, tests], index, all) => ({
    name,
    priority: all.length - index,
    test: (id: string): boolean => tests.some((test) => test.test(id.split('?')[0] ?? '')),
  })),
};

export default defineConfig({
  root,
  plugins: [
    // First load: a short name in place of 'svelte-…', which stands in script and style alike, and no version on window.
    svelte({ compilerOptions: { cssHash: ({ hash, css }) => `s${hash(css)}`, discloseVersion: false } }),
    leafletPlugin(),
    uyghurPlugin(`${repository}node_modules/.cache/linli`),
    precompressPlugin(),
  ],
  json: { namedExports: false },
  // Dev serves Leaflet through the same plugin instead of a prebundled copy.
  optimizeDeps: { exclude: ['leaflet'] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome87', 'safari14.1'],
    // The policy allows no data: fonts, and one cached sprite is smaller than many copies.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: {
      treeshake: {
        // The runtime's barrel names every feature; its files do nothing by being loaded, so unused ones may go.
        moduleSideEffects: [
          { test: /\/node_modules\/svelte\/src\/internal\/(?:client|shared)\//, sideEffects: false },
        ],
      },
      output: {
        codeSplitting,
      },
    },
  },
  server: {
    fs: { allow: [repository] },
    proxy: {
      '/api': { target: api },
      '/socket.io': { target: api, ws: true },
    },
  },
});
