import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openServer } from './server.ts';

/** What the host hands over. */
export interface WorkerSettings {
  readonly dataDir: string;
  readonly socketPath: string;
  readonly mapSizeBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  readonly ballastBytes: number | undefined;
  readonly expireEveryMs: number | undefined;
  readonly isTableScanRefused: boolean;
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly fields: Record<string, unknown>;
      readonly message: string;
    };

if (parentPort !== null) {
  const port = parentPort;
  const tell = (message: WorkerMessage) => port.postMessage(message);
  void serve(port, tell);
}

/** Tells the host how starting went, then waits for its word to stop. */
async function serve(port: MessagePort, tell: (message: WorkerMessage) => void): Promise<void> {
  try {
    const stop = await run(workerData as WorkerSettings, tell);
    port.on('message', (message: unknown) => {
      if (message === 'stop') void stopAndTell(stop, tell);
    });
    tell({ kind: 'ready' });
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function stopAndTell(stop: () => Promise<void>, tell: (message: WorkerMessage) => void): Promise<void> {
  try {
    await stop();
    tell({ kind: 'stopped' });
  } catch (error) {
    tell({ kind: 'failed', message: String(error) });
  }
}

async function run(
  settings: WorkerSettings,
  tell: (message: WorkerMessage) => void,
): Promise<() => Promise<void>> {
  const server = await openServer({
    ...settings,
    listen: { path: settings.socketPath },
    log: (level, fields, message) => tell({ kind: 'log', level, fields: plain(fields), message }),
    onFatal: (error) => tell({ kind: 'failed', message: String(error) }),
  });
  return () => server.stop();
}

/** Errors do not pass between threads with their message and stack in place. */
function plain(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) =>
      value instanceof Error ? [name, { message: value.message, stack: value.stack }] : [name, value],
    ),
  );
}
