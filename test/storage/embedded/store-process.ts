import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface StoreProcess {
  readonly uri: string;
  readonly child: ChildProcess;
  /** kill -9, then waits for the end. */
  kill(): Promise<void>;
}

/** Starts a store in a process of its own and waits until it takes connections. */
export async function startStoreProcess(
  dataDir: string,
  before: readonly string[] = [],
): Promise<StoreProcess> {
  const script = fileURLToPath(new URL('store-child.mts', import.meta.url));
  const [program, ...rest] = [...before, process.execPath, '--import', 'tsx', script, dataDir];
  const child = spawn(program!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the store process ended with ${code}: ${printed}`)));
  });
  return {
    uri: `mongodb://${encodeURIComponent(join(dataDir, 'store.sock'))}/linli?directConnection=true`,
    child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
