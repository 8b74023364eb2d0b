import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDispatch } from './command/dispatch.ts';
import { createFailPoints } from './command/fail-points.ts';
import type { StoreLog } from './engine.ts';
import { takeOwnerLock } from './kv/owner.ts';
import { openEngine } from './open-engine.ts';
import { createWireServer } from './wire/server.ts';

export interface ServerOptions {
  readonly dataDir: string;
  /** A Unix socket, or a port of the loopback address (0 takes any). */
  readonly listen: { readonly path: string } | { readonly port: number };
  readonly log: StoreLog;
  /** Told when the store cannot write any more; the process should then exit. */
  readonly onFatal: (error: unknown) => void;
  readonly now?: (() => Date) | undefined;
  readonly mapSizeBytes?: number | undefined;
  readonly quotaBytes?: number | undefined;
  readonly ballastBytes?: number | undefined;
  readonly expireEveryMs?: number | undefined;
  readonly isTableScanRefused?: boolean | undefined;
  /** Adds `configureFailPoint`. */
  readonly isTest?: boolean | undefined;
}

export interface RunningServer {
  /** Socket path, or host and port. */
  readonly address: string;
  /** Answers what was asked, closes the file, gives the directory free. */
  stop(): Promise<void>;
}

/** There are no passwords, so no other machine may reach a port. */
const LOOPBACK = '127.0.0.1';

/**
 * Takes the directory, opens the store in it and answers on the address, in this thread. Rejects with a
 * clear message when the directory is in use, of a newer format, or damaged; then nothing was changed.
 */
export async function openServer(options: ServerOptions): Promise<RunningServer> {
  const { dataDir, listen, log } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const socket = 'path' in listen ? listen.path : join(dataDir, 'store.sock');
  const lock = await takeOwnerLock(dataDir, socket, randomBytes(8).toString('hex'));
  try {
    let address = '';
    const opened = await openEngine({
      ...options,
      quotaBytes: options.quotaBytes,
      ballastBytes: options.ballastBytes,
      address: () => address,
      now: options.now ?? (() => new Date()),
    });
    const failPoints = options.isTest === true ? createFailPoints() : undefined;
    const server = createWireServer(createDispatch(opened.engine, failPoints), log);
    if ('path' in listen) {
      rmSync(listen.path, { force: true });
      await server.listen({ path: listen.path });
      chmodSync(listen.path, 0o600);
      address = listen.path;
    } else address = `${LOOPBACK}:${await server.listen({ port: listen.port, host: LOOPBACK })}`;
    return {
      address,
      async stop() {
        opened.stopWaiting();
        await server.stop();
        await opened.close();
        if ('path' in listen) rmSync(listen.path, { force: true });
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
