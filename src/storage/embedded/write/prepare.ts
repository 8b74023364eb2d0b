import type { CollectionRecord } from '../catalog/records.ts';
import type { Engine } from '../engine.ts';
import type { DocumentKey } from '../index/keys.ts';
import { wholeCollection } from '../query/candidate.ts';
import { type FindRequest, planFind, type PlannedFind, runFind } from '../query/find.ts';
import { onlyKeyOf } from '../query/only-key.ts';
import { type OperationControl, stepThrough } from '../query/slices.ts';

/** Up to this many documents may be looked through inside the transaction. */
const SMALL_COLLECTION = 2000;

export interface PreparedTarget {
  /** To be spread into a statement: looks for the target beforehand when no index leads to it. */
  readonly prepare: { prepare?: () => Promise<void> };
  knownKey(): DocumentKey | undefined;
}

/**
 * A single write finds its target inside the transaction. Without an index in a large collection that
 * would hold everybody up, so the target is looked for before, giving way, and only checked inside.
 */
export function prepareTarget(
  engine: Engine,
  database: string,
  name: string,
  findOf: () => FindRequest,
  control: OperationControl,
): PreparedTarget {
  let known: DocumentKey | undefined;
  const collection = engine.catalog.committed.get(`${database}.${name}`);
  const planned = collection === undefined ? undefined : slowPlan(engine, collection, findOf);
  if (planned === undefined) return { prepare: {}, knownKey: () => undefined };
  return {
    prepare: {
      async prepare() {
        const snapshot = engine.env.snapshot();
        try {
          await stepThrough(runFind(snapshot, planned), control, ({ documentKey }) => {
            known = documentKey.slice();
            return false;
          });
        } finally {
          snapshot.release();
        }
      },
    },
    knownKey: () => known,
  };
}

/** The plan, when it may have to look through many documents. */
function slowPlan(
  engine: Engine,
  collection: CollectionRecord,
  findOf: () => FindRequest,
): PlannedFind | undefined {
  if (!isLarge(engine, collection)) return undefined;
  try {
    const find = findOf();
    if (onlyKeyOf(find.filter.root) !== undefined) return undefined;
    const planned = planFind(collection, { ...find, limit: 1 });
    const { kind } = planned.plan;
    return kind === 'scan' || kind === 'union' || planned.sortsInMemory ? planned : undefined;
  } catch {
    // A wrong statement reports its error when it is run, in its place among the others.
    return undefined;
  }
}

const RECHECK_MS = 10_000;
const sizes = new WeakMap<Engine, Map<number, { isLarge: boolean; atMs: number }>>();

/** Looked up at most every ten seconds per collection: counting costs more than most writes. */
function isLarge(engine: Engine, collection: CollectionRecord): boolean {
  let known = sizes.get(engine);
  if (known === undefined) sizes.set(engine, (known = new Map()));
  const last = known.get(collection.id);
  const atMs = performance.now();
  if (last !== undefined && (last.isLarge || atMs - last.atMs < RECHECK_MS)) return last.isLarge;
  let count = 0;
  for (const _pair of engine.env.current.range('documents', wholeCollection(collection))) {
    if (++count > SMALL_COLLECTION) break;
  }
  known.set(collection.id, { isLarge: count > SMALL_COLLECTION, atMs });
  return count > SMALL_COLLECTION;
}
