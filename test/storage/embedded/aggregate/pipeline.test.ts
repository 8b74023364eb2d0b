import { Double, Int32, Long } from 'bson';
import { expect } from 'chai';
import { compilePipeline } from '../../../../src/storage/embedded/aggregate/pipeline.ts';
import type {
  AggregateSource,
  PipelineOptions,
} from '../../../../src/storage/embedded/aggregate/pipeline.ts';
import type { RawDocument } from '../../../../src/storage/embedded/bson/types.ts';
import { compileFilter } from '../../../../src/storage/embedded/query/match.ts';
import { compileSort } from '../../../../src/storage/embedded/query/sort.ts';
import { codeOf, plain, raw, shown } from '../bson/documents.ts';

type Doc = Record<string, unknown>;

async function* stream(docs: Iterable<RawDocument>): AsyncGenerator<RawDocument> {
  yield* docs;
}

const OTHERS: Record<string, Doc[]> = {
  people: [
    { _id: 'p1', name: 'Li', tags: ['x'] },
    { _id: 'p2', name: 'Wang', tags: ['y', 'x'] },
    { _id: 'p3' },
  ],
};

const source: AggregateSource = { collection: (name) => stream((OTHERS[name] ?? []).map(raw)) };
const OPTIONS: PipelineOptions = { source, now: new Date(0), random: () => 0.5 };

/** Runs a pipeline whole, the leading stages as the server's planner would. */
async function aggregate(docs: readonly Doc[], stages: readonly Doc[], options = OPTIONS): Promise<string[]> {
  const {
    leadingMatch,
    leadingSort,
    leadingSkip = 0,
    leadingLimit,
    run,
  } = compilePipeline(stages.map(raw), options);
  let input = docs.map(raw);
  if (leadingMatch) input = input.filter(compileFilter(leadingMatch, options).matches);
  if (leadingSort) {
    const { sortKey } = compileSort(leadingSort);
    input.sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  }
  input = input.slice(leadingSkip, leadingLimit === undefined ? undefined : leadingSkip + leadingLimit);
  const out: string[] = [];
  for await (const doc of run(stream(input))) out.push(shown(doc));
  return out;
}

function gives(what: string, docs: Doc[], stages: Doc[], expected: Doc[]): void {
  it(what, async () => {
    expect(await aggregate(docs, stages)).to.deep.equal(expected.map((doc) => shown(raw(doc))));
  });
}

const NUMBERS: Doc[] = [
  { _id: 1, k: 'a', v: 1 },
  { _id: 2, k: 'b', v: 2.5 },
  { _id: 3, k: 'a', v: Long.fromNumber(3) },
  { _id: 4, v: null },
  { _id: 5, k: null, v: 'x' },
];

describe('a pipeline', () => {
  gives('without stages gives what it gets', NUMBERS, [], NUMBERS);
  gives(
    'matches, sorts, skips and limits',
    NUMBERS,
    [{ $match: { k: 'a' } }, { $sort: { _id: -1 } }, { $skip: 1 }, { $limit: 1 }],
    [NUMBERS[0]!],
  );
  gives(
    'does so in the middle too',
    NUMBERS,
    [
      { $unset: 'k' },
      { $match: { _id: { $gt: 2 } } },
      { $sort: { _id: -1 } },
      { $limit: 2 },
      { $skip: 1 },
      { $project: { _id: 1 } },
    ],
    [{ _id: 4 }],
  );

  describe('$group', () => {
    gives(
      'keeps number types, ignores what is no number, and takes missing as null',
      NUMBERS,
      [
        {
          $group: {
            _id: '$k',
            sum: { $sum: '$v' },
            average: { $avg: '$v' },
            count: { $count: {} },
            n: { $sum: 1 },
          },
        },
      ],
      [
        { _id: 'a', sum: Long.fromNumber(4), average: new Double(2), count: 2, n: 2 },
        { _id: 'b', sum: 2.5, average: 2.5, count: 1, n: 1 },
        { _id: null, sum: 0, average: null, count: 2, n: 2 },
      ],
    );
    gives(
      'gives first, last, least, greatest, lists and sets',
      [{ v: 2 }, {}, { v: new Double(2) }, { v: null }, { v: 1 }],
      [
        {
          $group: {
            _id: null,
            first: { $first: '$v' },
            last: { $last: '$v' },
            least: { $min: '$v' },
            greatest: { $max: '$v' },
            list: { $push: '$v' },
            set: { $addToSet: '$v' },
          },
        },
      ],
      [
        {
          _id: null,
          first: 2,
          last: 1,
          least: 1,
          greatest: 2,
          list: [2, new Double(2), null, 1],
          set: [2, null, 1],
        },
      ],
    );
    gives(
      'puts equal numbers of different types into one group',
      [{ v: new Int32(1) }, { v: new Double(1) }, { v: Long.fromNumber(1) }],
      [{ $group: { _id: '$v', n: { $sum: 1 } } }],
      [{ _id: 1, n: 3 }],
    );
    gives(
      'groups by several fields',
      [{ a: 1, b: 2 }, { a: 1, b: 2 }, { a: 1 }],
      [{ $group: { _id: { x: '$a', y: '$b' }, n: { $sum: 1 } } }],
      [
        { _id: { x: 1, y: 2 }, n: 2 },
        { _id: { x: 1 }, n: 1 },
      ],
    );
    gives(
      'adds beyond Int32 as Long',
      [{ v: 2147483647 }, { v: 1 }],
      [{ $group: { _id: null, s: { $sum: '$v' } } }],
      [{ _id: null, s: Long.fromString('2147483648') }],
    );
    gives('of nothing gives nothing', [], [{ $group: { _id: null, n: { $sum: 1 } } }], []);
  });

  describe('$unwind', () => {
    const docs: Doc[] = [
      { _id: 1, a: [5, 6], z: 1 },
      { _id: 2, a: [] },
      { _id: 3, a: null },
      { _id: 4 },
      { _id: 5, a: 7 },
    ];
    gives(
      'gives a document per element',
      docs,
      [{ $unwind: '$a' }],
      [
        { _id: 1, a: 5, z: 1 },
        { _id: 1, a: 6, z: 1 },
        { _id: 5, a: 7 },
      ],
    );
    gives(
      'keeps empty ones and numbers them on demand',
      docs,
      [{ $unwind: { path: '$a', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true } }],
      [
        { _id: 1, a: 5, z: 1, i: Long.ZERO },
        { _id: 1, a: 6, z: 1, i: Long.ONE },
        { _id: 2, i: null },
        { _id: 3, a: null, i: null },
        { _id: 4, i: null },
        { _id: 5, a: 7, i: null },
      ],
    );
    gives(
      'goes into objects',
      [{ a: { b: [1, 2] } }],
      [{ $unwind: '$a.b' }],
      [{ a: { b: 1 } }, { a: { b: 2 } }],
    );
  });

  describe('$lookup', () => {
    gives(
      'joins by equality',
      [
        { _id: 1, who: 'p1' },
        { _id: 2, who: 'p9' },
      ],
      [{ $lookup: { from: 'people', localField: 'who', foreignField: '_id', as: 'found' } }],
      [
        { _id: 1, who: 'p1', found: [OTHERS['people']![0]!] },
        { _id: 2, who: 'p9', found: [] },
      ],
    );
    gives(
      'joins each element of an array',
      [{ who: ['p1', 'p3'] }],
      [
        { $lookup: { from: 'people', localField: 'who', foreignField: '_id', as: 'f' } },
        { $project: { n: { $size: '$f' } } },
      ],
      [{ n: 2 }],
    );
    gives(
      'joins a missing field with a missing one',
      [{ _id: 1 }],
      [
        { $lookup: { from: 'people', localField: 'who', foreignField: 'name', as: 'f' } },
        { $project: { f: '$f._id' } },
      ],
      [{ _id: 1, f: ['p3'] }],
    );
    gives(
      'runs an inner pipeline with `let`',
      [{ _id: 1, t: 'y' }],
      [
        {
          $lookup: {
            from: 'people',
            let: { t: '$t' },
            pipeline: [
              { $match: { $expr: { $in: ['$$t', { $ifNull: ['$tags', []] }] } } },
              { $project: { _id: 0, name: 1 } },
            ],
            as: 'f',
          },
        },
      ],
      [{ _id: 1, t: 'y', f: [{ name: 'Wang' }] }],
    );
    gives(
      'keeps text that begins with $ as text in `let`',
      [{ _id: 1, t: '$name' }],
      [
        {
          $lookup: {
            from: 'people',
            let: { t: '$t', none: '$nothing' },
            pipeline: [{ $limit: 1 }, { $project: { _id: 0, t: '$$t', none: { $type: '$$none' } } }],
            as: 'f',
          },
        },
      ],
      [{ _id: 1, t: '$name', f: [{ t: '$name', none: 'missing' }] }],
    );
    gives(
      'does both at once',
      [{ _id: 1, who: ['p1', 'p2'] }],
      [
        {
          $lookup: {
            from: 'people',
            localField: 'who',
            foreignField: '_id',
            pipeline: [{ $match: { name: 'Li' } }, { $project: { name: 1 } }],
            as: 'x.f',
          },
        },
      ],
      [{ _id: 1, who: ['p1', 'p2'], x: { f: [{ _id: 'p1', name: 'Li' }] } }],
    );
    it('asks an index when there is one', async () => {
      const asked: string[] = [];
      const indexed: AggregateSource = {
        ...source,
        lookupEquals(name, field) {
          asked.push(`${name}.${field}`);
          return stream(OTHERS['people']!.slice(0, 1).map(raw));
        },
      };
      const stage = { $lookup: { from: 'people', localField: 'who', foreignField: '_id', as: 'f' } };
      const found = await aggregate([{ who: 'p1' }], [stage], { ...OPTIONS, source: indexed });
      expect(asked).to.deep.equal(['people._id']);
      expect(found).to.have.length(1);
    });
  });

  gives(
    'reshapes with $project, $set and $addFields',
    [{ _id: 1, a: { b: 1 }, l: [{ x: 1 }, 2] }],
    [
      { $set: { 'a.c': 2, 'l.y': 3 } },
      { $addFields: { a: { d: '$_id' }, n: '$$NOW' } },
      { $project: { l: 1, a: 1, n: { $year: '$n' }, _id: 0 } },
    ],
    [{ a: { b: 1, c: 2, d: 1 }, l: [{ x: 1, y: 3 }, { y: 3 }], n: 1970 }],
  );
  gives(
    'replaces the root',
    [{ a: { x: 1 } }],
    [{ $replaceRoot: { newRoot: '$a' } }, { $replaceWith: { y: '$x' } }],
    [{ y: 1 }],
  );
  gives('counts', NUMBERS, [{ $match: { v: { $ne: null } } }, { $count: 'n' }], [{ n: 4 }]);
  gives('counts nothing as nothing', [], [{ $count: 'n' }], []);
  gives(
    'sorts by count',
    [{ k: 'a' }, { k: 'b' }, { k: 'b' }],
    [{ $sortByCount: '$k' }],
    [
      { _id: 'b', count: 2 },
      { _id: 'a', count: 1 },
    ],
  );
  gives('unsets nested fields', [{ a: { b: 1, c: 2 }, d: 1 }], [{ $unset: ['a.b', 'd'] }], [{ a: { c: 2 } }]);

  it('samples without repetition, every document equally often', async () => {
    const docs = [0, 1, 2, 3, 4].map((_id) => ({ _id }));
    const counts = new Map<number, number>();
    let state = 1;
    const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 2000; round++) {
      const picked = await aggregate(docs, [{ $sample: { size: 2 } }], { ...OPTIONS, random });
      expect(new Set(picked).size).to.equal(2);
      for (const one of picked) {
        const id = Number(/\d+/.exec(one.replace('$numberInt', ''))![0]);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    for (const { _id } of docs) expect(counts.get(_id)).to.be.within(700, 900);
  });

  it('keeps a sort with a limit stable and short', async () => {
    const docs = Array.from({ length: 5000 }, (_, i) => ({ _id: i, k: i % 7 }));
    const top = await aggregate(docs, [
      { $set: { z: 1 } },
      { $sort: { k: 1 } },
      { $limit: 3 },
      { $project: { _id: 1 } },
    ]);
    expect(top).to.deep.equal([0, 7, 14].map((_id) => shown(raw({ _id }))));
  });

  it('sorts many documents, in order and stably', async () => {
    const docs = Array.from({ length: 20_001 }, (_, i) => ({ _id: i, k: (i * 7919) % 1000 }));
    const all = await aggregate(docs, [{ $set: { z: 1 } }, { $sort: { k: -1 } }, { $project: { _id: 1 } }]);
    const expected = [...docs].sort((a, b) => b.k - a.k || a._id - b._id);
    expect(all).to.deep.equal(expected.map(({ _id }) => shown(raw({ _id }))));
    const some = await aggregate(docs, [
      { $set: { z: 1 } },
      { $sort: { k: -1 } },
      { $limit: 3000 },
      { $project: { _id: 1 } },
    ]);
    expect(some).to.deep.equal(all.slice(0, 3000));
  });

  it('hands the leading stages to the planner', () => {
    const { leadingMatch, leadingSort, leadingSkip, leadingLimit } = compilePipeline(
      [{ $match: { a: 1 } }, { $sort: { b: 1 } }, { $skip: 2 }, { $limit: 3 }, { $match: { c: 1 } }].map(raw),
      OPTIONS,
    );
    expect([plain(leadingMatch!), plain(leadingSort!), leadingSkip, leadingLimit]).to.deep.equal([
      { a: 1 },
      { b: 1 },
      2,
      3,
    ]);
  });

  it('hands $geoNear to the planner and adds the distance', () => {
    const { leadingGeoNear } = compilePipeline(
      [
        raw({
          $geoNear: {
            near: { type: 'Point', coordinates: [0, 0] },
            distanceField: 'dist.m',
            includeLocs: 'dist.at',
            maxDistance: 500,
            query: { open: true },
            key: 'loc',
          },
        }),
      ],
      OPTIONS,
    );
    expect(leadingGeoNear).to.include({ maxMetres: 500, key: 'loc' });
    expect(leadingGeoNear!.near).to.deep.equal([0, 0]);
    expect(plain(leadingGeoNear!.query!)).to.deep.equal({ open: true });
    const annotated = plain(leadingGeoNear!.annotate(raw({ loc: [0.001, 0] }), 'loc'));
    expect((annotated['dist'] as Doc)['m']).to.be.closeTo(111.3, 0.1);
    expect((annotated['dist'] as Doc)['at']).to.deep.equal([0.001, 0]);
  });

  const refusals: [Doc[], number][] = [
    [[{ $facet: {} }], 40324],
    [[{ $out: 'x' }], 40324],
    [[{ $changeStream: {} }, { $merge: {} }], 40324],
    [[{ $match: {}, $sort: {} }], 40323],
    [[{}], 40323],
    [[{ $group: { n: { $sum: 1 } } }], 15955],
    [[{ $group: { _id: 1, n: { $stdDevPop: 1 } } }], 15952],
    [[{ $group: { _id: 1, n: 1 } }], 40234],
    [[{ $limit: 0 }], 15958],
    [[{ $limit: -1 }], 5107201],
    [[{ $skip: -1 }], 5107200],
    [[{ $sort: {} }], 15976],
    [[{ $unwind: 'a' }], 28818],
    [[{ $unwind: 5 }], 28808],
    [[{ $count: '$x' }], 40156],
    [[{ $sample: { size: 0 } }], 28747],
    [[{ $project: {} }], 51272],
    [[{ $replaceRoot: {} }], 40231],
    [[{ $unset: 5 }], 31002],
    [[{ $sortByCount: 'k' }], 40149],
    [[{ $match: {} }, { $geoNear: { near: [0, 0] } }], 40603],
    [[{ $lookup: { from: 'x', as: 'y' } }], 9],
    [[{ $lookup: { from: 'x', as: 'y', pipeline: [{ $out: 'z' }] } }], 40324],
    [[{ $match: 5 }], 15959],
    [[{ $set: 5 }], 40272],
  ];
  for (const [stages, code] of refusals) {
    it(`${JSON.stringify(stages)} is refused with ${code}`, () => {
      expect(codeOf(() => compilePipeline(stages.map(raw), OPTIONS))).to.equal(code);
    });
  }

  it('needs an object as the new root: 40228', async () => {
    const failed = await aggregate([{ a: 1 }], [{ $replaceWith: '$a' }]).catch(
      (error: { code: number }) => error.code,
    );
    expect(failed).to.equal(40228);
  });
});
