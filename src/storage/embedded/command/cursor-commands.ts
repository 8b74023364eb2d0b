import { serialize } from 'bson';
import { Long } from 'bson';
import { BSON } from '../bson/types.ts';
import { arrayValues, longAt } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { type ReplyBody, spliceCursor } from '../wire/splice.ts';
import { type CommandContext, requireField } from './context.ts';
import { readNumber } from './request.ts';

/** `getMore`: the next batch; tailable cursors wait for news as long as maxTimeMS says. */
export async function runGetMore({ engine, request, control }: CommandContext): Promise<ReplyBody> {
  const id = requireField(request.long('getMore'), request, 'getMore');
  const collection = requireField(request.string('collection'), request, 'collection');
  const namespace = `${request.database}.${collection}`;
  const batchSize = request.integer('batchSize');
  if (batchSize !== undefined && batchSize < 0) {
    throw storeError(51024, `BSON field 'batchSize' value must be >= 0, actual value '${batchSize}'`);
  }
  await engine.cursors.restOf(id);
  const cursor = engine.cursors.take(id, namespace);
  const waitMs = request.integer('maxTimeMS');
  if (waitMs !== undefined && !cursor.isAwaiting) {
    engine.cursors.giveBack(cursor, false);
    throw storeError(2, 'cannot set maxTimeMS on getMore command for a non-awaitData cursor');
  }
  let isDone = true;
  try {
    // 0, like no batch size, means as much as fits.
    const most = batchSize || Number.POSITIVE_INFINITY;
    const batch = await cursor.source.pull(most, {
      deadline: cursor.isAwaiting ? performance.now() + (waitMs ?? 1000) : control.deadline,
      isKilled: () => cursor.isKilled || control.isKilled(),
    });
    isDone = batch.isExhausted;
    return spliceCursor({
      batchName: 'nextBatch',
      documents: batch.documents,
      id: isDone ? 0n : id,
      namespace,
      extra: batch.extra,
    });
  } finally {
    engine.cursors.giveBack(cursor, isDone);
  }
}

/** `killCursors`: answers which were killed and which were not found. */
export function runKillCursors({ engine, request }: CommandContext): ReplyBody {
  const collection = requireField(request.string('killCursors'), request, 'killCursors');
  const list = requireField(request.value('cursors'), request, 'cursors');
  if (list.type !== BSON.array) throw storeError(14, "BSON field 'killCursors.cursors' must be an array");
  const killed: Long[] = [];
  const notFound: Long[] = [];
  for (const value of arrayValues(list)) {
    const id =
      value.type === BSON.long
        ? longAt(value.bytes, value.start)
        : BigInt(readNumber(value, 'killCursors', 'cursors'));
    const found = engine.cursors.kill(id, `${request.database}.${collection}`);
    (found ? killed : notFound).push(Long.fromBigInt(id));
  }
  return serialize({
    cursorsKilled: killed,
    cursorsNotFound: notFound,
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  });
}
