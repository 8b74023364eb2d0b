/**
 * Brings a checkout to a state that can run: packages, then server and client, each only when what it is made
 * from has changed. Uses `node:` modules alone, so that it runs before anything is installed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run, say, seconds } from './run-step.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stamps = path.join(root, 'node_modules', '.linli');

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist')
    .flatMap((entry) => filesBelow(path.join(folder, entry.name)))
    .sort();
}

function hashOf(inputs) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => filesBelow(path.join(root, input)))) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Runs `make` unless `output` was made from the very same inputs. */
async function whenChanged(name, inputs, output, make) {
  const stamp = path.join(stamps, name);
  const hash = hashOf(inputs);
  const isFresh =
    existsSync(path.join(root, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (isFresh) return;
  const started = Date.now();
  await make();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, hash);
  say(`  ${name}: done in ${seconds(started)}`);
}

async function must(what, command, args) {
  const { code, printed } = await run(command, args, { cwd: root, quiet: true });
  if (code === 0) return;
  say(printed);
  throw new Error(`${what} failed (exit code ${code}); the output is above.`);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Linli needs Node 20.19 or later (24 is recommended); this is ${process.versions.node}.`);
}

/** Installs the exact packages of the lock file, development tools included, when the lock file changed. */
export async function install() {
  requireNode();
  await whenChanged('packages', ['package-lock.json'], 'node_modules/.package-lock.json', async () => {
    say('Installing packages (npm ci), about half a minute the first time …');
    await must('npm ci', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  });
}

/** Compiles the server into dist/ and the client into client/dist/. */
export async function build() {
  await whenChanged(
    'server',
    ['src', 'scripts', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    'dist',
    async () => {
      say('Compiling the server …');
      rmSync(path.join(root, 'dist'), { recursive: true, force: true });
      await must('Compiling the server', process.execPath, [
        bin('typescript', 'bin/tsc'),
        '-p',
        'tsconfig.build.json',
      ]);
    },
  );
  await whenChanged('client', ['client', 'src/shared', 'package-lock.json'], 'client/dist', async () => {
    say('Building the pages …');
    await must('Building the pages', process.execPath, [
      bin('vite', 'bin/vite.js'),
      'build',
      'client',
      '--logLevel',
      'warn',
    ]);
  });
}

function bin(name, file) {
  return path.join(root, 'node_modules', name, file);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await install();
    await build();
  } catch (error) {
    say(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
