import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import {
  type EmbeddedStore,
  type EmbeddedStoreOptions,
  startEmbeddedStore,
} from '../../../src/storage/embedded/host.ts';

export interface TestStore {
  readonly store: EmbeddedStore;
  readonly client: MongoClient;
  readonly dataDir: string;
  readonly logged: { level: string; message: string; fields: Record<string, unknown> }[];
  end(): Promise<void>;
}

/** In memory where the system has such a place: most tests are not about the disk. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A directory of its own, removed by `end`. */
export function makeDataDir(): string {
  return mkdtempSync(join(PLACE, 'embedded-'));
}

/** A fresh store in a fresh directory, with a connected driver. */
export async function startTestStore(options: Partial<EmbeddedStoreOptions> = {}): Promise<TestStore> {
  const dataDir = options.dataDir ?? makeDataDir();
  const logged: TestStore['logged'] = [];
  const store = await startEmbeddedStore({
    ballastBytes: 0,
    log: (level, fields, message) => {
      logged.push({ level, fields, message });
    },
    ...options,
    dataDir,
  });
  const client = await MongoClient.connect(store.uri, { serverSelectionTimeoutMS: 5000 });
  return {
    store,
    client,
    dataDir,
    logged,
    async end() {
      await client.close();
      await store.stop();
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
