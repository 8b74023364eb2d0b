import { BSON, type RawDocument } from '../bson/types.ts';
import { getField, stringOf, subdocument, unsignedLongAt } from '../bson/walk.ts';
import { readCommand } from '../command/request.ts';
import { storeError } from '../errors.ts';
import { type Position, positionOfToken } from './position.ts';

/** What a change stream watches, and from where on. */
export interface StreamSpec {
  readonly from: Position;
  /** `fullDocument: 'updateLookup'`. */
  readonly looksUp: boolean;
  /** Whether the stream shows a stored change, and whether it ends the stream. */
  watches(event: RawDocument): 'unseen' | 'shown' | 'invalidates';
}

const FIELDS = new Set([
  'fullDocument',
  'fullDocumentBeforeChange',
  'resumeAfter',
  'startAfter',
  'startAtOperationTime',
  'allChangesForCluster',
  'showExpandedEvents',
]);

/** Reads `{$changeStream: {...}}`. `name` undefined watches the whole database. Throws 2, 9, 280, 40415. */
export function readStreamSpec(
  stage: RawDocument,
  database: string,
  name: string | undefined,
  latest: Position,
): StreamSpec {
  const given = getField(stage, '$changeStream')!;
  if (given.type !== BSON.object)
    throw storeError(6188500, '$changeStream must take a nested object as its argument');
  const spec = readCommand(subdocument(given), new Map(), database);
  for (const field of spec.fields.keys()) {
    if (!FIELDS.has(field))
      throw storeError(40415, `BSON field '$changeStream.${field}' is an unknown field.`);
  }
  const full = spec.string('fullDocument') ?? 'default';
  if (full !== 'default' && full !== 'updateLookup') {
    const isKnown = full === 'whenAvailable' || full === 'required';
    throw storeError(isKnown ? 115 : 2, `$changeStream: fullDocument '${full}' is not supported`);
  }
  if ((spec.string('fullDocumentBeforeChange') ?? 'off') !== 'off') {
    throw storeError(115, '$changeStream: pre-images are not supported');
  }
  const isCluster = spec.boolean('allChangesForCluster');
  if (isCluster && (database !== 'admin' || name !== undefined)) {
    throw storeError(
      72,
      "A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no collection name",
    );
  }
  const showsAll = spec.boolean('showExpandedEvents');
  return {
    from: startOf(spec, latest),
    looksUp: full === 'updateLookup',
    watches: (event) => judge(event, isCluster ? undefined : database, name, showsAll),
  };
}

function startOf(spec: ReturnType<typeof readCommand>, latest: Position): Position {
  const token = spec.document('resumeAfter') ?? spec.document('startAfter');
  if (token !== undefined) {
    const text = getField(token, '_data');
    return positionOfToken(text?.type === BSON.string ? stringOf(text) : undefined);
  }
  const time = spec.value('startAtOperationTime');
  if (time === undefined) return latest;
  if (time.type !== BSON.timestamp)
    throw storeError(14, '$changeStream.startAtOperationTime must be a timestamp');
  // Inclusive: the stream stands just before that time.
  return unsignedLongAt(time.bytes, time.start) - 1n;
}

function judge(
  event: RawDocument,
  database: string | undefined,
  name: string | undefined,
  showsAll: boolean,
): 'unseen' | 'shown' | 'invalidates' {
  const type = stringOf(getField(event, 'operationType')!);
  const ns = subdocument(getField(event, 'ns')!);
  const db = stringOf(getField(ns, 'db')!);
  if (database !== undefined && db !== database) return 'unseen';
  if (type === 'create' && !showsAll) return 'unseen';
  if (type === 'dropDatabase') {
    if (name !== undefined) return 'unseen';
    return database === undefined ? 'shown' : 'invalidates';
  }
  if (name === undefined) return 'shown';
  const coll = stringOf(getField(ns, 'coll')!);
  if (type === 'rename') {
    const to = subdocument(getField(event, 'to')!);
    const isTarget = stringOf(getField(to, 'coll')!) === name;
    return coll === name || isTarget ? 'invalidates' : 'unseen';
  }
  if (coll !== name) return 'unseen';
  return type === 'drop' ? 'invalidates' : 'shown';
}
