/** The ordered trees of the store. Keys and values are bytes; keys compare as unsigned bytes. */
export type Tree = 'catalog' | 'documents' | 'entries' | 'oplog' | 'retry';

export const TREES: readonly Tree[] = ['catalog', 'documents', 'entries', 'oplog', 'retry'];

/** A stretch of a tree: `from` inclusive (or exclusive) up to `to` exclusive (or inclusive), in key order. */
export interface Stretch {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly fromExclusive?: boolean;
  readonly toInclusive?: boolean;
  /** Walk from the upper end down; the bounds keep their meaning. */
  readonly reverse?: boolean;
}

export interface Pair {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Reading at one moment. The bytes returned are the caller's own. */
export interface Reader {
  get(tree: Tree, key: Uint8Array): Uint8Array | undefined;
  /** Lazily walks the pairs; call `return()` (or leave the for loop) to free the cursor early. */
  range(tree: Tree, stretch: Stretch): IterableIterator<Pair>;
  /** Counts the pairs without copying them. */
  count(tree: Tree, stretch: Stretch): number;
}

/** Reading and writing inside one transaction. A range shows the tree as it was when it began. */
export interface Writer extends Reader {
  put(tree: Tree, key: Uint8Array, value: Uint8Array): void;
  remove(tree: Tree, key: Uint8Array): boolean;
}

/** A reader pinned to one moment; pinning keeps old pages alive, so release it soon. */
export interface Snapshot extends Reader {
  release(): void;
}

/** The first key after all keys that start with `prefix` (whose bytes are not all 0xff). */
export function afterPrefix(prefix: Uint8Array): Uint8Array {
  const out = Uint8Array.from(prefix);
  for (let i = out.length - 1; i >= 0; i--) {
    if (out[i]! < 0xff) {
      out[i]!++;
      return out.subarray(0, i + 1);
    }
  }
  return Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff);
}
