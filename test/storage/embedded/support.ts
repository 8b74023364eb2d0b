import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { openServer, type ServerOptions } from '../../../src/storage/embedded/server.ts';

export interface TestStore {
  readonly uri: string;
  readonly client: MongoClient;
  readonly dataDir: string;
  readonly logged: { level: string; message: string; fields: Record<string, unknown> }[];
  /** Closes the client and the store; the directory stays. */
  stop(): Promise<void>;
  /** As `stop`, then removes the directory. */
  end(): Promise<void>;
}

/** In memory where the system has such a place: most tests are not about the disk. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A fresh directory; remove it when it is no longer needed. */
export function makeDataDir(): string {
  return mkdtempSync(join(PLACE, 'embedded-'));
}

/**
 * A store in this thread (a worker takes seconds to load the sources), on a Unix socket of its
 * directory, with a connected driver.
 */
export async function startTestStore(
  options: Partial<ServerOptions> = {},
  clientOptions: MongoClientOptions = {},
): Promise<TestStore> {
  const dataDir = options.dataDir ?? makeDataDir();
  const logged: TestStore['logged'] = [];
  const server = await openServer({
    dataDir,
    listen: { path: join(dataDir, 'store.sock') },
    ballastBytes: 0,
    log(level, fields, message) {
      logged.push({ level, fields, message });
    },
    onFatal(error) {
      throw error;
    },
    ...options,
  });
  const uri = `mongodb://${encodeURIComponent(server.address)}/linli?directConnection=true`;
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5000, ...clientOptions });
  const stop = async () => {
    await client.close();
    await server.stop();
  };
  return {
    uri,
    client,
    dataDir,
    logged,
    stop,
    async end() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The error a promise rejects with; fails when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error('nothing was thrown');
}
