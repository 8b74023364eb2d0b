import type { RawDocument } from '../bson/types.ts';
import type { CollectionRecord } from '../catalog/records.ts';
import { checkNamespace } from '../catalog/namespaces.ts';
import type { Engine } from '../engine.ts';
import { storeError } from '../errors.ts';
import { placeKey } from '../index/keys.ts';
import { keyOfIdFilter } from '../query/only-key.ts';
import type { Candidate } from '../query/candidate.ts';
import { type Batch, createFindSource, createListSource, type CursorSource } from '../query/cursor-source.ts';
import { type FindRequest, findFirst, planFind, type PlannedFind } from '../query/find.ts';
import { compileProjection } from '../query/project.ts';
import { type ReplyBody, spliceCursor } from '../wire/splice.ts';
import { collectionNameOf, type CommandContext } from './context.ts';
import { filterOf, hintOf, naturalOf, refuseCollation, sortOf } from './options.ts';
import type { CommandRequest } from './request.ts';

/** MongoDB's first batch when none is asked for. */
const FIRST_BATCH = 101;
/** Scans of more documents than this are logged, or refused. */
export const FULL_SCAN_LIMIT = 10_000;

/** `find`: answers with the first batch; what is left waits in a cursor. */
export function runFindCommand(context: CommandContext): ReplyBody | Promise<ReplyBody> {
  const { engine, request } = context;
  const namespace = checkNamespace(request.database, collectionNameOf(request));
  if (request.boolean('tailable')) {
    throw storeError(
      2,
      `error processing query: tailable cursor requested on non capped collection ${namespace}`,
    );
  }
  const point = pointRead(context, namespace);
  if (point !== undefined) return point;
  const find = readFind(request, 'filter', engine.now());
  const project = readProjection(request, find);
  const collection = engine.catalog.committed.get(namespace);
  const options = cursorOptions(context, request, namespace, FIRST_BATCH);
  if (collection === undefined) return openCursor(context, createListSource([]), options);
  const planned = planFind(collection, find);
  refuseTableScan(engine, planned);
  if (context.moment === undefined && isSingleGet(planned) && find.skip === 0)
    return answerOne(engine, planned, project, namespace);
  return openCursor(context, createFindSource(engine.env, planned, project), options, planned);
}

/** Fields that do not keep `{_id: value}` from being one get. */
const POINT_FIELDS = new Set(
  'find filter limit singleBatch batchSize lsid $db $readPreference readConcern maxTimeMS $clusterTime comment'.split(
    ' ',
  ),
);

/** The answer to a find by `_id` alone; undefined when the command asks for anything more. */
function pointRead({ engine, request, moment }: CommandContext, namespace: string): ReplyBody | undefined {
  const filter = request.document('filter');
  const documentKey = filter === undefined ? undefined : keyOfIdFilter(filter);
  if (documentKey === undefined) return undefined;
  for (const field of request.fields.keys()) if (!POINT_FIELDS.has(field)) return undefined;
  if (moment !== undefined) return undefined;
  if ((request.integer('limit') ?? 0) < 0 || (request.integer('batchSize') ?? 1) <= 0) return undefined;
  const collection = engine.catalog.committed.get(namespace);
  const found =
    collection === undefined
      ? undefined
      : engine.env.current.get('documents', placeKey(collection.id, documentKey));
  return spliceCursor({
    batchName: 'firstBatch',
    documents: found === undefined ? [] : [found],
    id: 0n,
    namespace,
  });
}

/** Reads filter, sort, skip, limit and hint of a command. */
export function readFind(request: CommandRequest, filterField: string, now: Date): FindRequest {
  refuseCollation(request.document('collation'));
  const skip = request.integer('skip') ?? 0;
  const limit = request.integer('limit') ?? 0;
  if (skip < 0) throw storeError(51024, `BSON field 'skip' value must be >= 0, actual value '${skip}'`);
  if (limit < 0 && request.name === 'find') {
    throw storeError(51024, `BSON field 'limit' value must be >= 0, actual value '${limit}'`);
  }
  return {
    filter: filterOf(request.document(filterField), request.document('let'), now),
    sort: sortOf(request.document('sort')),
    hint: hintOf(request.value('hint')) ?? naturalOf(request.document('sort')),
    skip,
    limit: Math.abs(limit),
  };
}

function readProjection(
  request: CommandRequest,
  find: FindRequest,
): ((candidate: Candidate) => RawDocument) | undefined {
  const projection = request.document('projection');
  if (projection === undefined || projection.length <= 5) return undefined;
  const project = compileProjection(projection, find.filter);
  return ({ document }) => project(document);
}

/** One get by `_id` or a unique index: no cursor, no snapshot. */
function isSingleGet({ plan }: PlannedFind): boolean {
  return (
    plan.kind === 'index' &&
    plan.index.unique &&
    plan.ranges.length === 1 &&
    plan.components.length === plan.index.keys.length &&
    plan.components.every(({ kind }) => kind === 'point') &&
    plan.index.multikeyPaths.length === 0
  );
}

function answerOne(
  engine: Engine,
  planned: PlannedFind,
  project: ((candidate: Candidate) => RawDocument) | undefined,
  namespace: string,
): ReplyBody {
  const found = findFirst(engine.env.current, planned);
  const documents = found === undefined ? [] : [project === undefined ? found.document : project(found)];
  return spliceCursor({ batchName: 'firstBatch', documents, id: 0n, namespace });
}

/** Throws 291 when whole-collection scans are refused and this one may be long. */
export function refuseTableScan(engine: Engine, planned: PlannedFind): void {
  if (engine.isTableScanRefused && planned.plan.kind === 'scan') {
    throw storeError(
      291,
      `error processing query: ns=${planned.collection.namespace}: No indexed plans available, and running with 'notablescan' 1`,
    );
  }
}

export interface CursorOptions {
  readonly namespace: string;
  readonly firstBatch: number;
  readonly batchSize: number;
  readonly isSingleBatch: boolean;
}

export function cursorOptions(
  _context: CommandContext,
  request: CommandRequest,
  namespace: string,
  defaultBatch: number,
): CursorOptions {
  const batchSize = request.integer('batchSize');
  if (batchSize !== undefined && batchSize < 0) {
    throw storeError(51024, `BSON field 'batchSize' value must be >= 0, actual value '${batchSize}'`);
  }
  return {
    namespace,
    firstBatch: batchSize ?? defaultBatch,
    batchSize: batchSize ?? 0,
    isSingleBatch: request.boolean('singleBatch'),
  };
}

/** Pulls the first batch and keeps the cursor when something is left. */
export function openCursor(
  context: CommandContext,
  source: CursorSource,
  options: CursorOptions,
  planned?: PlannedFind,
): ReplyBody | Promise<ReplyBody> {
  const finish = (batch: Batch): ReplyBody => {
    if (planned !== undefined) logFullScan(context.engine, planned);
    const isDone = batch.isExhausted || options.isSingleBatch;
    if (isDone) source.close();
    const id = isDone ? 0n : keepCursor(context, source, options);
    return spliceCursor({
      batchName: 'firstBatch',
      documents: batch.documents,
      id,
      namespace: options.namespace,
      extra: context.moment === undefined ? undefined : { atClusterTime: context.moment.time },
    });
  };
  let batch: Batch | Promise<Batch>;
  try {
    batch = source.pull(options.firstBatch, context.control);
  } catch (error) {
    source.close();
    throw error;
  }
  if (!(batch instanceof Promise)) return finish(batch);
  return batch.then(finish, (error: unknown) => {
    source.close();
    throw error;
  });
}

function keepCursor(
  { engine, session }: CommandContext,
  source: CursorSource,
  options: CursorOptions,
): bigint {
  const cursor = engine.cursors.open({
    namespace: options.namespace,
    source,
    batchSize: options.batchSize,
    isTailable: false,
    isAwaiting: false,
    session: session === undefined ? undefined : Buffer.from(session).toString('hex'),
  });
  return cursor.id;
}

/** A scan of many documents is a missing index: one line in the log. */
export function logFullScan(engine: Engine, { plan, collection, examined }: PlannedFind): void {
  if (plan.kind !== 'scan' || examined.documents <= FULL_SCAN_LIMIT) return;
  engine.log(
    'warn',
    { namespace: collection.namespace, documents: examined.documents },
    'full scan of a collection',
  );
}

/** Collections of a command that reads one; undefined when it does not exist. */
export function collectionOf(context: CommandContext): CollectionRecord | undefined {
  return context.engine.catalog.committed.get(
    checkNamespace(context.request.database, collectionNameOf(context.request)),
  );
}
