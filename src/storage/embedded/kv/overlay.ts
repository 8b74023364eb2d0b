import type { Env } from './env.ts';
import { type Pair, type Reader, type Stretch, TREES, type Tree, type Writer } from './view.ts';

/** A write that waits to be committed; `value` undefined removes the key. */
export interface Change {
  readonly tree: Tree;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Writes held in memory over a reader: reading sees them, nothing else does until they are committed. */
export interface Overlay extends Writer {
  /** A point to roll back to. */
  mark(): number;
  rollback(mark: number): void;
  /** Every key written, once, each tree in key order. */
  changes(): Change[];
}

interface Held {
  readonly key: Uint8Array;
  value: Uint8Array | undefined;
}

type Undo = {
  readonly list: Held[];
  readonly at: Held;
  readonly before: { readonly value: Uint8Array | undefined } | undefined;
};

/**
 * Puts an overlay on a reader. Work runs against it in this thread and its puts are then written by
 * lmdb's own thread: that takes one change of threads less than a transaction with a callback, and a
 * piece of work that fails is undone without a child transaction.
 */
export function createOverlay(base: Reader): Overlay {
  const lists = Object.fromEntries(TREES.map((tree) => [tree, [] as Held[]])) as Record<Tree, Held[]>;
  const journal: Undo[] = [];

  function set(tree: Tree, key: Uint8Array, value: Uint8Array | undefined): void {
    const list = lists[tree];
    const index = lowerBound(list, key);
    const found = list[index];
    if (found !== undefined && Buffer.compare(found.key, key) === 0) {
      journal.push({ list, at: found, before: { value: found.value } });
      found.value = value;
      return;
    }
    const held = { key, value };
    if (index === list.length) list.push(held);
    else list.splice(index, 0, held);
    journal.push({ list, at: held, before: undefined });
  }

  function get(tree: Tree, key: Uint8Array): Uint8Array | undefined {
    const list = lists[tree];
    if (list.length > 0) {
      const found = list[lowerBound(list, key)];
      if (found !== undefined && Buffer.compare(found.key, key) === 0) return found.value;
    }
    return base.get(tree, key);
  }

  function range(tree: Tree, stretch: Stretch): IterableIterator<Pair> {
    const held = heldWithin(lists[tree], stretch);
    return held.length === 0
      ? base.range(tree, stretch)
      : merged(base.range(tree, stretch), held, stretch.reverse === true);
  }

  return {
    get,
    range,
    count(tree, stretch) {
      if (heldWithin(lists[tree], stretch).length === 0) return base.count(tree, stretch);
      let n = 0;
      for (const _pair of range(tree, stretch)) n++;
      return n;
    },
    put: set,
    remove(tree, key) {
      const isThere = get(tree, key) !== undefined;
      if (isThere) set(tree, key, undefined);
      return isThere;
    },
    mark: () => journal.length,
    rollback(mark) {
      while (journal.length > mark) {
        const { list, at, before } = journal.pop()!;
        if (before === undefined) list.splice(lowerBound(list, at.key), 1);
        else at.value = before.value;
      }
    },
    changes: () => TREES.flatMap((tree) => lists[tree].map(({ key, value }) => ({ tree, key, value }))),
  };
}

/** Runs work on an overlay and commits it: for opening and for tools, where there is no queue. */
export async function commitOnce<T>(env: Env, work: (writer: Writer) => T): Promise<T> {
  const overlay = createOverlay(env.current);
  const result = work(overlay);
  await env.write(overlay.changes(), () => {});
  return result;
}

/** Index of the first held key that is not before `key`. */
function lowerBound(list: readonly Held[], key: Uint8Array): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Buffer.compare(list[middle]!.key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function heldWithin(list: readonly Held[], stretch: Stretch): Held[] {
  if (list.length === 0) return [];
  let from = lowerBound(list, stretch.from);
  if (stretch.fromExclusive && from < list.length && Buffer.compare(list[from]!.key, stretch.from) === 0)
    from++;
  let to = lowerBound(list, stretch.to);
  if (stretch.toInclusive && to < list.length && Buffer.compare(list[to]!.key, stretch.to) === 0) to++;
  // Copies, because what is held may change while the range is walked.
  const within = list.slice(from, to).map(({ key, value }) => ({ key, value }));
  return stretch.reverse ? within.reverse() : within;
}

/** Both in key order; of equal keys the held one counts, and removed ones are left out. */
function* merged(base: IterableIterator<Pair>, held: readonly Held[], isReverse: boolean): Generator<Pair> {
  const sign = isReverse ? -1 : 1;
  let next = 0;
  for (const pair of base) {
    let isReplaced = false;
    while (next < held.length) {
      const order = sign * Buffer.compare(held[next]!.key, pair.key);
      if (order > 0) break;
      if (order === 0) isReplaced = true;
      const { key, value } = held[next++]!;
      if (value !== undefined) yield { key, value };
    }
    if (!isReplaced) yield pair;
  }
  for (; next < held.length; next++) {
    const { key, value } = held[next]!;
    if (value !== undefined) yield { key, value };
  }
}
