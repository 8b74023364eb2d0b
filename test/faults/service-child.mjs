/**
 * The service in a process of its own, so that a test can kill it: the same composition, store, keys and port as
 * `main.ts`, with limits that let one machine play many people. Says `{ origin }` to its parent when it listens.
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
house.jobs.start();
process.send?.({ origin: `http://127.0.0.1:${String(port)}` });

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
