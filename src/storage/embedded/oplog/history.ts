import { deserialize, serialize } from 'bson';
import { dateValue, documentOf, objectValue, stringValue } from '../bson/build.ts';
import type { RawValue } from '../bson/types.ts';
import type { FollowingState } from '../kv/commit.ts';
import type { Env } from '../kv/env.ts';
import type { Reader, Writer } from '../kv/view.ts';
import { describeUpdate } from './describe-update.ts';
import { nextPosition, type Position, positionKey, positionOf } from './position.ts';
import type { ChangeRecorder } from './record.ts';

export interface HistorySettings {
  readonly keepMs: number;
  readonly keepBytes: number;
}

export const DEFAULT_HISTORY: HistorySettings = { keepMs: 24 * 3_600_000, keepBytes: 128 * 1024 * 1024 };

export interface History extends ChangeRecorder, FollowingState {
  /** The latest change that is on disk; streams that start now start behind it. */
  readonly committed: Position;
  /** Changes up to here are not kept (any more). */
  readonly keptAfter: Position;
  /** History begins with the first stream ever opened: before, nobody can ask for it. */
  begin(writer: Writer): void;
  readonly hasBegun: boolean;
  /** Resolves when something newer than `position` is on disk, at `deadline` (monotonic ms), or on `wake`. */
  news(position: Position, deadline: number): Promise<void>;
  /** Lets all who wait look again, because a cursor was killed or the store stops. */
  wake(): void;
  /** Something is too old, or there is too much. */
  needsTrim(nowMs: number): boolean;
  /** Removes the oldest of these changes, at most `most`. Answers how many went. */
  trim(writer: Writer, nowMs: number, most: number): number;
}

const STATE_KEY = Buffer.from('history');
const FIRST = positionKey(0n);
const LAST = Buffer.alloc(9, 0xff);

interface State {
  keptAfter: Position;
}

/** The history of changes, written in the same transaction as the change itself. */
export function createHistory(env: Env, now: () => Date, settings: HistorySettings): History {
  let state = readState(env);
  let pendingState = state;
  let pending: Position = lastPosition(env) ?? state?.keptAfter ?? 0n;
  let committed = pending;
  let waiting: { position: Position; wake: () => void }[] = [];

  function append(writer: Writer, type: string, fields: [string, RawValue][]): void {
    if (pendingState === undefined) return;
    const nowMs = now().getTime();
    pending = nextPosition(pending, nowMs);
    const event = documentOf([
      ['operationType', stringValue(type)],
      ['wallTime', dateValue(nowMs)],
      ...fields,
    ]);
    writer.put('oplog', positionKey(pending), event);
  }

  function doomedKeys(reader: Reader, nowMs: number, most: number): Uint8Array[] {
    const oldest = BigInt(Math.floor((nowMs - settings.keepMs) / 1000)) << 32n;
    const isTooMuch = env.treeBytes('oplog') > settings.keepBytes;
    const doomed: Uint8Array[] = [];
    for (const { key } of reader.range('oplog', { from: FIRST, to: LAST })) {
      if (doomed.length >= most || (!isTooMuch && positionOf(key) >= oldest)) break;
      doomed.push(key);
    }
    return doomed;
  }

  function wakeWhere(test: (position: Position) => boolean): void {
    const woken = waiting.filter(({ position }) => test(position));
    waiting = waiting.filter(({ position }) => !test(position));
    for (const { wake } of woken) wake();
  }

  return {
    get committed() {
      return committed;
    },
    get keptAfter() {
      return state?.keptAfter ?? committed;
    },
    get hasBegun() {
      return pendingState !== undefined;
    },
    begin(writer) {
      if (pendingState !== undefined) return;
      pending = nextPosition(pending, now().getTime());
      pendingState = { keptAfter: pending };
      writeState(writer, pendingState);
    },
    ...recorderOf(() => pendingState !== undefined, append),
    mark: () => ({ pending, pendingState }),
    restore(mark) {
      ({ pending, pendingState } = mark as { pending: Position; pendingState: State | undefined });
    },
    publish() {
      state = pendingState;
      if (pending === committed) return;
      committed = pending;
      wakeWhere((position) => position < committed);
    },
    news(position, deadline) {
      if (position < committed) return Promise.resolve();
      return new Promise((resolve) => {
        const clock = setTimeout(
          () => {
            waiting = waiting.filter((one) => one !== waiter);
            resolve();
          },
          Math.max(0, deadline - performance.now()),
        );
        const waiter = {
          position,
          wake() {
            clearTimeout(clock);
            resolve();
          },
        };
        waiting.push(waiter);
      });
    },
    wake: () => wakeWhere(() => true),
    needsTrim: (nowMs) => pendingState !== undefined && doomedKeys(env.current, nowMs, 1).length > 0,
    trim(writer, nowMs, most) {
      const doomed = doomedKeys(writer, nowMs, most);
      for (const key of doomed) writer.remove('oplog', key);
      const last = doomed.at(-1);
      if (last !== undefined) {
        pendingState = { keptAfter: positionOf(last) };
        writeState(writer, pendingState);
      }
      return doomed.length;
    },
  };
}

function recorderOf(
  isOn: () => boolean,
  append: (writer: Writer, type: string, fields: [string, RawValue][]) => void,
): ChangeRecorder {
  return {
    inserted(writer, { database, name }, id, doc) {
      if (!isOn()) return;
      append(writer, 'insert', [['fullDocument', objectValue(doc)], place(database, name), documentKey(id)]);
    },
    updated(writer, { database, name }, id, before, after, kind) {
      if (!isOn()) return;
      append(
        writer,
        kind,
        kind === 'replace'
          ? [['fullDocument', objectValue(after)], place(database, name), documentKey(id)]
          : [
              place(database, name),
              documentKey(id),
              ['updateDescription', objectValue(describeUpdate(before, after))],
            ],
      );
    },
    removed(writer, { database, name }, id) {
      if (isOn()) append(writer, 'delete', [place(database, name), documentKey(id)]);
    },
    dropped(writer, namespace) {
      if (isOn()) append(writer, 'drop', [placeOfNamespace(namespace)]);
    },
    databaseDropped(writer, database) {
      if (isOn())
        append(writer, 'dropDatabase', [['ns', objectValue(documentOf([['db', stringValue(database)]]))]]);
    },
    renamed(writer, from, to) {
      if (isOn()) append(writer, 'rename', [placeOfNamespace(from), ['to', placeOfNamespace(to)[1]]]);
    },
  };
}

function place(database: string, name: string): [string, RawValue] {
  return [
    'ns',
    objectValue(
      documentOf([
        ['db', stringValue(database)],
        ['coll', stringValue(name)],
      ]),
    ),
  ];
}

function placeOfNamespace(namespace: string): [string, RawValue] {
  const dot = namespace.indexOf('.');
  return place(namespace.slice(0, dot), namespace.slice(dot + 1));
}

function documentKey(id: RawValue): [string, RawValue] {
  return ['documentKey', objectValue(documentOf([['_id', id]]))];
}

function readState(env: Env): State | undefined {
  const stored = env.current.get('catalog', STATE_KEY);
  if (stored === undefined) return undefined;
  const { keptAfter } = deserialize(stored, { useBigInt64: true }) as { keptAfter: bigint };
  return { keptAfter: BigInt.asUintN(64, keptAfter) };
}

function writeState(writer: Writer, { keptAfter }: State): void {
  writer.put('catalog', STATE_KEY, serialize({ keptAfter: BigInt.asIntN(64, keptAfter) }));
}

function lastPosition(env: Env): Position | undefined {
  for (const { key } of env.current.range('oplog', { from: FIRST, to: LAST, reverse: true }))
    return positionOf(key);
  return undefined;
}
