import { stageOf } from '../aggregate/stage.ts';
import { BSON, type RawDocument } from '../bson/types.ts';
import { stringOf } from '../bson/walk.ts';
import { submitWrite } from '../engine.ts';
import { storeError } from '../errors.ts';
import { timestampOf } from '../oplog/position.ts';
import { readStreamSpec } from '../oplog/stream-spec.ts';
import { createStreamSource } from '../oplog/stream.ts';
import { getField } from '../bson/walk.ts';
import { type ReplyBody, spliceCursor } from '../wire/splice.ts';
import type { CommandContext } from './context.ts';
import type { CommandRequest } from './request.ts';

/** Stages MongoDB allows behind `$changeStream`; each looks at one event alone. */
const ALLOWED_STAGES = ['$match', '$project', '$set', '$unset', '$addFields', '$replaceRoot', '$replaceWith'];

const OTHER_STAGES =
  '$changeStream $count $geoNear $group $limit $lookup $sample $skip $sort $sortByCount $unwind'.split(' ');

/** `aggregate` with `$changeStream` first: an awaiting cursor over the history of changes. */
export async function openChangeStream(
  { engine, request, session, control }: CommandContext,
  stages: readonly RawDocument[],
  cursorOptions: CommandRequest,
): Promise<ReplyBody> {
  const rest = stages.slice(1);
  for (const stage of rest) {
    if (ALLOWED_STAGES.some((name) => getField(stage, name) !== undefined)) continue;
    const known = OTHER_STAGES.some((name) => getField(stage, name) !== undefined);
    throw known
      ? storeError(20, 'the pipeline of a change stream holds a stage that is not permitted there')
      : storeError(40324, `Unrecognized pipeline stage name: '${stageOf(stage).name}'`);
  }
  checkReadLevel(request.document('readConcern'));
  const target = request.value(request.name)!;
  const name = target.type === BSON.string ? stringOf(target) : undefined;
  // The first stream begins the history: its own write must be on disk before the answer.
  if (!engine.changes.hasBegun) await submitWrite(engine, ({ writer }) => engine.changes.begin(writer));
  const spec = readStreamSpec(stages[0]!, request.database, name, engine.changes.committed);
  const source = createStreamSource(engine, spec, rest, request.document('let'));
  const namespace = `${request.database}.${name ?? '$cmd.aggregate'}`;
  const batchSize = cursorOptions.integer('batchSize');
  const first = await source.pull(batchSize ?? 101, { ...control, deadline: undefined });
  const cursor = engine.cursors.open({
    namespace,
    source,
    batchSize: batchSize ?? 0,
    isTailable: !first.isExhausted,
    isAwaiting: true,
    session: session === undefined ? undefined : Buffer.from(session).toString('hex'),
  });
  return spliceCursor({
    batchName: 'firstBatch',
    documents: first.documents,
    id: cursor.id,
    namespace,
    extra: first.extra,
    beside: { operationTime: timestampOf(engine.changes.committed) },
  });
}

function checkReadLevel(readConcern: RawDocument | undefined): void {
  const level = readConcern === undefined ? undefined : getField(readConcern, 'level');
  if (level !== undefined && stringOf(level) !== 'majority')
    throw storeError(72, '$changeStream requires read concern level majority');
}
