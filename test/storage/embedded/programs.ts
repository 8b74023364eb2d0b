import { expect } from 'chai';
import fc from 'fast-check';
import type { Collection, Document } from 'mongodb';
import { type Doc, type Filter, meets, sortDocs } from './naive-model.ts';

/** One step of a random program, run on collections with different indexes and on the model. */
export type Step =
  | { readonly do: 'put'; readonly doc: Doc }
  | { readonly do: 'set'; readonly filter: Filter; readonly field: string; readonly value: unknown }
  | { readonly do: 'push'; readonly filter: Filter; readonly value: unknown }
  | { readonly do: 'take'; readonly filter: Filter; readonly sort: Record<string, 1 | -1> }
  | { readonly do: 'remove'; readonly filter: Filter }
  | {
      readonly do: 'find';
      readonly filter: Filter;
      readonly sort: Record<string, 1 | -1>;
      readonly skip: number;
      readonly limit: number;
    }
  | { readonly do: 'count'; readonly filter: Filter };

/** The indexes that the subsets are taken from. */
export const INDEXES: readonly {
  key: Record<string, 1 | -1>;
  sparse?: boolean;
  partialFilterExpression?: Document;
}[] = [
  { key: { a: 1 } },
  { key: { a: 1, b: -1 } },
  { key: { b: -1, a: 1 } },
  { key: { b: 1, c: -1 } },
  { key: { c: 1 }, sparse: true },
  { key: { 'd.x': 1, 'd.y': 1 } },
  { key: { 'd.y': -1 } },
  { key: { b: 1 }, partialFilterExpression: { c: { $gt: 2 } } },
  { key: { b: 1, 'd.x': -1 } },
];

const scalar = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }) },
  fc.constantFrom('s', 't'),
  fc.constant(null),
);
const listed = fc.array(scalar, { maxLength: 3 });
const inner = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] });
const document = fc.record(
  {
    _id: fc.integer({ min: 0, max: 40 }),
    a: fc.oneof({ weight: 4, arbitrary: scalar }, listed),
    b: scalar,
    c: scalar,
    d: fc.oneof(inner, fc.array(inner, { maxLength: 3 })),
  },
  { requiredKeys: ['_id'] },
) as fc.Arbitrary<Doc>;

const comparable = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 5 }) },
  fc.constantFrom('s', 't'),
);
const condition = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ $nin: fc.array(scalar, { minLength: 1, maxLength: 2 }) }),
  fc.record({ $ne: scalar }),
  fc.record({ $gt: comparable }),
  fc.record({ $lte: comparable }),
  fc.record({ $gte: comparable, $lt: comparable }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $elemMatch: fc.record({ $gte: comparable, $lte: comparable }) }),
);
const innerMatch = fc.record({
  $elemMatch: fc.record({ x: comparable, y: fc.record({ $gte: comparable }) }),
});
const flat = fc.record(
  {
    _id: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.record({ $gt: fc.integer({ min: 0, max: 40 }) })),
    a: condition,
    b: condition,
    c: condition,
    'd.x': fc.oneof(
      scalar,
      fc.record({ $gte: comparable }),
      fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
    ),
    'd.y': fc.oneof(scalar, fc.record({ $lt: comparable })),
    d: innerMatch,
  },
  { requiredKeys: [] },
);
const filter: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 5, arbitrary: flat },
  fc.record({ $or: fc.array(flat, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    $and: fc.array(flat, { minLength: 1, maxLength: 2 }),
    $or: fc.array(flat, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ $nor: fc.array(flat, { minLength: 1, maxLength: 2 }) }),
);
const direction = fc.constantFrom<1 | -1>(1, -1);
const sort = fc
  // Two paths through arrays in one sort are an error in MongoDB.
  .tuple(
    fc.constantFrom('a', 'd.x', 'd.y').chain((path) => fc.shuffledSubarray([path, 'b', 'c'])),
    fc.array(direction, { minLength: 5, maxLength: 5 }),
  )
  .map(
    ([paths, directions]) =>
      Object.fromEntries([
        ...paths.map((path, i) => [path, directions[i]]),
        ['_id', directions[4]],
      ]) as Record<string, 1 | -1>,
  );

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('put' as const), doc: document }) },
  fc.record({
    do: fc.constant('set' as const),
    filter,
    field: fc.constantFrom('a', 'b', 'c', 'd.x'),
    value: scalar,
  }),
  fc.record({ do: fc.constant('push' as const), filter, value: scalar }),
  fc.record({ do: fc.constant('take' as const), filter, sort }),
  fc.record({ do: fc.constant('remove' as const), filter: flat }),
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('find' as const),
      filter,
      sort,
      skip: fc.integer({ min: 0, max: 3 }),
      limit: fc.integer({ min: 0, max: 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('count' as const), filter }) },
);

/** The model's state: documents by `_id`. */
export type Model = Map<number, Doc>;

/** What a step changes in the model; undefined documents are unchanged. */
export function runOnModel(model: Model, one: Step): unknown {
  const found = 'filter' in one ? [...model.values()].filter((doc) => meets(doc, one.filter)) : [];
  switch (one.do) {
    case 'put':
      model.set(one.doc._id, structuredClone(one.doc));
      return undefined;
    case 'set':
      for (const doc of found) setField(doc, one.field, one.value);
      return undefined;
    case 'push':
      for (const doc of found)
        if (Array.isArray(doc['a'])) doc['a'] = [...(doc['a'] as unknown[]), one.value];
      return undefined;
    case 'take': {
      const [first] = sortDocs(found, one.sort);
      if (first !== undefined) model.delete(first._id);
      return first ?? null;
    }
    case 'remove':
      for (const doc of found) model.delete(doc._id);
      return found.length;
    case 'find': {
      const sorted = sortDocs(found, one.sort).slice(one.skip);
      return one.limit === 0 ? sorted : sorted.slice(0, one.limit);
    }
    default:
      return found.length;
  }
}

function setField(doc: Doc, field: string, value: unknown): void {
  if (field !== 'd.x') {
    doc[field] = value;
    return;
  }
  const d = doc['d'];
  // Through an array or a scalar `$set` is an error in MongoDB; the steps below leave those out.
  if (d === undefined) doc['d'] = { x: value };
  else if (typeof d === 'object' && d !== null && !Array.isArray(d))
    (d as Record<string, unknown>)['x'] = value;
}

/** Runs a step on a collection, in the same words as the model's answer. */
export async function runOnStore(collection: Collection<Doc>, one: Step): Promise<unknown> {
  switch (one.do) {
    case 'put':
      await collection.replaceOne({ _id: one.doc._id }, one.doc, { upsert: true });
      return undefined;
    case 'set': {
      const reachable =
        one.field === 'd.x'
          ? {
              $and: [
                one.filter,
                { $or: [{ d: { $exists: false } }, { d: { $type: 3 } }] },
                { d: { $not: { $type: 4 } } },
              ],
            }
          : one.filter;
      await collection.updateMany(reachable, { $set: { [one.field]: one.value } });
      return undefined;
    }
    case 'push':
      await collection.updateMany({ $and: [one.filter, { a: { $type: 4 } }] }, {
        $push: { a: one.value },
      } as Document);
      return undefined;
    case 'take':
      return collection.findOneAndDelete(one.filter, { sort: one.sort });
    case 'remove':
      return (await collection.deleteMany(one.filter)).deletedCount;
    case 'find':
      return collection.find(one.filter, { sort: one.sort, skip: one.skip, limit: one.limit }).toArray();
    default:
      return collection.countDocuments(one.filter);
  }
}

/** Runs a program on all collections and the model; every answer, and at the end every document, must agree. */
export async function runProgram(
  collections: readonly Collection<Doc>[],
  steps: readonly Step[],
): Promise<void> {
  const model: Model = new Map();
  await Promise.all(collections.map((collection) => collection.deleteMany({})));
  for (const one of steps) {
    const wanted = runOnModel(model, one);
    const answers = await Promise.all(collections.map((collection) => runOnStore(collection, one)));
    answers.forEach((answer, i) =>
      expect(answer, `${collections[i]!.collectionName}: ${JSON.stringify(one)}`).to.deep.equal(wanted),
    );
  }
  const wanted = [...model.values()].sort((a, b) => a._id - b._id);
  for (const collection of collections) {
    expect(await collection.find().sort({ _id: 1 }).toArray(), collection.collectionName).to.deep.equal(
      wanted,
    );
  }
}
