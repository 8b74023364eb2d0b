import { randomBytes } from 'node:crypto';
import { storeError } from '../errors.ts';
import type { CursorSource } from './cursor-source.ts';

/** An open cursor between two getMore. */
export interface OpenCursor {
  readonly id: bigint;
  readonly namespace: string;
  readonly source: CursorSource;
  /** batchSize of the command that opened it; 0 when it gave none. */
  readonly batchSize: number;
  /** Stays open when there is nothing left for now. */
  readonly isTailable: boolean;
  readonly isAwaiting: boolean;
  /** Session that opened it, as hex. */
  readonly session: string | undefined;
  isKilled: boolean;
}

export interface Cursors {
  open(cursor: Omit<OpenCursor, 'id' | 'isKilled'>): OpenCursor;
  /** The end of a rest that has begun, to be awaited before `take`. */
  restOf(id: bigint): Promise<void> | undefined;
  /** Takes the cursor for one getMore. Throws 43 when it is unknown, 143 when in use. */
  take(id: bigint, namespace: string): OpenCursor;
  /** Gives it back after the getMore, or forgets it when done. */
  giveBack(cursor: OpenCursor, isDone: boolean): void;
  /** Whether it is the cursor of a change stream. */
  isStream(id: bigint): boolean;
  kill(id: bigint, namespace: string): boolean;
  killWhere(test: (cursor: OpenCursor) => boolean): void;
  /** To be called about once a second: lets idle cursors rest, forgets those idle for ten minutes. */
  sweep(nowMs: number): void;
  readonly size: number;
}

const REST_AFTER_MS = 10_000;
const FORGET_AFTER_MS = 600_000;

interface Slot {
  readonly cursor: OpenCursor;
  isTaken: boolean;
  usedAtMs: number;
  resting: Promise<void> | undefined;
}

export function createCursors(nowMs: () => number): Cursors {
  const slots = new Map<bigint, Slot>();

  function end(slot: Slot): void {
    slots.delete(slot.cursor.id);
    slot.cursor.isKilled = true;
    if (!slot.isTaken && slot.resting === undefined) slot.cursor.source.close();
    else slot.cursor.source.interrupt?.();
  }

  return {
    open(opening) {
      let id = 0n;
      while (id === 0n || slots.has(id)) id = randomBytes(8).readBigUInt64BE() >> 1n;
      const cursor: OpenCursor = { ...opening, id, isKilled: false };
      slots.set(id, { cursor, isTaken: false, usedAtMs: nowMs(), resting: undefined });
      return cursor;
    },
    restOf: (id) => slots.get(id)?.resting,
    take(id, namespace) {
      const slot = slots.get(id);
      if (slot === undefined) throw storeError(43, `cursor id ${id} not found`);
      if (slot.cursor.namespace !== namespace) {
        throw storeError(
          13,
          `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${slot.cursor.namespace}`,
        );
      }
      if (slot.isTaken || slot.resting !== undefined)
        throw storeError(143, `cursor id ${id} is already in use`);
      slot.isTaken = true;
      return slot.cursor;
    },
    giveBack(cursor, isDone) {
      const slot = slots.get(cursor.id);
      if (slot !== undefined) slot.isTaken = false;
      if (isDone || cursor.isKilled) {
        slots.delete(cursor.id);
        cursor.source.close();
      } else if (slot !== undefined) slot.usedAtMs = nowMs();
    },
    isStream: (id) => slots.get(id)?.cursor.isAwaiting === true,
    kill(id, namespace) {
      const slot = slots.get(id);
      if (slot === undefined || slot.cursor.namespace !== namespace) return false;
      end(slot);
      return true;
    },
    killWhere(test) {
      for (const slot of slots.values()) if (test(slot.cursor)) end(slot);
    },
    sweep(now) {
      for (const slot of slots.values()) {
        if (slot.isTaken || slot.resting !== undefined) continue;
        const idleMs = now - slot.usedAtMs;
        if (idleMs > FORGET_AFTER_MS) end(slot);
        else if (idleMs > REST_AFTER_MS && slot.cursor.source.rest !== undefined) slot.resting = rest(slot);
      }
    },
    get size() {
      return slots.size;
    },
  };

  async function rest(slot: Slot): Promise<void> {
    try {
      await slot.cursor.source.rest!();
    } catch {
      // The next getMore meets the same trouble and reports it; here nobody is asking.
      slots.delete(slot.cursor.id);
      slot.cursor.isKilled = true;
    }
    slot.resting = undefined;
    if (slot.cursor.isKilled) slot.cursor.source.close();
  }
}
