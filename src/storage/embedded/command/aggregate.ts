import { serialize } from 'bson';
import { compilePipeline, type AggregateSource, type CompiledPipeline } from '../aggregate/pipeline.ts';
import { BSON, type RawDocument, type RawValue } from '../bson/types.ts';
import { elements, getField, int32At, stringOf, subdocument } from '../bson/walk.ts';
import type { CollectionRecord } from '../catalog/records.ts';
import { checkNamespace } from '../catalog/namespaces.ts';
import type { Engine } from '../engine.ts';
import { storeError } from '../errors.ts';
import type { Candidate } from '../query/candidate.ts';
import { createIterableSource, createListSource } from '../query/cursor-source.ts';
import { type FindRequest, planFind, runFind } from '../query/find.ts';
import { findNear } from '../query/plan.ts';
import { checkControl, type OperationControl, SLICE_MS } from '../query/slices.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReplyBody } from '../wire/splice.ts';
import { openChangeStream } from './change-stream.ts';
import { type CommandContext, requireField } from './context.ts';
import { countMatches } from './count-distinct.ts';
import { cursorOptions, logFullScan, openCursor, refuseTableScan } from './find.ts';
import { geoNearFilter } from './geo-near.ts';
import { filterOf, hintOf, refuseCollation, sortOf } from './options.ts';
import { type CommandRequest, readCommand } from './request.ts';

/** `aggregate` on a collection. What the planner can serve of the first stages, it serves. */
export async function runAggregate(context: CommandContext): Promise<ReplyBody> {
  const { engine, request, control } = context;
  const stages = requireField(request.documents('pipeline'), request, 'pipeline');
  const cursor = readCommand(requireField(request.document('cursor'), request, 'cursor'), new Map(), '');
  refuseCollation(request.document('collation'));
  if (request.value('explain') !== undefined && request.boolean('explain')) {
    throw storeError(9, 'use the explain command to explain an aggregation');
  }
  const target = request.value(request.name)!;
  const name = target.type === BSON.string ? stringOf(target) : '$cmd.aggregate';
  if (target.type === BSON.string) checkNamespace(request.database, name);
  const namespace = `${request.database}.${name}`;
  if (isChangeStream(stages)) return openChangeStream(context, stages, cursor);
  if (target.type !== BSON.string)
    throw storeError(73, '{aggregate: 1} is not valid for this pipeline: it needs a collection');
  const collection = engine.catalog.committed.get(namespace);
  const options = cursorOptions(context, cursor, namespace, 101);
  const counted = collection === undefined ? undefined : await countOnly(context, collection, stages);
  if (counted !== undefined) return openCursor(context, createListSource(counted), options);
  const compiled = compilePipeline(stages, {
    variables: request.document('let'),
    source: sourceOf(engine, request.database, control),
    now: engine.now(),
    random: Math.random,
  });
  const input =
    collection === undefined ? nothing() : inputOf(engine, collection, request, compiled, control);
  return openCursor(context, createIterableSource(compiled.run(input)), options);
}

function isChangeStream(stages: readonly RawDocument[]): boolean {
  return stages.length > 0 && getField(stages[0]!, '$changeStream') !== undefined;
}

async function* nothing(): AsyncGenerator<RawDocument> {}

async function* inputOf(
  engine: Engine,
  collection: CollectionRecord,
  request: CommandRequest,
  compiled: CompiledPipeline,
  control: OperationControl,
): AsyncGenerator<RawDocument> {
  const now = engine.now();
  const variables = request.document('let');
  const { leadingGeoNear: geo } = compiled;
  const match =
    geo === undefined ? compiled.leadingMatch : geoNearFilter(geo, compiled.leadingMatch, collection);
  const find: FindRequest = {
    filter: filterOf(match, variables, now),
    sort: sortOf(compiled.leadingSort),
    hint: hintOf(request.value('hint')),
    skip: compiled.leadingSkip ?? 0,
    limit: compiled.leadingLimit ?? 0,
  };
  const near = findNear(find.filter.root);
  for await (const { document } of readAll(engine, collection, find, control)) {
    yield geo === undefined ? document : geo.annotate(document, near!.path);
  }
}

/** Everything a find gives, from one moment, giving way to others. */
async function* readAll(
  engine: Engine,
  collection: CollectionRecord,
  find: FindRequest,
  control: OperationControl,
): AsyncGenerator<Candidate> {
  const planned = planFind(collection, find);
  refuseTableScan(engine, planned);
  const snapshot = engine.env.snapshot();
  try {
    let started = performance.now();
    let steps = 0;
    for (const candidate of runFind(snapshot, planned)) {
      if (candidate !== undefined) yield candidate;
      if (++steps % 32 === 0 && performance.now() - started > SLICE_MS) {
        await nextTurn();
        checkControl(control);
        started = performance.now();
      }
    }
  } finally {
    snapshot.release();
  }
  logFullScan(engine, planned);
}

function sourceOf(engine: Engine, database: string, control: OperationControl): AggregateSource {
  const everything = (): FindRequest => ({
    filter: filterOf(undefined, undefined, engine.now()),
    sort: undefined,
    hint: undefined,
    skip: 0,
    limit: 0,
  });
  async function* documentsOf(name: string, find: FindRequest): AsyncGenerator<RawDocument> {
    const collection = engine.catalog.committed.get(`${database}.${name}`);
    if (collection === undefined) return;
    for await (const { document } of readAll(engine, collection, find, control)) yield document;
  }
  return {
    collection: (name) => documentsOf(name, everything()),
    lookupEquals(name, field, value) {
      const collection = engine.catalog.committed.get(`${database}.${name}`);
      if (collection === undefined) return nothing();
      const find = { ...everything(), filter: filterOf(equality(field, value), undefined, engine.now()) };
      const { plan } = planFind(collection, find);
      return plan.kind === 'scan' ? undefined : documentsOf(name, find);
    },
  };
}

/** `{field: {$eq: value}}`, so that a regex or an operator-like object is taken as a value. */
function equality(field: string, value: RawValue): RawDocument {
  const body = value.bytes.subarray(value.start, value.end);
  const inner = Buffer.concat([
    Buffer.alloc(4),
    Buffer.of(value.type),
    Buffer.from('$eq\0'),
    body,
    Buffer.of(0),
  ]);
  inner.writeInt32LE(inner.length, 0);
  const outer = Buffer.concat([
    Buffer.alloc(4),
    Buffer.of(BSON.object),
    Buffer.from(`${field}\0`),
    inner,
    Buffer.of(0),
  ]);
  outer.writeInt32LE(outer.length, 0);
  return outer;
}

/**
 * countDocuments sends `[{$match}, {$skip}?, {$limit}?, {$group: {_id: 1, n: {$sum: 1}}}]`: that is
 * counted without running a pipeline. Undefined when the pipeline is any other.
 */
async function countOnly(
  { engine, request, control }: CommandContext,
  collection: CollectionRecord,
  stages: readonly RawDocument[],
): Promise<RawDocument[] | undefined> {
  const last = stages.at(-1);
  if (last === undefined || Buffer.compare(last, COUNT_GROUP) !== 0) return undefined;
  let filter: RawDocument | undefined;
  let skip = 0;
  let limit = 0;
  for (const [i, stage] of stages.slice(0, -1).entries()) {
    const [element] = [...elements(stage)];
    if (element === undefined) return undefined;
    const { name, value } = element;
    const isNumber = value.type === BSON.int32 && int32At(value.bytes, value.start) > 0;
    if (name === '$match' && i === 0 && value.type === BSON.object) filter = subdocument(value);
    else if (name === '$skip' && isNumber && skip === 0 && limit === 0)
      skip = int32At(value.bytes, value.start);
    else if (name === '$limit' && isNumber && limit === 0) limit = int32At(value.bytes, value.start);
    else return undefined;
  }
  const find: FindRequest = {
    filter: filterOf(filter, request.document('let'), engine.now()),
    sort: undefined,
    hint: hintOf(request.value('hint')),
    skip,
    limit,
  };
  if (findNear(find.filter.root) !== undefined) return undefined;
  const n = await countMatches(engine, collection, find, control);
  return n === 0 ? [] : [serialize({ _id: 1, n })];
}

const COUNT_GROUP = serialize({ $group: { _id: 1, n: { $sum: 1 } } });
