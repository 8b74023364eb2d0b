import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { storeError } from '../errors.ts';

/** Who holds a store: enough to tell a living owner from the remains of a dead one. */
interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, to tell a pid used again; '' where unknown. */
  readonly startedAt: string;
  readonly bootId: string;
  readonly socket: string;
  readonly token: string;
}

export interface OwnerLock {
  release(): void;
}

/**
 * Makes this process the only owner of a store directory; a second writer would break caches and
 * history. Throws 20 when a living process holds it. A lock left by a crash is taken over.
 */
export async function takeOwnerLock(dataDir: string, socket: string, token: string): Promise<OwnerLock> {
  const path = join(dataDir, 'owner.json');
  const own: Owner = {
    pid: process.pid,
    startedAt: startOf(process.pid),
    bootId: readBootId(),
    socket,
    token,
  };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (tryCreate(path, own)) return { release: () => releaseLock(path, token) };
    const other = readOwner(path);
    if (other !== undefined && (await isAlive(other))) {
      throw storeError(
        20,
        `the store in ${dataDir} is in use by process ${other.pid}: stop it first, or use another directory`,
      );
    }
    // Renamed, not removed: of two starters only one can take the dead lock away.
    const aside = `${path}.${token}`;
    try {
      renameSync(path, aside);
      rmSync(aside, { force: true });
    } catch {
      // The other starter was quicker; look again.
    }
  }
  throw storeError(20, `the store in ${dataDir} is being opened by another process`);
}

function tryCreate(path: string, own: Owner): boolean {
  try {
    writeFileSync(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  const bootId = readBootId();
  if (bootId !== '' && owner.bootId !== '' && owner.bootId !== bootId) return false;
  // In one process the socket tells: a worker that ended without releasing does not answer.
  if (owner.pid === process.pid) return owner.startedAt === startOf(owner.pid) && answers(owner.socket);
  if (!isRunning(owner.pid)) return false;
  const startedAt = startOf(owner.pid);
  if (startedAt !== '' && owner.startedAt !== '') return startedAt === owner.startedAt;
  return answers(owner.socket);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold spaces; the fields are counted behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

function releaseLock(path: string, token: string): void {
  if (readOwner(path)?.token === token) rmSync(path, { force: true });
}
