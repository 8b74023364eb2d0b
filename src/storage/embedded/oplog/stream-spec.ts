import { BSON, type RawDocument } from '../bson/types.ts';
import { getField, stringOf, subdocument, unsignedLongAt } from '../bson/walk.ts';
import { readCommand } from '../command/request.ts';
import { storeError } from '../errors.ts';
import { type Position, readToken } from './position.ts';

/** What a change stream watches, and from where on. */
export interface StreamSpec {
  readonly from: Position;
  /** `from` is that of an event already seen; when it ended its stream, this one ends at once too. */
  readonly hasSeenEvent: boolean;
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
  if (spec.boolean('showExpandedEvents'))
    throw storeError(115, '$changeStream: showExpandedEvents is not supported');
  return {
    ...startOf(spec, latest),
    looksUp: full === 'updateLookup',
    watches: (event) => judge(event, isCluster ? undefined : database, name),
  };
}

function startOf(
  spec: ReturnType<typeof readCommand>,
  latest: Position,
): Pick<StreamSpec, 'from' | 'hasSeenEvent'> {
  const resumed = spec.document('resumeAfter');
  const token = resumed ?? spec.document('startAfter');
  if (token !== undefined) {
    const text = getField(token, '_data');
    const { position, kind } = readToken(text?.type === BSON.string ? stringOf(text) : undefined);
    if (kind === 'invalidate' && resumed !== undefined) {
      throw storeError(
        260,
        "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
      );
    }
    return { from: position, hasSeenEvent: kind === 'event' };
  }
  const time = spec.value('startAtOperationTime');
  if (time === undefined) return { from: latest, hasSeenEvent: false };
  if (time.type !== BSON.timestamp)
    throw storeError(14, '$changeStream.startAtOperationTime must be a timestamp');
  // Inclusive: the stream stands just before that time.
  return { from: unsignedLongAt(time.bytes, time.start) - 1n, hasSeenEvent: false };
}

function judge(
  event: RawDocument,
  database: string | undefined,
  name: string | undefined,
): 'unseen' | 'shown' | 'invalidates' {
  const type = stringOf(getField(event, 'operationType')!);
  const ns = subdocument(getField(event, 'ns')!);
  const db = stringOf(getField(ns, 'db')!);
  if (database !== undefined && db !== database) return 'unseen';
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
