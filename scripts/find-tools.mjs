import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { root } from './build.mjs';
import { run, say } from './run-step.mjs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const PACKAGES = ['chromium', 'fonts-noto-cjk', 'fonts-noto-core'];

/** Carries a Chromium and the libraries that a bare Debian lacks; no system package is needed. */
const PACKAGED = '@sparticuz/chromium@147.0.0';

function installed() {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return PLACES.find((place) => existsSync(place));
}

async function has(command) {
  const { code } = await run('sh', ['-c', `command -v ${command}`], { quiet: true });
  return code === 0;
}

/** Installs packages of Debian for a purpose; does nothing when this is not root on a Debian, says so when it fails. */
async function installFromDebian(purpose, packages) {
  if (process.getuid?.() !== 0 || !(await has('apt-get'))) return;
  say(`Installing ${packages.join(', ')} for ${purpose} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { quiet: true, env });
  const args = ['install', '-y', '--no-install-recommends', ...packages];
  const { code, printed } = await run('apt-get', args, { quiet: true, env });
  if (code !== 0) say(printed.slice(-2000));
}

/** strace lets the store's tests make a sync fail; without it they are reported as skipped. */
export async function ensureStrace() {
  if (!(await has('strace'))) await installFromDebian('the tests of a failing disk', ['strace']);
}

/**
 * From npm, beside the project's own packages, behind a script that names its libraries. The package unpacks its
 * libraries only where it believes to run on a bare system, which is told to it by a variable.
 */
export async function fromNpm(folder = path.join(root, '.cache', 'chromium')) {
  const binary = path.join(folder, 'chromium');
  const start = path.join(folder, 'start-chromium');
  if (!existsSync(start)) {
    if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
    say('Fetching a packaged Chromium for the journeys (npm) …');
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, PACKAGED];
    const fetched = await run('npm', args, { quiet: true });
    const entry = pathToFileURL(path.join(folder, 'node_modules/@sparticuz/chromium/build/esm/index.js'));
    const unpack = `import(${JSON.stringify(entry.href)}).then(({ default: one }) => one.executablePath())`;
    const env = { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' };
    const unpacked = await run(process.execPath, ['--input-type=module', '-e', unpack], { quiet: true, env });
    if (fetched.code !== 0 || unpacked.code !== 0 || !existsSync(binary)) {
      say(`${fetched.printed}${unpacked.printed}`.slice(-2000));
      return undefined;
    }
    const libraries = `LD_LIBRARY_PATH='${folder}/al2023/lib' FONTCONFIG_PATH='${folder}/fonts'`;
    writeFileSync(start, `#!/bin/sh\n${libraries} exec '${binary}' "$@"\n`);
    chmodSync(start, 0o755);
  }
  const { code } = await run(start, ['--version'], { quiet: true });
  return code === 0 ? start : undefined;
}

/**
 * Path of a Chromium that can be driven: named by CHROMIUM, found on the machine, installed with apt when this is root
 * on a Debian, else from a package of npm. Undefined when there is none; the caller says what to install.
 */
export async function findChromium() {
  const present = installed();
  if (present !== undefined) return present;
  await installFromDebian('the journeys', PACKAGES);
  return installed() ?? (await fromNpm());
}
