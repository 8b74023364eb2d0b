import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkStoreFile } from './file-check.ts';
import { type Database, type RootDatabase, open } from 'lmdb';
import {
  type Pair,
  type Reader,
  type Snapshot,
  type Stretch,
  TREES,
  type Tree,
  type Writer,
} from './view.ts';

export const STORE_FILE = 'store.mdb';
const PAGE_BYTES = 8192;

type Trees = Readonly<Record<Tree, Database<Buffer, Uint8Array>>>;
type ReadTransaction = ReturnType<RootDatabase['useReadTransaction']>;

export interface Env {
  readonly path: string;
  /** Reads what is committed now; each turn of the event loop sees one moment. */
  readonly current: Reader;
  snapshot(): Snapshot;
  /**
   * Runs `group` inside one write transaction and resolves once it is on disk. `group` gets a writer
   * and `attempt`, which runs one piece of work whose writes vanish when it throws (the error goes on).
   * A throw out of `group` itself does not undo its writes: do all work inside `attempt`.
   */
  transact(group: (writer: Writer, attempt: <T>(work: () => T) => T) => void): Promise<void>;
  /** Bytes in use, without free pages. */
  usedBytes(): number;
  /** Bytes of one tree, free space inside its pages included. */
  treeBytes(tree: Tree): number;
  /** Copies the store to a new file while it runs, without free pages. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens (or makes) the LMDB file in `dataDir`. `overlappingSync` stays false: with it a write whose
 * sync failed would remain visible (reference, a2). Throws 301 on a file that is no store or cut short.
 */
export function openEnv(options: {
  readonly dataDir: string;
  readonly mapSizeBytes?: number | undefined;
  readonly readOnly?: boolean;
}): Env {
  const path = join(options.dataDir, STORE_FILE);
  checkStoreFile(path);
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
  const root: RootDatabase<Buffer, Uint8Array> = open({
    path,
    noSubdir: true,
    overlappingSync: false,
    pageSize: PAGE_BYTES,
    maxDbs: 12,
    maxReaders: 512,
    mapSize: options.mapSizeBytes ?? Math.max(2 ** 30, 4 * sizeOf(path)),
    ...(options.readOnly ? { readOnly: true } : {}),
    ...binary,
  });
  const trees = Object.fromEntries(
    TREES.map((name) => [name, root.openDB<Buffer, Uint8Array>({ name, ...binary })]),
  ) as unknown as Trees;
  const current = readerOf(trees, undefined);
  const writer = writerOf(trees, current);

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
      const transaction = root.useReadTransaction();
      let open = true;
      return {
        ...readerOf(trees, transaction),
        release() {
          if (!open) return;
          open = false;
          transaction.done();
        },
      };
    },
    async transact(group) {
      await root.transaction(() => {
        group(writer, (work) => root.childTransaction(work as () => never) as never);
      });
      // A read earlier in this turn may have pinned the moment before the commit.
      root.resetReadTxn();
    },
    usedBytes: () => TREES.reduce((sum, tree) => sum + treeBytes(tree), 0),
    treeBytes,
    backup: (target) => root.backup(target, true),
    close: () => root.close(),
  };
}

/** A reader beside a growing writer needs address space ahead of it. */
function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

function readerOf(trees: Trees, transaction: ReadTransaction | undefined): Reader {
  const at = transaction === undefined ? undefined : { transaction };
  return {
    get: (tree, key) => trees[tree].get(key, at),
    range: (tree, stretch) => iteratorOf(trees[tree].getRange({ ...lmdbRange(stretch), ...at })),
    count: (tree, stretch) => trees[tree].getCount({ ...lmdbRange(stretch), ...at }),
  };
}

/** lmdb's own iterator is not iterable, and its iterable adds a layer to each step. */
function iteratorOf(range: unknown): IterableIterator<Pair> {
  const iterator = (range as { iterate(): Iterator<Pair> }).iterate() as IterableIterator<Pair>;
  iterator[Symbol.iterator] = () => iterator;
  return iterator;
}

function writerOf(trees: Trees, reader: Reader): Writer {
  return {
    ...reader,
    put(tree, key, value) {
      void trees[tree].put(key, value as Buffer);
    },
    append(tree, key, value) {
      // lmdb answers false, without an error, when the key is not the greatest.
      const done = trees[tree].putSync(key, value as Buffer, { append: true } as never) as unknown as boolean;
      if (!done) void trees[tree].put(key, value as Buffer);
    },
    remove: (tree, key) => trees[tree].removeSync(key),
  };
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
