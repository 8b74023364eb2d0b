import { existsSync } from 'node:fs';
import process from 'node:process';
import { run, say } from './run-step.mjs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const PACKAGES = ['chromium', 'fonts-noto-cjk', 'fonts-noto-core'];

function installed() {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return PLACES.find((place) => existsSync(place));
}

async function has(command) {
  const { code } = await run('sh', ['-c', `command -v ${command}`], { quiet: true });
  return code === 0;
}

/**
 * Path of a Chromium that can be driven: named by CHROMIUM, found on the machine, or installed with apt when
 * this is root on a Debian. Undefined when there is none; the caller says what to install.
 */
export async function findChromium() {
  const found = installed();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !(await has('apt-get'))) return undefined;
  say('Installing Chromium and fonts for the journeys (apt-get) …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { quiet: true, env });
  const { code, printed } = await run('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES], {
    quiet: true,
    env,
  });
  if (code !== 0) say(printed.slice(-2000));
  return installed();
}
