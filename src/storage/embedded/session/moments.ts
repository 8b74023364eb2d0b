import type { Timestamp } from 'bson';
import type { Engine } from '../engine.ts';
import { storeError } from '../errors.ts';
import type { Reader } from '../kv/view.ts';
import { nextPosition, timestampOf } from '../oplog/position.ts';

/** The store as it was at one time, for reads of a snapshot session. */
export interface Moment {
  readonly time: Timestamp;
  /** The engine of that time: to be read from only. */
  readonly engine: Engine;
}

export interface Moments {
  /** Pins the present under a time of its own. */
  take(engine: Engine): Moment;
  /** The moment of a time given out before. Throws 239 when it is let go, or was never given out. */
  at(time: bigint): Moment;
  /** To be called about once a second: lets go what is old. */
  sweep(nowMs: number): void;
  close(): void;
}

/** Old pages cannot be used again while a moment is pinned. */
const KEEP_MS = 30_000;
const MOST = 200;

interface Pinned extends Moment {
  readonly takenAtMs: number;
  users: number;
  isOld: boolean;
  release(): void;
}

export function createMoments(nowMs: () => number, clock: () => Date): Moments {
  const pinned = new Map<bigint, Pinned>();
  let lastTime = 0n;

  function letGo(moment: Pinned): void {
    pinned.delete(moment.time.toBigInt());
    moment.isOld = true;
    if (moment.users === 0) moment.release();
  }

  return {
    take(engine) {
      lastTime = nextPosition(lastTime, clock().getTime());
      const snapshot = engine.env.snapshot();
      const { release, ...reader } = snapshot;
      const moment: Pinned = {
        time: timestampOf(lastTime),
        engine: engineAt(engine, reader, () => borrow(moment, reader)),
        takenAtMs: nowMs(),
        users: 0,
        isOld: false,
        release,
      };
      pinned.set(lastTime, moment);
      const [oldest] = pinned.values();
      if (pinned.size > MOST) letGo(oldest!);
      return moment;
    },
    at(time) {
      const moment = pinned.get(time);
      if (moment === undefined)
        throw storeError(239, `the moment ${time} is not, or no longer, kept: snapshots live ${KEEP_MS} ms`);
      return moment;
    },
    sweep(now) {
      for (const moment of pinned.values()) if (now - moment.takenAtMs > KEEP_MS) letGo(moment);
    },
    close() {
      for (const moment of pinned.values()) letGo(moment);
    },
  };
}

function engineAt(engine: Engine, reader: Reader, snapshot: Engine['env']['snapshot']): Engine {
  return {
    ...engine,
    env: { ...engine.env, current: reader, snapshot },
    catalog: { ...engine.catalog, committed: engine.catalog.committed },
  };
}

/** A moment that is let go while it is read from stays until the last reader is done. */
function borrow(moment: Pinned, reader: Reader) {
  if (moment.isOld) throw storeError(239, 'the moment is no longer kept');
  moment.users++;
  let isBorrowed = true;
  return {
    ...reader,
    release() {
      if (!isBorrowed) return;
      isBorrowed = false;
      moment.users--;
      if (moment.isOld && moment.users === 0) moment.release();
    },
  };
}
