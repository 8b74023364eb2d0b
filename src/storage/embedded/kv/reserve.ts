import { existsSync, rmSync, statfsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { storeError } from '../errors.ts';
import type { Env } from './env.ts';

const BALLAST_FILE = 'ballast';
const BALLAST_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** How old a look at disk and quota may be. */
const LOOK_EVERY_MS = 250;
/** A failed commit takes its whole group with it, so the next try waits. */
const REST_AFTER_FAILURE_MS = 2000;

export interface Reserve {
  /** Throws 14031 when the store may not grow: disk (nearly) full, or over its quota. */
  checkRoom(): void;
  /** A commit failed: true when the disk is full. Then the ballast is given up, so that deletes can work. */
  meetFailure(): boolean;
  /** Lays the ballast (again) when there is room for it. */
  restore(): Promise<void>;
}

export interface ReserveSettings {
  readonly dataDir: string;
  readonly quotaBytes: number | undefined;
  /** 0: none. Default 64 MB, at most a twentieth of the file system. */
  readonly ballastBytes: number | undefined;
}

/**
 * Keeps the store from filling the disk to the last byte. A full disk stops deletes too, because they
 * write new pages first; the ballast is a file to give up then. Writing starts again when the free
 * space covers the ballast and as much again.
 */
export function createReserve(env: Env, settings: ReserveSettings): Reserve {
  const path = join(settings.dataDir, BALLAST_FILE);
  const wanted =
    settings.ballastBytes ?? Math.min(BALLAST_BYTES, Math.floor(space(settings.dataDir).total / 20));
  const leastFree = Math.max(wanted / 2, 1024 * 1024);
  let isFull = false;
  let isOverQuota = false;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isLaying = false;
  let failedAtMs = Number.NEGATIVE_INFINITY;

  function look(): void {
    const nowMs = performance.now();
    if (nowMs - lookedAtMs < LOOK_EVERY_MS) return;
    lookedAtMs = nowMs;
    const used = env.usedBytes();
    // What deletes have freed inside the file is room too.
    const room = space(settings.dataDir).free + Math.max(0, env.fileBytes() - used);
    if (nowMs - failedAtMs > REST_AFTER_FAILURE_MS) {
      isFull = isFull ? room < wanted * 2 + leastFree : room < leastFree;
    }
    isOverQuota = settings.quotaBytes !== undefined && used > settings.quotaBytes;
  }

  return {
    checkRoom() {
      look();
      if (isFull)
        throw storeError(
          14031,
          'the disk is full: the store takes no writes that add, until there is room again',
        );
      if (isOverQuota)
        throw storeError(14031, `the store has reached its quota of ${settings.quotaBytes} bytes`);
    },
    meetFailure() {
      const { free } = space(settings.dataDir);
      if (free >= leastFree) return false;
      isFull = true;
      failedAtMs = performance.now();
      rmSync(path, { force: true });
      return true;
    },
    async restore() {
      look();
      if (wanted === 0 || isFull || isLaying || isLaid(path, wanted)) return;
      if (space(settings.dataDir).free < wanted * 2 + leastFree) return;
      isLaying = true;
      try {
        await lay(path, wanted);
      } finally {
        isLaying = false;
      }
    },
  };
}

function isLaid(path: string, bytes: number): boolean {
  return existsSync(path) && statSync(path).size >= bytes;
}

/** Zeros are written out: a file that is only long takes no room. */
async function lay(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let written = 0; written < bytes; written += CHUNK_BYTES) {
      await file.write(chunk, 0, Math.min(CHUNK_BYTES, bytes - written));
    }
  } finally {
    await file.close();
  }
}

function space(dataDir: string): { free: number; total: number } {
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  return { free: bavail * bsize, total: blocks * bsize };
}
