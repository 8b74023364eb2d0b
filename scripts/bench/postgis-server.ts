import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';

/** A PostgreSQL server of our own on a socket in a new folder; `env` leads psql to it. */
export interface PostgisServer {
  readonly env: Readonly<Record<string, string>>;
  stop(): void;
}

/**
 * The server that PGHOST names, else one of our own: fsync off, 1 GB of buffers, no parallel workers, that is, in
 * its favour. Returns why not when PostgreSQL is not installed or does not start.
 */
export async function startPostgis(): Promise<PostgisServer | string> {
  if (process.env['PGHOST'] !== undefined) return { env: {}, stop: () => undefined };
  const bin = binFolder();
  if (bin === undefined) return 'PostgreSQL is not installed';
  const folder = mkdtempSync(join(tmpdir(), 'bench-postgis-'));
  // PostgreSQL refuses to run as root: its own account is used then.
  const isRoot = process.getuid?.() === 0;
  const command = (name: string, args: readonly string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', join(bin, name), ...args]] : [join(bin, name), [...args]];
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    if (isRoot) execFileSync('chown', ['postgres', folder]);
    const data = join(folder, 'data');
    execFileSync(...command('initdb', ['-D', data, '-A', 'trust', '-U', 'bench', '--no-sync']), {
      stdio: 'ignore',
    });
    const settings = ['fsync=off', 'synchronous_commit=off', 'shared_buffers=1GB', 'listen_addresses=']
      .concat(['work_mem=64MB', 'max_parallel_workers_per_gather=0', `unix_socket_directories=${folder}`])
      .flatMap((setting) => ['-c', setting]);
    const server = spawn(...command('postgres', ['-D', data, ...settings]), { stdio: 'ignore' });
    const env = { PGHOST: folder, PGUSER: 'bench', PGDATABASE: 'postgres' };
    for (let left = 100; ; left -= 1) {
      const { status } = spawnSync('psql', ['-X', '-c', 'SELECT 1'], { env: { ...process.env, ...env } });
      if (status === 0) break;
      if (left === 0) throw new Error('it does not answer');
      await setTimeout(100);
    }
    return {
      env,
      stop() {
        spawnSync(...command('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']), { stdio: 'ignore' });
        server.kill();
        remove();
      },
    };
  } catch (error) {
    remove();
    return `PostgreSQL did not start (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  }
}

/** Where the newest server's programs are: on Debian they are not on the path. */
function binFolder(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions
    .map((version) => join(debian, version, 'bin'))
    .concat((process.env['PATH'] ?? '').split(':'));
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}
