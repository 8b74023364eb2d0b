import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compose } from './compose.ts';
import type { DemoAccount } from './demo/compose-demo.ts';
import { createDemoClock } from './demo/demo-clock.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { closeServer, createHttpServer, listen } from './http/http-server.ts';
import { createIdSource } from './ids.ts';
import { createLogger } from './logger.ts';
import { loadKeys } from './privacy/keys.ts';
import { projectRoot } from './project-root.ts';
import { openStorage } from './storage/open-storage.ts';

/** How long a shutdown may take before the process ends anyway. */
const DRAIN_MS = 15_000;
/** Visitors that a balancer still sends after /readyz said no. */
const STILL_ARRIVING_MS = 3_000;

/** Starts the service: settings, keys, store, routes, port; ends cleanly on SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const root = projectRoot();
  const config = readConfig(process.env, root);
  const logger = createLogger(config.logLevel);
  const demoClock = config.demo ? createDemoClock(() => new Date()) : null;
  const clock = demoClock ?? { now: () => new Date() };
  const newId = createIdSource(clock);
  const keys = await loadKeys(config.keyDir);
  const storage = await openStorage({
    mongodbUri: config.mongodbUri,
    dataDir: config.dataDir,
    logger,
    onFailure: (error) => {
      logger.error({ err: error }, 'the store has stopped');
      process.exit(1);
    },
  });
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const house = await compose({
    config,
    storage,
    keys,
    clock,
    demoClock,
    newId,
    logger,
    clientDir: path.join(root, 'client', 'dist'),
    version,
    limitFactor: config.demo ? 50 : 1,
    checkResponses: config.environment === 'test',
  });
  const server = createHttpServer(house.app, config.tls);
  house.realtime.attach(server);
  const port = await listen(server, config.port, config.host);
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.info({ signal }, 'draining');
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    house.drain();
    if (config.environment === 'production' && !config.demo && signal === 'SIGTERM')
      await pause(STILL_ARRIVING_MS);
    await Promise.all([house.stop(), closeServer(server, 5_000)]);
    await storage.close();
    process.exit(0);
  };
  const end = (signal: string): void => {
    stop(signal).catch((error: unknown) => {
      logger.error({ err: error }, 'the shutdown failed');
      process.exit(1);
    });
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // The script that started it has gone: nobody would ever end this process.
  if (process.send !== undefined) process.once('disconnect', () => end('disconnect'));

  await house.demo?.start(`http://127.0.0.1:${String(port)}`, { speed: 1, paused: false });
  house.jobs.start();
  announce(config, port, await house.setup.issueCode(), house.demo?.accounts ?? []);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * For the person at the terminal, on standard output (the log is on standard error); for a script that started this
 * process with a channel, as a message.
 */
function announce(
  config: Config,
  port: number,
  setupCode: string | null,
  accounts: readonly DemoAccount[],
): void {
  const scheme = config.tls === null ? 'http' : 'https';
  const name = config.host.includes(':') ? `[${config.host}]` : config.host;
  const host = name === '0.0.0.0' || name === '[::]' ? 'localhost' : name;
  const url = config.publicOrigin ?? `${scheme}://${host}:${String(port)}`;
  if (process.send !== undefined) {
    process.send({ type: 'ready', url, port, accounts });
    return;
  }
  const lines = [`Linli is ready at ${url}`];
  if (setupCode !== null && !config.demo) {
    lines.push(`First start: open ${url}/setup and type this code once: ${setupCode}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack ?? String(error)}\n`);
  process.exit(1);
});

try {
  await main();
} catch (error) {
  const text =
    error instanceof ConfigError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : 'the start failed';
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
