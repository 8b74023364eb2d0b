/**
 * npm test: static checks, then every mocha stage, each with its time; the last line is
 * `N passed, N failed, N skipped`. `--long` runs the long forms too; `--only=store,api` runs some stages.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build, install, root } from './build.mjs';
import { ensureStrace, findChromium } from './find-tools.mjs';
import { run, say, seconds } from './run-step.mjs';

const bin = (name, file) => path.join(root, 'node_modules', name, file);
const STATIC_CHECKS = [
  ['types', [bin('typescript', 'bin/tsc'), '--noEmit']],
  ['lint', [bin('oxlint', 'bin/oxlint'), '--type-aware', 'src', 'test', 'scripts']],
  ['format', [bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  [
    'client types',
    [
      bin('svelte-check', 'bin/svelte-check'),
      '--tsconfig',
      'client/tsconfig.json',
      '--output',
      'human',
      '--fail-on-warnings',
    ],
  ],
];
/** Which folder below test/ belongs to which stage; a folder that is not named here is part of `api`. */
const STAGE_OF_FOLDER = {
  shared: 'unit',
  client: 'unit',
  privacy: 'unit',
  scripts: 'unit',
  storage: 'store',
  matching: 'matching',
  faults: 'faults',
  journeys: 'journeys',
};
const STAGES = ['unit', 'store', 'matching', 'api', 'faults', 'journeys'];

const total = { passed: 0, failed: 0, skipped: 0 };

/** The test files of a stage; those that lie in test/ itself belong to `unit`. */
function specsOf(stage) {
  return readdirSync(path.join(root, 'test'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => stageOf(file) === stage)
    .sort()
    .map((file) => path.join('test', file));
}

function stageOf(file) {
  const [folder = '', ...below] = file.split(path.sep);
  return below.length === 0 ? 'unit' : (STAGE_OF_FOLDER[folder] ?? 'api');
}

async function staticStage() {
  const started = Date.now();
  const results = [];
  for (const [name, args] of STATIC_CHECKS) {
    const { code, printed } = await run(process.execPath, args, { cwd: root, quiet: true });
    const isGood = code === 0;
    results.push(isGood);
    if (!isGood) say(`✗ ${String(name)}\n${String(printed).slice(-6000)}`);
  }
  report('static', started, results.filter(Boolean).length, results.filter((passed) => !passed).length, 0);
}

function report(stage, started, passed, failed, skipped) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  say(`== ${stage}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds(started)}`);
}

/** One mocha process; its reporter closes with the counts. A process without them counts as one failure. */
async function mochaStage(stage, env) {
  const started = Date.now();
  const specs = specsOf(stage);
  if (specs.length === 0) return;
  const args = [
    bin('mocha', 'bin/mocha.js'),
    '--reporter',
    'test/support/ci-reporter.ts',
    '--exit',
    ...specs,
  ];
  const { code, printed } = await run(process.execPath, args, { cwd: root, capture: true, env });
  const counts = [...printed.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  if (counts === undefined) return report(stage, started, 0, 1, 0);
  const failed = Number(counts[2]);
  report(stage, started, Number(counts[1]), code !== 0 && failed === 0 ? 1 : failed, Number(counts[3]));
}

async function main() {
  const started = Date.now();
  const isLong = process.argv.includes('--long');
  const only = process.argv
    .find((argument) => argument.startsWith('--only='))
    ?.slice('--only='.length)
    .split(',');
  const isWanted = (stage) => only === undefined || only.includes(stage);
  await install();
  await build();
  const env = { ...process.env, NODE_ENV: 'test', ...(isLong ? { LINLI_LONG: '1' } : {}) };
  if (isWanted('static')) await staticStage();
  for (const stage of STAGES.filter(isWanted)) {
    if (stage === 'store') await ensureStrace();
    if (stage === 'journeys') {
      const chromium = await findChromium();
      if (chromium === undefined) {
        say(
          '✗ journeys: no browser. Install Chromium (Debian: apt-get install chromium fonts-noto-cjk fonts-noto-core) or set CHROMIUM=/path/to/it.',
        );
        report('journeys', Date.now(), 0, 1, 0);
        continue;
      }
      env.CHROMIUM = chromium;
    }
    await mochaStage(stage, env);
  }
  say(`== all stages in ${seconds(started)}`);
}

try {
  if (!existsSync(path.join(root, 'test'))) throw new Error('There is no test folder here.');
  await main();
} catch (error) {
  say(`\n✗ ${error instanceof Error ? error.message : String(error)}`);
  total.failed += 1;
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
