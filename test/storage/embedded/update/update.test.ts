import { Decimal128, Double, Int32, Long } from 'bson';
import { expect } from 'chai';
import { elementsOf, getField } from '../../../../src/storage/embedded/bson/walk.ts';
import { compileFilter } from '../../../../src/storage/embedded/query/match.ts';
import { compileUpdate, upsertSeed } from '../../../../src/storage/embedded/update/update.ts';
import type { UpdateOptions } from '../../../../src/storage/embedded/update/update.ts';
import { codeOf, plain, raw, shown } from '../bson/documents.ts';

const NOW = new Date(1_700_000_000_000);
type Doc = Record<string, unknown>;

interface Case {
  readonly filter?: Doc;
  readonly arrayFilters?: Doc[];
  readonly isInsert?: boolean;
}

function run(
  doc: Doc,
  update: Doc | Doc[],
  { filter, arrayFilters, isInsert = false }: Case = {},
): ReturnType<typeof apply> {
  return apply(doc, update, filter, arrayFilters ? { arrayFilters: arrayFilters.map(raw) } : {}, isInsert);
}

function apply(
  doc: Doc,
  update: Doc | Doc[],
  filter: Doc | undefined,
  options: UpdateOptions,
  isInsert: boolean,
) {
  const compiled = compileUpdate(Array.isArray(update) ? update.map(raw) : raw(update), options);
  const positionalIndex = filter && compileFilter(raw(filter)).positionalIndex(raw(doc));
  return compiled.apply(raw(doc), { now: NOW, isInsert, positionalIndex });
}

function becomes(doc: Doc, update: Doc | Doc[], expected: Doc, how: Case = {}): void {
  it(`${JSON.stringify(update)} makes ${JSON.stringify(doc)} ${JSON.stringify(expected)}`, () => {
    const result = run(doc, update, how);
    expect(shown(result.document)).to.equal(shown(raw(expected)));
    expect(result.modified).to.equal(shown(raw(doc)) !== shown(raw(expected)));
  });
}

function fails(doc: Doc, update: Doc | Doc[], code: number, how: Case = {}): void {
  it(`${JSON.stringify(update)} on ${JSON.stringify(doc)} fails with ${code}`, () => {
    expect(codeOf(() => run(doc, update, how))).to.equal(code);
  });
}

describe('field operators', () => {
  becomes({ _id: 1 }, { $set: { b: 1, a: 2 } }, { _id: 1, a: 2, b: 1 });
  becomes({ a: 1, b: 2 }, { $set: { a: 'x' } }, { a: 'x', b: 2 });
  becomes({ a: 1 }, { $set: { a: 1 } }, { a: 1 });
  becomes({ a: 1 }, { $set: { a: new Double(1) } }, { a: new Double(1) });
  becomes({}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } });
  becomes({ a: [1, 2] }, { $set: { 'a.1': 5 } }, { a: [1, 5] });
  becomes({ a: [1] }, { $set: { 'a.3': 5 } }, { a: [1, null, null, 5] });
  becomes({ a: [{ b: 1 }] }, { $set: { 'a.0.b': 2, 'a.0.c': 3 } }, { a: [{ b: 2, c: 3 }] });
  becomes({ a: 1 }, { $set: {} }, { a: 1 });
  becomes({ a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 });
  becomes({ a: 1 }, { $unset: { b: '', 'a.c': '' } }, { a: 1 });
  becomes({ a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] });
  becomes({ a: 1 }, { $setOnInsert: { b: 1, 'a.c': 2 } }, { a: 1 });
  becomes({ a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1, b: 1 }, { isInsert: true });
  becomes({ a: 5 }, { $min: { a: 3 }, $max: { b: 1 } }, { a: 3, b: 1 });
  becomes({ a: 5 }, { $min: { a: 7 } }, { a: 5 });
  becomes({ a: 5 }, { $max: { a: 'x' } }, { a: 'x' });
  becomes({ a: 5 }, { $min: { a: null } }, { a: null });
  becomes({ a: 1 }, { $currentDate: { a: true, b: { $type: 'date' } } }, { a: NOW, b: NOW });
  becomes({ a: 1, b: 2 }, { $rename: { a: 'c' } }, { b: 2, c: 1 });
  becomes({ a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 });
  becomes({ a: { x: 1 } }, { $rename: { 'a.x': 'b.y' } }, { a: {}, b: { y: 1 } });
  becomes({ b: 2 }, { $rename: { a: 'c' } }, { b: 2 });
  becomes({ a: 13 }, { $bit: { a: { and: 10, or: 1 } } }, { a: 9 });

  it('create fields with numeric names in numeric order', () => {
    const { document } = run({}, { $set: { 'a.10': 1, 'a.9': 2, 'a.b': 3 } });
    expect(elementsOf(getField(document, 'a')!).map(({ name }) => name)).to.deep.equal(['9', '10', 'b']);
  });

  fails({ a: 5 }, { $set: { 'a.b': 1 } }, 28);
  fails({ a: [1] }, { $set: { 'a.b': 1 } }, 28);
  fails({ a: null }, { $set: { 'a.b': 1 } }, 28);
  fails({}, { $set: { a: 1 }, $inc: { a: 1 } }, 40);
  fails({}, { $set: { a: 1, 'a.b': 1 } }, 40);
  fails({}, { $set: { 'a.b': 1 }, $unset: { a: 1 } }, 40);
  fails({}, { $rename: { a: 'b' }, $set: { b: 1 } }, 40);
  fails({}, { $rename: { a: 'a' } }, 2);
  fails({ a: [{ x: 1 }] }, { $rename: { 'a.0.x': 'b' } }, 2);
  fails({ _id: 1 }, { $set: { _id: 2 } }, 66);
  fails({ _id: 1 }, { $unset: { _id: 1 } }, 66);
  fails({}, { $foo: { a: 1 } }, 9);
  fails({}, { $set: 5 }, 9);
  fails({}, { $set: { a: 1 }, b: 1 }, 9);
  fails({}, { $set: { '': 1 } }, 56);
  fails({}, { $set: { 'a..b': 1 } }, 56);
  fails({}, { $set: { $x: 1 } }, 52);
  fails({}, { $currentDate: { a: { $type: 'foo' } } }, 2);
  fails({ a: [] }, { $set: { 'a.2000000': 1 } }, 2);
  becomes({ _id: 1 }, { $set: { _id: 1, a: 1 } }, { _id: 1, a: 1 });
});

describe('$inc and $mul keep number types', () => {
  const max = new Int32(2147483647);
  becomes({ a: 1 }, { $inc: { a: 2 } }, { a: 3 });
  becomes({}, { $inc: { a: 2 } }, { a: 2 });
  becomes({}, { $mul: { a: Long.fromNumber(7) } }, { a: Long.ZERO });
  becomes({}, { $mul: { a: new Double(7) } }, { a: new Double(0) });
  becomes({ a: max }, { $inc: { a: 1 } }, { a: Long.fromString('2147483648') });
  becomes({ a: new Int32(1) }, { $inc: { a: Long.fromNumber(1) } }, { a: Long.fromNumber(2) });
  becomes({ a: Long.fromNumber(1) }, { $inc: { a: 1 } }, { a: Long.fromNumber(2) });
  becomes({ a: 1 }, { $inc: { a: new Double(1) } }, { a: new Double(2) });
  becomes({ a: new Double(5) }, { $inc: { a: 1 } }, { a: new Double(6) });
  becomes({ a: max }, { $mul: { a: max } }, { a: Long.fromString('4611686014132420609') });
  becomes(
    { a: Long.fromString('9007199254740993') },
    { $inc: { a: 1 } },
    { a: Long.fromString('9007199254740994') },
  );
  becomes({ a: 7 }, { $mul: { a: 0 } }, { a: 0 });
  fails({ a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2);
  fails({ a: Long.MAX_VALUE }, { $mul: { a: 2 } }, 2);
  fails({ a: 'x' }, { $inc: { a: 1 } }, 14);
  fails({ a: null }, { $inc: { a: 1 } }, 14);
  fails({ a: 1 }, { $inc: { a: 'x' } }, 14);
  fails({ a: Decimal128.fromString('1') }, { $inc: { a: 1 } }, 238);
});

describe('array operators', () => {
  becomes({}, { $push: { a: 1 } }, { a: [1] });
  becomes({ a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] });
  becomes({ a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] });
  becomes({ a: [1, 2] }, { $push: { a: { $each: [9], $position: 0 } } }, { a: [9, 1, 2] });
  becomes({ a: [1, 2] }, { $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 9, 2] });
  becomes({ a: [1, 2] }, { $push: { a: { $each: [9], $position: -5 } } }, { a: [9, 1, 2] });
  becomes({ a: [1, 2] }, { $push: { a: { $each: [9], $position: 7 } } }, { a: [1, 2, 9] });
  becomes({ a: [1, 2] }, { $push: { a: { $each: [3, 4], $slice: -3 } } }, { a: [2, 3, 4] });
  becomes({ a: [1, 2] }, { $push: { a: { $each: [3, 4], $slice: 3 } } }, { a: [1, 2, 3] });
  becomes({ a: [1, 2] }, { $push: { a: { $each: [3], $slice: 0 } } }, { a: [] });
  becomes({ a: [3, 1] }, { $push: { a: { $each: [2], $sort: 1 } } }, { a: [1, 2, 3] });
  becomes({ a: [3, 'x'] }, { $push: { a: { $each: [null], $sort: -1 } } }, { a: ['x', 3, null] });
  becomes(
    { a: [{ b: { c: 2 }, d: 1 }] },
    { $push: { a: { $each: [{ b: { c: 1 } }, { d: 5 }], $sort: { 'b.c': 1 }, $slice: 2 } } },
    { a: [{ d: 5 }, { b: { c: 1 } }] },
  );
  becomes(
    {
      a: [
        { b: 1, c: 2 },
        { b: 1, c: 1 },
      ],
    },
    { $push: { a: { $each: [], $sort: { b: -1, c: 1 } } } },
    {
      a: [
        { b: 1, c: 1 },
        { b: 1, c: 2 },
      ],
    },
  );
  becomes({}, { $push: { a: { $each: [] } } }, { a: [] });
  becomes({ a: [1] }, { $addToSet: { a: 1 } }, { a: [1] });
  becomes({ a: [1] }, { $addToSet: { a: new Double(1) } }, { a: [1] });
  becomes({ a: [1] }, { $addToSet: { a: { $each: [2, 2, 1] } } }, { a: [1, 2] });
  becomes({ a: [1] }, { $addToSet: { a: [1] } }, { a: [1, [1]] });
  becomes(
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  );
  becomes({}, { $addToSet: { a: { $each: [1, 1] } } }, { a: [1] });
  becomes({ a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] });
  becomes({ a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] });
  becomes({ a: [1, 5, 9] }, { $pull: { a: { $in: [1, 9] } } }, { a: [5] });
  becomes({ a: [{ b: 1, c: 2 }, { b: 2 }, 7] }, { $pull: { a: { b: 1 } } }, { a: [{ b: 2 }, 7] });
  becomes(
    { a: [{ b: [1, 2] }, { b: [3] }] },
    { $pull: { a: { b: { $elemMatch: { $gt: 2 } } } } },
    { a: [{ b: [1, 2] }] },
  );
  becomes(
    {
      a: [
        [1, 2],
        [2, 1],
      ],
    },
    { $pull: { a: [1, 2] } },
    { a: [[2, 1]] },
  );
  becomes({ a: ['ax', 'b'] }, { $pull: { a: /^a/ } }, { a: ['b'] });
  becomes({ a: [{ b: null }, {}, { b: 1 }] }, { $pull: { a: { b: null } } }, { a: [{ b: 1 }] });
  becomes({ a: [1] }, { $pull: { b: 1 } }, { a: [1] });
  becomes({ a: [1, 2, 3, 1] }, { $pullAll: { a: [1, 3] } }, { a: [2] });
  becomes({ a: [1, 2, 3] }, { $pop: { a: 1 } }, { a: [1, 2] });
  becomes({ a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] });
  becomes({ a: [] }, { $pop: { a: 1 } }, { a: [] });
  becomes({}, { $pop: { a: 1 } }, {});

  fails({ a: 1 }, { $push: { a: 1 } }, 2);
  fails({ a: null }, { $push: { a: 1 } }, 2);
  fails({ a: 1 }, { $addToSet: { a: 1 } }, 2);
  fails({ a: 1 }, { $pull: { a: 1 } }, 2);
  fails({ a: 1 }, { $pullAll: { a: [1] } }, 2);
  fails({ a: [] }, { $pullAll: { a: 1 } }, 2);
  fails({ a: 1 }, { $pop: { a: 1 } }, 14);
  fails({ a: [] }, { $pop: { a: 2 } }, 9);
  fails({ a: [] }, { $push: { a: { $each: 1 } } }, 2);
  fails({ a: [] }, { $push: { a: { $each: [], $slice: 'x' } } }, 2);
  fails({ a: [] }, { $push: { a: { $each: [], $foo: 1 } } }, 2);
  fails({ a: [] }, { $push: { a: { $each: [], $sort: 2 } } }, 2);
});

describe('positional operators', () => {
  becomes({ a: [1, 2] }, { $set: { 'a.$': 9 } }, { a: [1, 9] }, { filter: { a: 2 } });
  becomes(
    { a: [{ b: 1 }, { b: 2 }] },
    { $inc: { 'a.$.c': 1 } },
    { a: [{ b: 1 }, { b: 2, c: 1 }] },
    { filter: { 'a.b': 2 } },
  );
  becomes({ a: [1, 2] }, { $inc: { 'a.$[]': 10 } }, { a: [11, 12] });
  becomes(
    { a: [{ b: [1, 2] }, { b: [3] }] },
    { $mul: { 'a.$[].b.$[]': 2 } },
    { a: [{ b: [2, 4] }, { b: [6] }] },
  );
  becomes(
    { a: [1, 5, 9] },
    { $set: { 'a.$[big]': 0 } },
    { a: [1, 0, 0] },
    { arrayFilters: [{ big: { $gte: 5 } }] },
  );
  becomes(
    {
      a: [
        { k: 1, v: [1, 2] },
        { k: 2, v: [1, 2] },
      ],
    },
    { $set: { 'a.$[x].v.$[y]': 0 } },
    {
      a: [
        { k: 1, v: [1, 2] },
        { k: 2, v: [1, 0] },
      ],
    },
    { arrayFilters: [{ 'x.k': 2 }, { y: 2 }] },
  );
  becomes({ a: [{ k: 1 }] }, { $unset: { 'a.$[].k': '' } }, { a: [{}] });
  becomes({ a: [] }, { $set: { 'a.$[].k': 1 } }, { a: [] });
  fails({ a: [1] }, { $set: { 'a.$': 1 } }, 2);
  fails({}, { $set: { '$[].a': 1 } }, 2);
  fails({}, { $set: { 'a.$.b.$': 1 } }, 2);
  fails({ a: 1 }, { $set: { 'a.$[]': 1 } }, 2);
  fails({}, { $set: { 'a.$[]': 1 } }, 2);
  fails({ a: [1] }, { $set: { 'a.$[x]': 1 } }, 2);
  fails({ a: [1] }, { $set: { a: 1 } }, 9, { arrayFilters: [{ x: 1 }] });
  fails({ a: [1] }, { $set: { 'a.$[x]': 1 } }, 9, { arrayFilters: [{ x: 1 }, { x: 2 }] });
  fails({ a: [1] }, { $set: { 'a.$[x]': 1 } }, 9, { arrayFilters: [{ x: 1, y: 2 }] });
  fails({ a: [1] }, { $set: { 'a.$[X]': 1 } }, 2, { arrayFilters: [{ X: 1 }] });
  fails({ a: [1] }, { $set: { 'a.$[x]': 1 } }, 9, { arrayFilters: [{}] });
  fails({ a: [1] }, { $set: { 'a.$[x]': 1 } }, 224, { arrayFilters: [{ $expr: true }] });
  fails({ a: [1] }, { $set: { 'a.$[x]': 1 } }, 2, { arrayFilters: [{ $where: '1' }] });
  fails({ a: [1] }, { $rename: { 'a.$[]': 'b' } }, 2);
  becomes({ a: [0, 1] }, { $setOnInsert: { 'a.$[]': 5 } }, { a: [5, 5] }, { isInsert: true });
  becomes(
    { a: [0] },
    { $set: { 'a.$[x]': 5 } },
    { a: [5] },
    { arrayFilters: [{ $or: [{ x: 0 }, { $and: [{}] }] }] },
  );
  fails({ a: [1] }, { $set: { 'a.0': 1, 'a.$[]': 2 } }, 40);

  it('are told apart, so that the caller knows whether an index is needed', () => {
    expect(compileUpdate(raw({ $set: { 'a.$.b': 1 } })).usesPositional).to.equal(true);
    expect(compileUpdate(raw({ $set: { 'a.$[].b': 1 } })).usesPositional).to.equal(false);
  });
});

describe('a replacement', () => {
  becomes({ _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 });
  becomes({ _id: 1, a: 1 }, { b: 2, _id: 1 }, { _id: 1, b: 2 });
  becomes({ _id: 1, a: 1 }, {}, { _id: 1 });
  becomes({ _id: 1, seed: 1 }, { a: 1 }, { _id: 1, a: 1 }, { isInsert: true });
  fails({ _id: 1 }, { _id: 2 }, 66);
  fails({ _id: 1 }, { a: 1, $set: { b: 1 } }, 52);
  fails({ _id: 1 }, { a: 1 }, 9, { arrayFilters: [{ x: 1 }] });
});

describe('a pipeline update', () => {
  becomes({ _id: 1, a: 2 }, [{ $set: { b: { $add: ['$a', 1] } } }], { _id: 1, a: 2, b: 3 });
  becomes({ _id: 1, a: 2 }, [{ $unset: 'a' }, { $addFields: { c: '$a' } }], { _id: 1 });
  becomes({ _id: 1, a: 2 }, [{ $replaceWith: { _id: '$_id', z: '$a' } }], { _id: 1, z: 2 });
  becomes({ _id: 1, a: { b: 2 } }, [{ $replaceRoot: { newRoot: '$a' } }], { _id: 1, b: 2 });
  becomes({ _id: 1, a: 2 }, [{ $project: { a: 1 } }], { _id: 1, a: 2 });
  becomes({ _id: 1 }, [{ $set: { at: '$$NOW' } }], { _id: 1, at: NOW });
  fails({ _id: 1 }, [{ $match: {} }], 72);
  fails({ _id: 1 }, [{ $set: { _id: 2 } }], 66);
  fails({ _id: 1 }, [{ $set: { a: { $foo: 1 } } }], 168);
});

describe('the document of an upsert', () => {
  const rows: [Doc, Doc][] = [
    [{ a: 1, b: { $gt: 2 } }, { a: 1 }],
    [
      { b: 1, a: 2 },
      { a: 2, b: 1 },
    ],
    [{ 'a.b': 1, 'a.c': 2 }, { a: { b: 1, c: 2 } }],
    [{ _id: 'x', $or: [{ e: { $gt: 1 } }, { e: 5 }] }, { _id: 'x' }],
    [{ $and: [{ a: 1 }, { b: { $eq: 2 } }] }, { a: 1, b: 2 }],
    [{ $or: [{ a: 1 }] }, { a: 1 }],
    [{ a: { $in: [1] } }, { a: 1 }],
    [{ a: { $in: [1, 2] } }, {}],
    [{ a: { $all: [3] } }, { a: 3 }],
    [{ a: /x/ }, {}],
    [{ a: { $not: { $eq: 1 } }, b: { $exists: false } }, {}],
    [{ a: null }, { a: null }],
  ];
  for (const [filter, expected] of rows) {
    it(`starts as ${JSON.stringify(expected)} from ${JSON.stringify(filter)}`, () => {
      expect(shown(upsertSeed(compileFilter(raw(filter))))).to.equal(shown(raw(expected)));
    });
  }

  it('of a replacement is the `_id` alone, given whole', () => {
    const seed = (filter: Doc): string => shown(upsertSeed(compileFilter(raw(filter)), true));
    expect(seed({ _id: 1, x: 1, 'x.y': 2 })).to.equal(shown(raw({ _id: 1 })));
    expect(seed({ x: 1 })).to.equal(shown(raw({})));
    expect(codeOf(() => seed({ '_id.x': 1 }))).to.equal(111);
  });

  it('cannot take two values for one field: 54', () => {
    for (const filter of [{ $and: [{ a: 1 }, { a: 2 }] }, { a: 1, 'a.b': 2 }, { a: { $all: [1, 2] } }]) {
      expect(codeOf(() => upsertSeed(compileFilter(raw(filter))))).to.equal(54);
    }
  });

  it('counts a rate limiter’s first point', () => {
    const until = new Date(NOW.getTime() + 1000);
    const filter = compileFilter(raw({ key: 'k', $or: [{ expire: { $gt: NOW } }, { expire: null }] }));
    const update = compileUpdate(raw({ $setOnInsert: { expire: until }, $inc: { points: 1 } }));
    const inserted = update.apply(upsertSeed(filter), { now: NOW, isInsert: true }).document;
    expect(plain(inserted)).to.deep.equal({ key: 'k', expire: until, points: 1 });
    expect(filter.matches(inserted)).to.equal(true);
    const again = update.apply(inserted, { now: NOW, isInsert: false }).document;
    expect(plain(again)).to.deep.equal({ key: 'k', expire: until, points: 2 });
  });
});
