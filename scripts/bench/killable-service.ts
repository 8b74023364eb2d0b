import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A running service that can be killed and comes back on the same port with the same store. */
export interface KillableService {
  readonly origin: string;
  /** kill -9: no goodbye, nothing flushed. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again; resolves when it listens. */
  restart(): Promise<void>;
  /** Ends it politely; the store is closed afterwards. */
  stop(): Promise<void>;
  /** Processor time that the process has used so far, all threads, in milliseconds. */
  cpuMs(): Promise<number>;
  /** Origin of a second port where the same stack answers this page as its board. */
  constantBoard(page: object): Promise<string>;
}

const ENTRY = fileURLToPath(new URL('./service-child.mjs', import.meta.url));
const ROOT = new URL('../../', import.meta.url);

/** Compiled and not older than any source: then it starts in half the time. */
function isBuilt(): boolean {
  const compiled = fileURLToPath(new URL('dist/src/compose.js', ROOT));
  if (!existsSync(compiled)) return false;
  const builtAt = statSync(compiled).mtimeMs;
  const sources = fileURLToPath(new URL('src/', ROOT));
  return readdirSync(sources, { recursive: true, encoding: 'utf8' }).every(
    (file) => statSync(path.join(sources, file)).mtimeMs <= builtAt,
  );
}

/** `folder` holds store and keys; the port is free on the first start and kept. */
export async function startKillableService(
  folder: string,
  env: Record<string, string> = {},
): Promise<KillableService> {
  let child: ChildProcess | undefined;
  let origin = '';
  const errors: string[] = [];

  async function start(port: string): Promise<void> {
    const built = isBuilt();
    const sources = new URL(built ? 'dist/src/' : 'src/', ROOT).href;
    child = fork(ENTRY, [sources, built ? 'js' : 'ts'], {
      cwd: fileURLToPath(ROOT),
      // Flags for Node from outside, such as --cpu-prof.
      execArgv: [
        ...(process.env['BENCH_NODE_FLAGS']?.split(' ') ?? []),
        ...(built ? [] : ['--import', 'tsx']),
      ],
      env: {
        ...process.env,
        NODE_ENV: 'test',
        PORT: port,
        DATA_DIR: path.join(folder, 'store'),
        KEY_DIR: path.join(folder, 'keys'),
        LOG_LEVEL: 'error',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (chunk) => void errors.push(String(chunk)));
    const listening = once(child, 'message').then(([message]) => (message as { origin: string }).origin);
    const gone = once(child, 'exit').then(([code]) => {
      throw new Error(
        `the service ended with ${String(code)} before it listened:\n${errors.join('').slice(-3_000)}`,
      );
    });
    origin = await Promise.race([listening, gone]);
    gone.catch(() => undefined);
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill(signal);
    await gone;
  }

  async function say(message: string | object): Promise<unknown> {
    if (child === undefined) throw new Error('the service is not running');
    const answer = once(child, 'message');
    child.send(message);
    return (await answer)[0];
  }

  await start('0');
  return {
    get origin() {
      return origin;
    },
    kill: () => end('SIGKILL'),
    restart: () => start(new URL(origin).port),
    stop: () => end('SIGTERM'),
    async cpuMs() {
      const { cpu } = (await say('cpu')) as { cpu: NodeJS.CpuUsage };
      return (cpu.user + cpu.system) / 1_000;
    },
    constantBoard: async (page) => ((await say({ constant: page })) as { origin: string }).origin,
  };
}
