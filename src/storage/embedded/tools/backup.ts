import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { FORMAT_VERSION, readFormat } from '../catalog/format.ts';
import { storeError } from '../errors.ts';
import { openEnv, STORE_FILE } from '../kv/env.ts';
import { keepFile } from '../kv/keep-file.ts';
import { takeOwnerLock } from '../kv/owner.ts';

/**
 * Copies the store of one moment, also while it is served, without its free pages. `targetDir` must not
 * hold a store yet. The copy is on disk when this resolves.
 */
export async function backupStore(dataDir: string, targetDir: string): Promise<void> {
  const target = join(targetDir, STORE_FILE);
  if (existsSync(target)) throw storeError(48, `${target} exists already: choose another directory`);
  requireStore(dataDir);
  mkdirSync(targetDir, { recursive: true, mode: 0o700 });
  const env = openEnv({ dataDir, readOnly: true });
  const partial = `${target}.part`;
  try {
    requireKnownFormat(readFormat(env.current));
    rmSync(partial, { force: true });
    await env.backup(partial);
  } finally {
    await env.close();
  }
  keepFile(partial, target);
}

/**
 * Puts a backup in the place of a stopped store. What was there is kept as `store.mdb.before-restore`
 * when `replace` is set, else an existing store is refused.
 */
export async function restoreStore(backupDir: string, dataDir: string, replace: boolean): Promise<void> {
  requireStore(backupDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  await whileStopped(dataDir, async () => {
    const target = join(dataDir, STORE_FILE);
    if (existsSync(target) && !replace) {
      throw storeError(48, `${dataDir} holds a store already: name --replace to put the backup in its place`);
    }
    const copy = openEnv({ dataDir: backupDir, readOnly: true });
    try {
      requireKnownFormat(readFormat(copy.current));
    } finally {
      await copy.close();
    }
    const partial = `${target}.part`;
    copyFileSync(join(backupDir, STORE_FILE), partial, constants.COPYFILE_FICLONE);
    if (existsSync(target)) renameSync(target, `${target}.before-restore`);
    rmSync(`${target}-lock`, { force: true });
    keepFile(partial, target);
  });
}

/** Rewrites a stopped store without free pages. The old file stays until the new one is on disk. */
export async function compactStore(dataDir: string): Promise<void> {
  requireStore(dataDir);
  await whileStopped(dataDir, async () => {
    const target = join(dataDir, STORE_FILE);
    const partial = `${target}.part`;
    rmSync(partial, { force: true });
    const env = openEnv({ dataDir });
    try {
      requireKnownFormat(readFormat(env.current));
      await env.backup(partial);
    } finally {
      await env.close();
    }
    rmSync(`${target}-lock`, { force: true });
    keepFile(partial, target);
  });
}

function requireStore(dataDir: string): void {
  if (!existsSync(join(dataDir, STORE_FILE))) throw storeError(26, `there is no store in ${dataDir}`);
}

function requireKnownFormat(format: number | undefined): void {
  if (format === undefined) throw storeError(301, 'the file is no store: it has no format number');
  if (format > FORMAT_VERSION) {
    throw storeError(
      72,
      `the store has format ${format}, this program knows formats up to ${FORMAT_VERSION}`,
    );
  }
}

async function whileStopped(dataDir: string, work: () => Promise<void>): Promise<void> {
  const lock = await takeOwnerLock(dataDir, join(dataDir, 'store.sock'), randomBytes(8).toString('hex'));
  try {
    await work();
  } finally {
    lock.release();
  }
}
