import { chmodSync, closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** Gives a finished copy its name: it is synced before, its folder after, and only the owner may read it. */
export function keepFile(partial: string, target: string): void {
  chmodSync(partial, 0o600);
  syncPath(partial);
  renameSync(partial, target);
  syncPath(dirname(target));
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
