import { closeSync, existsSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';

/** lmdb's reader table has a head and 64 bytes per reader; it takes a longer file as it is. */
const HEAD_BYTES = 4096;
const READER_BYTES = 64;
const BLOCK_BYTES = 4096;

/**
 * Gives lmdb's lock file all its blocks before lmdb maps it. Lmdb only makes it long, and the first
 * write to a page that a full disk cannot give ends the process with a bus error. Throws ENOSPC instead.
 */
export function layLockFile(path: string, readers: number): void {
  const wanted = HEAD_BYTES + readers * READER_BYTES;
  const isNew = !existsSync(path);
  if (!isNew && hasAllBlocks(path, wanted)) return;
  const file = openSync(path, isNew ? 'wx+' : 'r+', 0o600);
  try {
    for (let at = 0; at < wanted; at += BLOCK_BYTES) layBlock(file, at, Math.min(BLOCK_BYTES, wanted - at));
  } catch (error) {
    if (isNew) rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function hasAllBlocks(path: string, wanted: number): boolean {
  const { size, blocks } = statSync(path);
  return size >= wanted && blocks * 512 >= wanted;
}

/** Zeros where there is nothing: a block that is in use has something in it. */
function layBlock(file: number, at: number, length: number): void {
  const block = Buffer.alloc(length);
  readSync(file, block, 0, length, at);
  if (block.every((byte) => byte === 0)) writeSync(file, block, 0, length, at);
}
