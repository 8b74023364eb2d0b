import { BSON, type RawDocument } from '../bson/types.ts';
import { getField, stringOf, unsignedLongAt } from '../bson/walk.ts';
import type { Engine } from '../engine.ts';
import { storeError } from '../errors.ts';
import type { Moment } from '../session/moments.ts';
import type { CommandRequest } from './request.ts';
import type { CommandEntry } from './table.ts';

const LEVELS = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot']);

/**
 * The moment a command reads at: that of `readConcern: {level: 'snapshot', atClusterTime}`, or the present,
 * pinned, when no time is given. Undefined for the other levels, which all mean the same here: what is
 * visible is durable. Throws 2 on an unknown level, 72 where a snapshot makes no sense, 239 on an old time.
 */
export function momentOf(engine: Engine, request: CommandRequest, entry: CommandEntry): Moment | undefined {
  const readConcern = request.document('readConcern');
  if (readConcern === undefined) return undefined;
  const level = getField(readConcern, 'level');
  const time = timeOf(readConcern);
  if (level !== undefined && (level.type !== BSON.string || !LEVELS.has(stringOf(level)))) {
    throw storeError(2, 'Enumeration value for field readConcern.level is not a valid value.');
  }
  if (level === undefined || stringOf(level) !== 'snapshot') {
    if (time !== undefined) throw storeError(72, 'readConcern.atClusterTime needs the level snapshot');
    return undefined;
  }
  // Drivers repeat the read concern here; the cursor keeps the moment it was opened at.
  if (request.name === 'getMore') return undefined;
  if (!entry.readsMoment) {
    throw storeError(72, `Command ${request.name} does not support { readConcern: { level: "snapshot" } }`);
  }
  return time === undefined ? engine.moments.take(engine) : engine.moments.at(time);
}

function timeOf(readConcern: RawDocument): bigint | undefined {
  const time = getField(readConcern, 'atClusterTime');
  if (time === undefined) return undefined;
  if (time.type !== BSON.timestamp) throw storeError(14, 'readConcern.atClusterTime must be a timestamp');
  return unsignedLongAt(time.bytes, time.start);
}
