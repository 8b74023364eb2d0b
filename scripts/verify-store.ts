import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * The long proofs of the embedded store: 100,000 random operations against the plain model, with every
 * subset of the indexes, and 500 kills of the store and 60 of its tools. Takes about half an hour; `npm test`
 * runs the same tests shorter. `--only=WORD` runs the proofs whose file has the word in its name.
 */
const proofs = [
  { name: 'differential', env: { STORE_PROGRAMS: 'all' } },
  { name: 'crash', env: { STORE_KILLS: '500' } },
  { name: 'tool-crash', env: { STORE_TOOL_KILLS: '20' } },
  { name: 'faults', env: {} },
  { name: 'retry', env: {} },
];
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? '';
const root = fileURLToPath(new URL('..', import.meta.url));
const mocha = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));

let failures = 0;
for (const { name, env } of proofs.filter((proof) => proof.name.includes(only))) {
  const file = `test/storage/embedded/${name}.test.ts`;
  const { status } = spawnSync(process.execPath, [mocha, '--exit', file], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) failures++;
}
process.exitCode = failures === 0 ? 0 : 1;
