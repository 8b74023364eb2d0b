import { expect } from 'chai';
import * as fc from 'fast-check';
import { compareValues } from '../../../../src/storage/embedded/bson/compare.ts';
import { compileSort } from '../../../../src/storage/embedded/query/sort.ts';
import { codeOf, raw, value, values } from '../bson/documents.ts';

type Doc = Record<string, unknown>;

function sorted(docs: readonly Doc[], sort: Doc): Doc[] {
  const compiled = compileSort(raw(sort));
  return docs
    .map((doc) => ({ doc, key: compiled.sortKey(raw(doc)) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ doc }) => doc);
}

describe('a sort', () => {
  const rows: [Doc, Doc[]][] = [
    [{ a: 1 }, [{ a: [] }, {}, { a: 1 }, { a: 2 }, { a: 'x' }, { a: {} }, { a: true }]],
    [{ a: -1 }, [{ a: 'x' }, { a: 2 }, { a: 1 }, {}]],
    [{ a: 1 }, [{ a: [5, 1] }, { a: 2 }, { a: [3, 9] }]],
    [{ a: -1 }, [{ a: [3, 9] }, { a: [5, 1] }, { a: 2 }]],
    [
      { a: 1, b: -1 },
      [
        { a: 1, b: 3 },
        { a: 1, b: 2 },
        { a: 2, b: 9 },
      ],
    ],
    [{ 'a.b': 1 }, [{ a: [{ b: 0 }, { b: 9 }] }, { a: { b: 1 } }]],
    [
      { 'a.b': 1, 'a.c': -1 },
      [
        {
          n: 1,
          a: [
            { b: 1, c: 2 },
            { b: 1, c: 5 },
          ],
        },
        { n: 2, a: [{ b: 1, c: 4 }] },
      ],
    ],
    [{ 'a.1': 1 }, [{ a: [9, 1] }, { a: [1, 9] }]],
  ];
  for (const [sort, expected] of rows) {
    it(`by ${JSON.stringify(sort)} gives ${JSON.stringify(expected)}`, () => {
      expect(sorted([...expected].reverse(), sort)).to.deep.equal(expected);
    });
  }

  it('by a field without arrays is the order of values', () => {
    const scalars = values.filter((one) => !Array.isArray(one));
    fc.assert(
      fc.property(scalars, scalars, (a, b) => {
        const { sortKey } = compileSort(raw({ f: -1 }));
        const order = Buffer.compare(sortKey(raw({ f: a })), sortKey(raw({ f: b })));
        expect(order + 0).to.equal(-compareValues(value(a), value(b)) + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses other directions, empty names and two arrays', () => {
    expect(codeOf(() => compileSort(raw({ a: 2 })))).to.equal(2);
    expect(codeOf(() => compileSort(raw({ a: { $meta: 'textScore' } })))).to.equal(2);
    expect(codeOf(() => compileSort(raw({ 'a..b': 1 })))).to.equal(2);
    expect(codeOf(() => compileSort(raw({ a: 1, b: 1 })).sortKey(raw({ a: [1], b: [1] })))).to.equal(2);
  });
});
