import { type Catalog, createCatalog } from './catalog/catalog.ts';
import { bringToFormat } from './catalog/format.ts';
import { dropUnfinishedBuilds } from './catalog/index-builds.ts';
import type { Engine, StoreLog } from './engine.ts';
import { storeError } from './errors.ts';
import { type CommitQueue, createCommitQueue } from './kv/commit.ts';
import { type Env, openEnv } from './kv/env.ts';
import { createReserve } from './kv/reserve.ts';
import { DEFAULT_MAINTENANCE, startMaintenance } from './maintenance.ts';
import { createHistory, DEFAULT_HISTORY, type History, type HistorySettings } from './oplog/history.ts';
import { createCursors } from './query/cursors.ts';
import { createMoments } from './session/moments.ts';

export interface EngineOptions {
  readonly dataDir: string;
  /** The address for `hello`; known only once the server listens. */
  readonly address: () => string;
  readonly mapSizeBytes?: number | undefined;
  readonly quotaBytes: number | undefined;
  readonly ballastBytes: number | undefined;
  /** How often expired documents are looked for; 60 s unless told. */
  readonly expireEveryMs?: number | undefined;
  readonly isTableScanRefused?: boolean | undefined;
  readonly isTest?: boolean | undefined;
  readonly history?: HistorySettings | undefined;
  readonly log: StoreLog;
  readonly now: () => Date;
  /** The store cannot go on: a commit failed for another reason than a full disk. */
  readonly onFatal: (error: unknown) => void;
}

export interface OpenedEngine {
  readonly engine: Engine;
  /** Lets change streams that wait for news answer at once. */
  stopWaiting(): void;
  /** Waits for all writes, then closes the file. */
  close(): Promise<void>;
}

export const SET_NAME = 'linli';

/** Opens the store in a directory: format, catalog, remains of a crash. Throws 72 on a newer format. */
export async function openEngine(options: EngineOptions): Promise<OpenedEngine> {
  const { log, now } = options;
  const env: Env = openEnv(options);
  const reserve = createReserve(env, options);
  let catalog: Catalog | undefined;
  let queue: CommitQueue | undefined;
  let history: History | undefined;
  try {
    await bringToFormat(env);
    catalog = createCatalog(env.current);
    history = createHistory(env, now, options.history ?? DEFAULT_HISTORY);
    queue = createCommitQueue({
      env,
      states: [catalog, history],
      monotonicMs: () => performance.now(),
      onCommitFailure(error) {
        if (reserve.meetFailure()) {
          log('error', { err: error }, 'the disk is full: writes are refused until there is room');
          return { goOn: true, answer: storeError(14031, 'the disk is full') };
        }
        options.onFatal(error);
        return {
          goOn: false,
          answer: storeError(91, 'the store could not write to disk and is shutting down'),
        };
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
    changes: history,
    moments: createMoments(() => performance.now(), now),
    now,
    log,
    builds: new Map(),
    isTableScanRefused: options.isTableScanRefused === true,
    isTest: options.isTest === true,
    checkRoom: () => reserve.checkRoom(),
    get address() {
      return options.address();
    },
    setName: SET_NAME,
  };
  const opened = catalog;
  await queue.submit((writer) => dropUnfinishedBuilds({ writer, catalog: opened, changes: engine.changes }));
  const maintenance = startMaintenance(
    engine,
    {
      ...DEFAULT_MAINTENANCE,
      ...(options.expireEveryMs === undefined ? {} : { expireEveryMs: options.expireEveryMs }),
    },
    reserve,
  );
  return {
    engine,
    stopWaiting() {
      engine.cursors.killWhere(({ isAwaiting }) => isAwaiting);
    },
    async close() {
      await maintenance.stop();
      await engine.queue.drain();
      engine.cursors.killWhere(() => true);
      engine.moments.close();
      await env.close();
    },
  };
}
