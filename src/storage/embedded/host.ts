import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StoreLog } from './engine.ts';
import type { WorkerMessage, WorkerSettings } from './worker.ts';

export interface EmbeddedStoreOptions {
  /** Made with mode 0700 when it does not exist. */
  readonly dataDir: string;
  readonly log?: StoreLog | undefined;
  /** Address space to begin with; the file grows beyond it by itself. */
  readonly mapSizeBytes?: number | undefined;
  /** Writes that add are refused (14031) above this. Default: no limit but the disk. */
  readonly quotaBytes?: number | undefined;
  /** Room kept for deletes on a full disk; 64 MB unless told, 0 for none. */
  readonly ballastBytes?: number | undefined;
  /** How often expired documents are removed; every 60 s unless told. */
  readonly expireEveryMs?: number | undefined;
  /** Refuse scans of whole collections (291): for tests that all queries have an index. */
  readonly isTableScanRefused?: boolean | undefined;
}

export interface EmbeddedStore {
  /** For any MongoDB driver: a Unix socket, percent-encoded, connected to directly. */
  readonly uri: string;
  /** Answers what was asked, closes the file, ends the worker. */
  stop(): Promise<void>;
  /** Resolves if the worker ends by itself. The process must then exit: its writes may hang otherwise. */
  readonly failed: Promise<Error>;
}

/** Linux takes 107 bytes; some systems fewer. */
const MAX_SOCKET_PATH_BYTES = 100;

/**
 * Starts the store in a worker thread and resolves when it takes connections. Rejects with a clear
 * message when the directory is in use, of a newer format, or cannot be read; then nothing was changed.
 */
export async function startEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const socketPath = chooseSocketPath(dataDir);
  const settings: WorkerSettings = {
    dataDir,
    socketPath,
    mapSizeBytes: options.mapSizeBytes,
    quotaBytes: options.quotaBytes,
    ballastBytes: options.ballastBytes,
    expireEveryMs: options.expireEveryMs,
    isTableScanRefused: options.isTableScanRefused === true,
  };
  const worker = startWorker(settings);
  const removeSocketFolder = () => {
    if (dirname(socketPath) !== dataDir) rmSync(dirname(socketPath), { recursive: true, force: true });
  };
  const life = watch(worker, options.log ?? (() => {}));
  try {
    await life.ready;
    return {
      // Direct, because drivers write the hosts of a replica set in small letters, and paths have capitals.
      uri: `mongodb://${encodeURIComponent(socketPath)}/linli?directConnection=true`,
      failed: life.failed,
      async stop() {
        await life.stop();
        removeSocketFolder();
      },
    };
  } catch (error) {
    removeSocketFolder();
    await worker.terminate();
    throw error;
  }
}

/** This file runs compiled as .js, or as .ts under tsx; the worker beside it likewise. */
function startWorker(settings: WorkerSettings): Worker {
  const isCompiled = import.meta.url.endsWith('.js');
  const file = new URL(isCompiled ? './worker.js' : './worker-under-tsx.mjs', import.meta.url);
  return new Worker(file, { workerData: settings, name: 'embedded-store' });
}

function chooseSocketPath(dataDir: string): string {
  const inside = join(dataDir, 'store.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return inside;
  return join(mkdtempSync(join(tmpdir(), 'store-')), 'store.sock');
}

interface Life {
  readonly ready: Promise<void>;
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

function watch(worker: Worker, log: StoreLog): Life {
  let stopping: Promise<void> | undefined;
  let isDone = false;
  let reportReady: () => void;
  let reportFailure: (error: Error) => void;
  let reportStopped: () => void;
  const stopped = new Promise<void>((done) => (reportStopped = done));
  const failed = new Promise<Error>((done) => (reportFailure = done));
  const ready = Promise.race([
    new Promise<void>((done) => (reportReady = done)),
    failed.then((error) => Promise.reject(error)),
  ]);
  ready.catch(() => undefined);

  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'ready') reportReady();
    else if (message.kind === 'log') log(message.level, message.fields, message.message);
    else if (message.kind === 'failed') reportFailure(new Error(message.message));
    else {
      isDone = true;
      void worker.terminate().then(() => reportStopped());
    }
  });
  worker.on('error', (error) => reportFailure(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => {
    if (!isDone) reportFailure(new Error(`the embedded store ended by itself with code ${code}`));
    reportStopped();
  });
  return {
    ready,
    failed,
    stop() {
      stopping ??= (async () => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for browser windows
        worker.postMessage('stop');
        await stopped;
      })();
      return stopping;
    },
  };
}
