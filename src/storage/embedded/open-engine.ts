import { type Catalog, checkFormat, createCatalog } from './catalog/catalog.ts';
import { dropUnfinishedBuilds } from './catalog/index-builds.ts';
import type { Engine, StoreLog } from './engine.ts';
import { StoreError, storeError } from './errors.ts';
import { type CommitQueue, createCommitQueue } from './kv/commit.ts';
import { type Env, openEnv } from './kv/env.ts';
import { NO_CHANGES } from './oplog/record.ts';
import { createCursors } from './query/cursors.ts';

export interface EngineOptions {
  readonly dataDir: string;
  readonly address: string;
  readonly mapSizeBytes?: number | undefined;
  readonly quotaBytes?: number | undefined;
  readonly isTableScanRefused?: boolean | undefined;
  readonly isTest?: boolean | undefined;
  readonly log: StoreLog;
  readonly now: () => Date;
  /** The store cannot go on: a commit failed for another reason than a full disk. */
  readonly onFatal: (error: unknown) => void;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** Waits for all writes, then closes the file. */
  close(): Promise<void>;
}

export const SET_NAME = 'linli';

/** Opens the store in a directory: format, catalog, remains of a crash. Throws 72 on a newer format. */
export async function openEngine(options: EngineOptions): Promise<OpenedEngine> {
  const { log, now } = options;
  const env: Env = openEnv(options);
  let catalog: Catalog | undefined;
  let queue: CommitQueue | undefined;
  try {
    let refusal: unknown;
    await env.transact((writer, attempt) => {
      try {
        attempt(() => checkFormat(writer));
      } catch (error) {
        refusal = error;
      }
    });
    if (refusal !== undefined) throw refusal;
    catalog = createCatalog(env.current);
    queue = createCommitQueue({
      env,
      states: [catalog],
      monotonicMs: () => performance.now(),
      onCommitFailure(error) {
        options.onFatal(error);
        return { goOn: false, answer: storeError(91, 'the store could not write to disk and is shutting down') };
      },
    });
  } catch (error) {
    await env.close();
    throw error;
  }
  const engine: Engine = {
    env,
    queue,
    catalog,
    cursors: createCursors(() => performance.now()),
    changes: NO_CHANGES,
    now,
    log,
    builds: new Map(),
    isTableScanRefused: options.isTableScanRefused === true,
    isTest: options.isTest === true,
    checkRoom() {},
    address: options.address,
    setName: SET_NAME,
    openChangeStream: () => Promise.reject(new StoreError(115, 'change streams are not ready')),
  };
  const opened = catalog;
  await queue.submit((writer) => dropUnfinishedBuilds({ writer, catalog: opened, changes: engine.changes }));
  return {
    engine,
    async close() {
      await engine.queue.drain();
      engine.cursors.killWhere(() => true);
      await env.close();
    },
  };
}
