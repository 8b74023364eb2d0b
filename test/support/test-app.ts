import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compose, type House } from '../../src/compose.ts';
import { readConfig, type Config } from '../../src/config.ts';
import { closeServer, createHttpServer, listen } from '../../src/http/http-server.ts';
import { createIdSource } from '../../src/ids.ts';
import { silentLogger, type Logger } from '../../src/logger.ts';
import { loadKeys } from '../../src/privacy/keys.ts';
import { openStorage, type Storage } from '../../src/storage/open-storage.ts';
import {
  givenCommunity,
  type ResidentOptions,
  type TestCommunity,
  type TestPerson,
  type VolunteerOptions,
} from './people.ts';
import { createPersonClient, type PersonClient } from './person-client.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export interface TestAppOptions {
  /** Where the clock stands at first: Tuesday noon in the community by default. */
  readonly now?: Date;
  readonly env?: Readonly<Record<string, string>>;
  /** 1: the real limits of addresses and accounts. */
  readonly limitFactor?: number;
  readonly logger?: Logger;
  /** A build of the client to serve. */
  readonly clientDir?: string;
  /** Start the clock's jobs; tests usually tick them by hand with `house.jobs.tick(name)`. */
  readonly jobs?: boolean;
}

/** The whole service on its own embedded store and a free port. */
export interface TestApp {
  readonly baseUrl: string;
  readonly clock: TestClock;
  readonly house: House;
  readonly storage: Storage;
  readonly config: Config;
  readonly logs: readonly string[];
  readonly newId: () => string;
  newClient(): PersonClient;
  readonly given: {
    community(): Promise<TestCommunity>;
    /** In the test app's own first community. */
    resident(options?: ResidentOptions): Promise<TestPerson>;
    volunteer(options?: VolunteerOptions): Promise<TestPerson>;
    staff(options?: ResidentOptions): Promise<TestPerson>;
    administrator(): Promise<TestPerson>;
  };
  stop(): Promise<void>;
}

/** Starts the real thing in a temporary directory; one for a test file, in `before`, stopped in `after`. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const directory = await mkdtemp(path.join(tmpdir(), 'linli-test-'));
  const env = {
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: 'store',
    KEY_DIR: 'keys',
    LOG_LEVEL: 'silent',
    ...options.env,
  };
  const config = readConfig(env, directory);
  const clock = createTestClock(options.now ?? new Date('2026-11-24T04:00:00.000Z'));
  const newId = createIdSource({ now: () => new Date() });
  const logs: string[] = [];
  const logger = options.logger ?? collect(logs);
  const storage = await openStorage({
    mongodbUri: process.env['MONGODB_URI'] ?? null,
    dataDir: config.dataDir,
    logger,
  });
  const house = await compose({
    config,
    storage,
    keys: await loadKeys(config.keyDir),
    clock,
    demoClock: null,
    newId,
    logger,
    clientDir: options.clientDir ?? path.join(directory, 'no-client'),
    version: '0.0.0-test',
    limitFactor: options.limitFactor ?? 1_000,
    checkResponses: true,
  });
  const server = createHttpServer(house.app, config.tls);
  house.realtime.attach(server);
  const port = await listen(server, 0, '127.0.0.1');
  if (options.jobs === true) house.jobs.start();
  const baseUrl = `http://127.0.0.1:${String(port)}`;
  const sockets = new Set<{ close(): void }>();
  const newClient = (): PersonClient => createPersonClient(baseUrl, sockets);

  let first: Promise<TestCommunity> | undefined;
  const community = async (): Promise<TestCommunity> =>
    await givenCommunity({ house, clock, newId, newClient });
  const home = async (): Promise<TestCommunity> => await (first ??= community());

  return {
    baseUrl,
    clock,
    house,
    storage,
    config,
    logs,
    newId,
    newClient,
    given: {
      community,
      resident: async (wish) => await (await home()).resident(wish),
      volunteer: async (wish) => await (await home()).volunteer(wish),
      staff: async (wish) => await (await home()).staff(wish),
      administrator: async () => (await home()).administrator,
    },
    async stop() {
      for (const socket of sockets) socket.close();
      await Promise.all([house.stop(), closeServer(server, 0)]);
      await storage.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Errors are part of what a test may look at; everything else is dropped. */
function collect(lines: string[]): Logger {
  return {
    ...silentLogger,
    error(fields, message) {
      const { err } = fields as { err?: unknown };
      lines.push(`${message} ${JSON.stringify(fields)} ${err instanceof Error ? (err.stack ?? '') : ''}`);
    },
  };
}
