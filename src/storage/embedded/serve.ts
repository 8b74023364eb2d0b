import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDispatch } from './command/dispatch.ts';
import { createFailPoints } from './command/fail-points.ts';
import type { StoreLog } from './engine.ts';
import { takeOwnerLock } from './kv/owner.ts';
import { openEngine } from './open-engine.ts';
import { createWireServer } from './wire/server.ts';

export interface ServeOptions {
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Adds `configureFailPoint` with `failCommand`, for the drivers' specification tests. */
  readonly isTest: boolean;
  readonly log: StoreLog;
  /** Told when the store cannot go on; the process should then exit. */
  readonly onFatal: (error: unknown) => void;
  readonly quotaBytes?: number | undefined;
  readonly ballastBytes?: number | undefined;
}

export interface ServedStore {
  readonly uri: string;
  stop(): Promise<void>;
}

/** The loopback address: there are no passwords, so no other machine may reach it. */
const HOST = '127.0.0.1';

/** Serves a store to any MongoDB driver or shell on this machine. Rejects when the directory is in use. */
export async function serveStore(options: ServeOptions): Promise<ServedStore> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = await takeOwnerLock(dataDir, join(dataDir, 'store.sock'), randomBytes(8).toString('hex'));
  try {
    let address = '';
    const opened = await openEngine({
      ...options,
      dataDir,
      quotaBytes: options.quotaBytes,
      ballastBytes: options.ballastBytes,
      address: () => address,
      now: () => new Date(),
    });
    const dispatch = createDispatch(opened.engine, options.isTest ? createFailPoints() : undefined);
    const server = createWireServer(dispatch, options.log);
    const port = await server.listen({ port: options.port, host: HOST });
    address = `${HOST}:${port}`;
    return {
      uri: `mongodb://${address}/?replicaSet=${opened.engine.setName}`,
      async stop() {
        opened.stopWaiting();
        await server.stop();
        await opened.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
