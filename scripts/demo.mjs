/**
 * npm run demo: installs what is missing, builds, and opens a living sample neighbourhood.
 *
 *   --fresh            begin anew; otherwise everything survives a restart
 *   --port N           this port, or the next free one (8080)
 *   --host 0.0.0.0     reachable from other machines, with a warning
 *   --speed N          how fast the neighbourhood lives (1; 0.25 to 20)    --paused   it rests
 *   --json             one JSON line { url, accounts } on stdout when ready, everything else on stderr
 */
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { build, install, root } from './build.mjs';
import { freePort } from './free-port.mjs';
import { say, seconds } from './run-step.mjs';

const OPTIONS = {
  fresh: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  paused: { type: 'boolean', default: false },
  port: { type: 'string', default: '8080' },
  host: { type: 'string', default: '127.0.0.1' },
  speed: { type: 'string', default: '1' },
};

function readOptions() {
  const { values } = parseArgs({ options: OPTIONS });
  const port = Number(values.port);
  const speed = Number(values.speed);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('--port needs a number from 0 to 65535.');
  if (!(speed >= 0.25 && speed <= 20)) throw new Error('--speed needs a number from 0.25 to 20.');
  return { ...values, port, speed };
}

function greet(url, accounts, started) {
  say(`\n  Linli is ready after ${seconds(started)}:  ${url}\n`);
  say('  Sign in with one tap on that page, or by name:');
  for (const { role, signInName, passphrase } of accounts) {
    say(`    ${role.padEnd(10)} ${signInName.padEnd(10)} ${passphrase}`);
  }
  say('\n  Everybody here is made up. Stop with Ctrl+C; what you did is kept (--fresh begins anew).\n');
}

async function setPace(url, { speed, paused }) {
  if (speed === 1 && !paused) return;
  const response = await fetch(`${url}/api/demo/loop`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ speed, paused }),
  });
  if (!response.ok) say(`The pace could not be set (${response.status}).`);
}

async function main() {
  const options = readOptions();
  const started = Date.now();
  await install();
  await build();
  const home = path.join(root, '.demo');
  if (options.fresh) rmSync(home, { recursive: true, force: true });
  const port = options.port === 0 ? 0 : await freePort(options.port, options.host);
  if (port !== options.port) say(`Port ${options.port} is busy; using ${port}.`);
  if (options.host !== '127.0.0.1' && options.host !== 'localhost') {
    say(
      '\n  !! Reachable from other machines, without encryption, with sign-in for everybody. Type nothing real. !!\n',
    );
  }
  say('Opening the neighbourhood …');
  const env = {
    ...process.env,
    DEMO: '1',
    HOST: options.host,
    PORT: String(port),
    DATA_DIR: path.join(home, 'data'),
    KEY_DIR: path.join(home, 'keys'),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
  };
  const server = fork(path.join(root, 'dist/src/main.js'), [], {
    env,
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  server.on('message', async (message) => {
    if (message?.type !== 'ready') return;
    await setPace(message.url, options);
    if (options.json)
      process.stdout.write(`${JSON.stringify({ url: message.url, accounts: message.accounts })}\n`);
    greet(message.url, message.accounts, started);
  });
  server.on('exit', (code) => process.exit(code ?? 1));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill('SIGTERM'));
}

try {
  await main();
} catch (error) {
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
