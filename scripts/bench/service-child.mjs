/**
 * The service in a process of its own, so that a test can kill it and a measurement can ask what it cost: the same
 * composition, store, keys and port as `main.ts`, with limits that let one machine play many people. Says
 * `{ origin }` to its parent when it listens; answers `cpu` with its processor time so far.
 * The first argument is the folder of the compiled or the plain sources, the second the ending of its files.
 */
import process from 'node:process';

const [sources, ending] = process.argv.slice(2);
const load = async (file) => await import(new URL(`${file}.${ending}`, sources).href);
const { compose } = await load('compose');
const { readConfig } = await load('config');
const { createHttpServer, listen } = await load('http/http-server');
const { createIdSource } = await load('ids');
const { createLogger } = await load('logger');
const { loadKeys } = await load('privacy/keys');
const { openStorage } = await load('storage/open-storage');

const config = readConfig(process.env, process.cwd());
const logger = createLogger('error');
const clock = { now: () => new Date() };
const storage = await openStorage({ mongodbUri: config.mongodbUri, dataDir: config.dataDir, logger });
const house = await compose({
  config,
  storage,
  keys: await loadKeys(config.keyDir),
  clock,
  newId: createIdSource(clock),
  logger,
  clientDir: 'no-client',
  version: '0.0.0-test',
  limitFactor: 100_000,
  checkResponses: false,
});
const server = createHttpServer(house.app, null);
house.realtime.attach(server);
const port = await listen(server, config.port, '127.0.0.1');
// Without the clock's work whatever is written is written by what the parent asks.
if (process.env['BENCH_WITHOUT_JOBS'] !== '1') house.jobs.start();
process.send?.({ origin: `http://127.0.0.1:${String(port)}` });

process.on('message', (message) => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() });
  else if ('constant' in message) {
    void answerConstant(message.constant).then((constantOrigin) =>
      process.send?.({ origin: constantOrigin }),
    );
  }
});

/** The same stack on a second port, whose board answers what it is given without asking anybody. */
async function answerConstant(page) {
  const { createApp } = await load('app');
  const { createRateLimits } = await load('http/rate-limits');
  const board = house.routes.find(({ operationId }) => operationId === 'listHelpRequests');
  const app = createApp({
    routes: [{ ...board, handle: async () => page }],
    sessions: house.sessions,
    limits: createRateLimits({ factor: 100_000 }),
    origin: { publicOrigin: null, anyHost: false },
    isHttps: false,
    trustProxy: 0,
    clientDir: 'no-client',
    readiness: { checks: {}, isDraining: () => false },
    clock,
    newId: createIdSource(clock),
    logger,
    communityOf: async () => null,
    digest: (text) => house.vault.digest('command', text),
    checkResponses: false,
  });
  const second = createHttpServer(app, null);
  process.on('SIGTERM', () => second.close().closeAllConnections());
  return `http://127.0.0.1:${String(await listen(second, 0, '127.0.0.1'))}`;
}

process.on('SIGTERM', () => {
  void (async () => {
    server.closeAllConnections();
    server.close();
    await house.stop();
    await storage.close();
    process.exit(0);
  })();
});
// A parent that is gone leaves no orphan behind.
process.on('disconnect', () => process.exit(0));
