import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Change } from './overlay.ts';
import { copyOut } from './copy-out.ts';
import { storeError } from '../errors.ts';
import { checkStoreFile } from './file-check.ts';
import { layLockFile } from './lock-file.ts';
import { type Database, type RootDatabase, open } from 'lmdb';
import { type Pair, type Reader, type Snapshot, type Stretch, TREES, type Tree } from './view.ts';

export const STORE_FILE = 'store.mdb';
const PAGE_BYTES = 8192;
const READERS = 2048;
const CAUSE_WITHIN_MS = 500;

/** Values as bytes: lmdb hands over a buffer it uses again, and takes bytes as they are. */
const BYTES = {
  encode: (value: Uint8Array) => value,
  decode: (shared: Uint8Array) => copyOut(shared, 0, shared.length),
};

/** lmdb's own reading of binary keys makes a Buffer for each. */
function withCheapKeys<T>(tree: T): T {
  (tree as { readKey: unknown }).readKey = (source: Uint8Array, start: number, end: number) =>
    copyOut(source, start, end - start);
  return tree;
}

type Trees = Readonly<Record<Tree, Database<Buffer, Uint8Array>>>;
/** `use` counts one more user, `done` one fewer; the types of lmdb leave `use` out. */
type ReadTransaction = ReturnType<RootDatabase['useReadTransaction']> & { use(): void };

export interface Env {
  readonly path: string;
  /** Reads what is committed now; each turn of the event loop sees one moment. */
  readonly current: Reader;
  snapshot(): Snapshot;
  /**
   * Writes all changes in one transaction. Readers see the moment before until it is on disk; then, in one
   * step, they see the changes and `publish` is called, for what memory knows about them.
   */
  write(changes: readonly Change[], publish: () => void): Promise<void>;
  /** Bytes in use, without free pages. */
  usedBytes(): number;
  /** Length of the file, free pages included. */
  fileBytes(): number;
  /** Bytes of one tree, free space inside its pages included. */
  treeBytes(tree: Tree): number;
  /** Copies the store to a new file while it runs, without free pages. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens (or makes) the LMDB file in `dataDir`. `overlappingSync` stays false: with it a write whose
 * sync failed would remain visible (reference, a2). Throws 301 on a file that is no store or cut short,
 * 14031 when the disk is too full to open it.
 */
export function openEnv(options: {
  readonly dataDir: string;
  readonly mapSizeBytes?: number | undefined;
  readonly readOnly?: boolean;
}): Env {
  const path = join(options.dataDir, STORE_FILE);
  checkStoreFile(path);
  prepareLockFile(`${path}-lock`, options.dataDir);
  const binary = { encoder: BYTES, keyEncoding: 'binary' } as const;
  // The types of lmdb leave it out.
  const onlyOwner = { permissionsMode: 0o600 };
  const root: RootDatabase<Buffer, Uint8Array> = open({
    path,
    noSubdir: true,
    overlappingSync: false,
    // Its own batches leave promises behind that nobody can catch when a commit fails.
    eventTurnBatching: false,
    pageSize: PAGE_BYTES,
    maxDbs: 12,
    maxReaders: READERS,
    mapSize: options.mapSizeBytes ?? Math.max(2 ** 30, 4 * sizeOf(path)),
    ...(options.readOnly ? { readOnly: true } : {}),
    ...onlyOwner,
    ...binary,
  });
  const trees = Object.fromEntries(
    TREES.map((name) => [name, withCheapKeys(root.openDB<Buffer, Uint8Array>({ name, ...binary }))]),
  ) as unknown as Trees;
  let held: ReadTransaction | undefined;
  const current = readerOf(trees, () => held);

  function treeBytes(tree: Tree): number {
    const stats = trees[tree].getStats() as Record<string, number>;
    const pages =
      (stats['treeBranchPageCount'] ?? 0) + (stats['treeLeafPageCount'] ?? 0) + (stats['overflowPages'] ?? 0);
    return pages * PAGE_BYTES;
  }

  return {
    path,
    current,
    snapshot() {
      const transaction = held ?? (root.useReadTransaction() as ReadTransaction);
      if (held !== undefined) held.use();
      let open = true;
      return {
        ...readerOf(trees, () => transaction),
        release() {
          if (!open) return;
          open = false;
          transaction.done();
        },
      };
    },
    async write(changes, publish) {
      const before = root.useReadTransaction() as ReadTransaction;
      held = before;
      const letGo = () => {
        held = undefined;
        before.done();
        root.resetReadTxn();
      };
      try {
        await root.batch(() => {
          for (const { tree, key, value } of changes) {
            if (value === undefined) void trees[tree].remove(key);
            else void trees[tree].put(key, value as Buffer);
          }
        });
      } catch (error) {
        letGo();
        throw await causeOf(error);
      }
      letGo();
      publish();
    },
    usedBytes: () => TREES.reduce((sum, tree) => sum + treeBytes(tree), 0),
    fileBytes: () => sizeOf(path),
    treeBytes,
    backup: (target) => root.backup(target, true),
    close: () => root.close(),
  };
}

function prepareLockFile(path: string, dataDir: string): void {
  try {
    layLockFile(path, READERS);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // On a medium that is only read lmdb does without the file, or says what is wrong.
    if (code === 'EROFS' || code === 'EACCES') return;
    if (code !== 'ENOSPC') throw error;
    throw storeError(14031, `the disk is full: the store in ${dataDir} cannot be opened; make room first`);
  }
}

/** lmdb rejects with a general error that carries the promise of the real one. */
async function causeOf(failure: unknown): Promise<unknown> {
  const { commitError } = failure as { commitError?: Promise<never> };
  if (commitError === undefined) return failure;
  try {
    return await Promise.race([commitError, delay(CAUSE_WITHIN_MS, failure, { ref: false })]);
  } catch (cause) {
    return cause;
  }
}

/** A reader beside a growing writer needs address space ahead of it. */
function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

/** Reads in the transaction that holds when it is asked; undefined stands for what is committed. */
function readerOf(trees: Trees, transactionOf: () => ReadTransaction | undefined): Reader {
  const at = () => {
    const transaction = transactionOf();
    return transaction === undefined ? undefined : { transaction };
  };
  return {
    get: (tree, key) => trees[tree].get(key, at()),
    range: (tree, stretch) => iteratorOf(trees[tree].getRange({ ...lmdbRange(stretch), ...at() })),
    count: (tree, stretch) => trees[tree].getCount({ ...lmdbRange(stretch), ...at() }),
  };
}

/** lmdb's own iterator is not iterable, and its iterable adds a layer to each step. */
function iteratorOf(range: unknown): IterableIterator<Pair> {
  const iterator = (range as { iterate(): Iterator<Pair> }).iterate() as IterableIterator<Pair>;
  iterator[Symbol.iterator] = () => iterator;
  return iterator;
}

function lmdbRange(stretch: Stretch) {
  if (stretch.reverse) {
    return {
      start: stretch.to,
      end: stretch.from,
      reverse: true,
      exclusiveStart: stretch.toInclusive !== true,
      inclusiveEnd: stretch.fromExclusive !== true,
    };
  }
  return {
    start: stretch.from,
    end: stretch.to,
    exclusiveStart: stretch.fromExclusive === true,
    inclusiveEnd: stretch.toInclusive === true,
  };
}
