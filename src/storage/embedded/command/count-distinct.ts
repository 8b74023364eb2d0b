import { serialize } from 'bson';
import { arrayValue, documentOf, int32Value } from '../bson/build.ts';
import { encodeComponent } from '../bson/key.ts';
import type { RawValue } from '../bson/types.ts';
import type { CollectionRecord } from '../catalog/records.ts';
import type { Engine } from '../engine.ts';
import { stretchOf, wholeCollection } from '../query/candidate.ts';
import { type FindRequest, planFind, runFind } from '../query/find.ts';
import { type OperationControl, stepThrough } from '../query/slices.ts';
import { type ReplyBody, withFields } from '../wire/splice.ts';
import { type CommandContext, requireField } from './context.ts';
import { collectionOf, logFullScan, readFind, refuseTableScan } from './find.ts';
import { compilePath, valuesAtPath } from '../bson/path.ts';

/** `count`, with query, skip and limit. */
export async function runCount(context: CommandContext): Promise<ReplyBody> {
  const { engine, request, control } = context;
  const collection = collectionOf(context);
  const find = readFind(request, 'query', engine.now());
  const n = collection === undefined ? 0 : await countMatches(engine, collection, find, control);
  return serialize({ n, ok: 1 });
}

/** Counts entries alone where their bounds say everything, else looks at the documents. */
export async function countMatches(
  engine: Engine,
  collection: CollectionRecord,
  find: FindRequest,
  control: OperationControl,
): Promise<number> {
  const planned = planFind(collection, { ...find, sort: undefined });
  const { plan } = planned;
  const all = find.filter.root.op === 'and' && find.filter.root.children.length === 0;
  if (plan.kind === 'scan' && all)
    return cutCount(engine.env.current.count('documents', wholeCollection(collection)), find);
  if (plan.kind === 'index' && plan.isExact) {
    const tree = plan.index.id === 0 ? 'documents' : 'entries';
    const total = plan.ranges.reduce(
      (sum, range) => sum + engine.env.current.count(tree, stretchOf(collection, plan, range)),
      0,
    );
    return cutCount(total, find);
  }
  refuseTableScan(engine, planned);
  const snapshot = engine.env.snapshot();
  let n = 0;
  try {
    await stepThrough(runFind(snapshot, planned), control, () => {
      n++;
      return true;
    });
  } finally {
    snapshot.release();
  }
  logFullScan(engine, planned);
  return n;
}

function cutCount(total: number, { skip, limit }: FindRequest): number {
  const left = Math.max(0, total - skip);
  return limit === 0 ? left : Math.min(left, limit);
}

/** `distinct`: each value of a path once, array elements one by one, in value order. */
export async function runDistinct(context: CommandContext): Promise<ReplyBody> {
  const { engine, request, control } = context;
  const collection = collectionOf(context);
  const path = requireField(request.string('key'), request, 'key');
  const find = readFind(request, 'query', engine.now());
  const compiled = compilePath(path);
  const values = new Map<string, RawValue>();
  if (collection !== undefined) {
    const planned = planFind(collection, find);
    refuseTableScan(engine, planned);
    const snapshot = engine.env.snapshot();
    try {
      await stepThrough(runFind(snapshot, planned), control, ({ document }) => {
        for (const value of valuesAtPath(document, compiled).values) {
          const name = Buffer.from(encodeComponent(value)).toString('latin1');
          if (!values.has(name)) values.set(name, value);
        }
        return true;
      });
    } finally {
      snapshot.release();
    }
    logFullScan(engine, planned);
  }
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  const reply = documentOf([
    ['values', arrayValue(sorted)],
    ['ok', int32Value(1)],
  ]);
  return context.moment === undefined ? reply : withFields(reply, { atClusterTime: context.moment.time });
}
