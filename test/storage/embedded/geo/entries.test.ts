import { expect } from 'chai';
import { encodeKey } from '../../../../src/storage/embedded/bson/key.ts';
import { indexEntries } from '../../../../src/storage/embedded/index/entries.ts';
import type { IndexSpec } from '../../../../src/storage/embedded/index/entries.ts';
import { encodeCell, mortonOf } from '../../../../src/storage/embedded/index/geo-cells.ts';
import { compileFilter } from '../../../../src/storage/embedded/query/match.ts';
import { codeOf, raw, value } from '../bson/documents.ts';

type Doc = Record<string, unknown>;
const MISSING = Symbol('missing');
const UNDEFINED = Symbol('undefined');

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The keys expected for rows of plain values. */
function keys(rows: unknown[][], directions: readonly number[]): string[] {
  return rows.map((row) =>
    hex(
      encodeKey(
        row.map((one, i) => ({
          value: one === MISSING ? 'missing' : one === UNDEFINED ? 'undefined' : value(one),
          descending: directions[i] === -1,
        })),
      ),
    ),
  );
}

describe('the index entries of a document', () => {
  const rows: [IndexSpec['keys'], Doc, unknown[][], string[]][] = [
    [[['a', 1]], { a: 5 }, [[5]], []],
    [[['a', -1]], { a: 5 }, [[5]], []],
    [[['a', 1]], {}, [[MISSING]], []],
    [[['a', 1]], { a: null }, [[null]], []],
    [[['a', 1]], { a: [3, 1, 3] }, [[3], [1]], ['a']],
    [[['a', 1]], { a: [] }, [[UNDEFINED]], ['a']],
    [[['a', 1]], { a: [[1, 2]] }, [[[1, 2]]], ['a']],
    [[['a.b', 1]], { a: { b: 1 } }, [[1]], []],
    [[['a.b', 1]], { a: 7 }, [[MISSING]], []],
    [[['a.b', 1]], { a: [] }, [[MISSING]], ['a.b']],
    [[['a.b', 1]], { a: [{ b: 1 }, { b: [2, 3] }, {}, 9] }, [[1], [2], [3], [MISSING]], ['a.b']],
    [
      [
        ['a', 1],
        ['b', -1],
      ],
      { a: [1, 2], b: 5 },
      [
        [1, 5],
        [2, 5],
      ],
      ['a'],
    ],
    [
      [
        ['a.b', 1],
        ['a.c', 1],
      ],
      { a: [{ b: 1, c: 2 }, { b: 3 }] },
      [
        [1, 2],
        [3, MISSING],
      ],
      ['a.b', 'a.c'],
    ],
    [[['a.0', 1]], { a: [5, 6] }, [[5]], []],
    [[['a.1.b', 1]], { a: [{ b: 1 }, { b: 2 }] }, [[2]], []],
    [[['a.0', 1]], { a: [[1]] }, [[[1]]], []],
    [[['a.0', 1]], { a: [[]] }, [[UNDEFINED]], []],
    [[['a.0', 1]], { a: { 0: 1 } }, [[1]], []],
    [[['a.0.0', 1]], { a: [[1]] }, [[1]], []],
    [[['a.0.b', 1]], { a: [{ b: [1, 2] }] }, [[1], [2]], ['a.0.b']],
    [[['a.0.b', 1]], { a: [[{ b: 1 }]] }, [[1]], ['a.0.b']],
    [
      [
        ['a', 1],
        ['a.b', 1],
      ],
      { a: [{ b: [] }] },
      [[{ b: [] }, UNDEFINED]],
      ['a', 'a.b'],
    ],
    [
      [
        ['a.b', 1],
        ['a', 1],
      ],
      { a: [] },
      [[MISSING, UNDEFINED]],
      ['a.b', 'a'],
    ],
    [
      [
        ['p.q.r', 1],
        ['p.t', 1],
        ['p.q.u', 1],
      ],
      { p: [1, { q: [2, { r: [3, 4], u: 5 }], t: 7 }] },
      [
        [MISSING, MISSING, MISSING],
        [MISSING, 7, MISSING],
        [3, 7, 5],
        [4, 7, 5],
      ],
      ['p.q.r', 'p.t', 'p.q.u'],
    ],
  ];
  for (const [spec, doc, expected, multikey] of rows) {
    it(`of ${JSON.stringify(doc)} in ${JSON.stringify(spec)} are ${expected.length}`, () => {
      const entries = indexEntries(raw(doc), { keys: spec });
      expect(entries.keys.map(hex)).to.deep.equal(
        keys(
          expected,
          spec.map(([, kind]) => Number(kind)),
        ),
      );
      expect(entries.multikeyPaths).to.deep.equal(multikey);
    });
  }

  it('are none in a sparse index when no key field exists', () => {
    const sparse: IndexSpec = {
      keys: [
        ['a', 1],
        ['b', 1],
      ],
      sparse: true,
    };
    expect(indexEntries(raw({ c: 1 }), sparse).keys).to.have.length(0);
    expect(indexEntries(raw({ b: null }), sparse).keys).to.have.length(1);
    expect(indexEntries(raw({ a: [1, { b: 1 }] }), { keys: [['a.b', 1]], sparse: true }).keys).to.have.length(
      1,
    );
  });

  it('are none when the partial filter does not match', () => {
    const partial: IndexSpec = { keys: [['a', 1]], partial: compileFilter(raw({ open: true })) };
    expect(indexEntries(raw({ a: 1, open: true }), partial).keys).to.have.length(1);
    expect(indexEntries(raw({ a: 1 }), partial).keys).to.have.length(0);
  });

  it('cannot follow two arrays: 171', () => {
    expect(
      codeOf(() =>
        indexEntries(raw({ a: [1], b: [2] }), {
          keys: [
            ['a', 1],
            ['b', 1],
          ],
        }),
      ),
    ).to.equal(171);
  });

  it('cannot tell an array index from a field of that name: 16746', () => {
    expect(codeOf(() => indexEntries(raw({ a: [{ 0: 1 }] }), { keys: [['a.0', 1]] }))).to.equal(16746);
  });
});

describe('the entries of a 2dsphere index', () => {
  const spec: IndexSpec = {
    keys: [
      ['skill', 1],
      ['loc', '2dsphere'],
    ],
  };
  const point = { type: 'Point', coordinates: [121.47, 31.23] };

  it('are one per skill, with the cell and the coordinates', () => {
    const { keys: found, points, multikeyPaths } = indexEntries(raw({ skill: ['a', 'b'], loc: point }), spec);
    const cell = encodeCell(mortonOf(121.47, 31.23));
    const expected = ['a', 'b'].map(
      (skill) => hex(encodeKey([{ value: value(skill), descending: false }])) + hex(cell),
    );
    expect(found.map(hex)).to.deep.equal(expected);
    expect(points).to.deep.equal([
      [121.47, 31.23],
      [121.47, 31.23],
    ]);
    expect(multikeyPaths).to.deep.equal(['skill']);
  });

  it('take a legacy pair as one point', () => {
    const entries = indexEntries(raw({ loc: [121.47, 31.23] }), { keys: [['loc', '2dsphere']] });
    expect(entries.points).to.deep.equal([[121.47, 31.23]]);
    expect(entries.multikeyPaths).to.deep.equal([]);
  });

  it('are one per place of a list', () => {
    const doc = raw({ places: [{ loc: point }, { loc: { type: 'Point', coordinates: [1, 2] } }] });
    expect(indexEntries(doc, { keys: [['places.loc', '2dsphere']] }).points).to.deep.equal([
      [121.47, 31.23],
      [1, 2],
    ]);
  });

  it('are none without a position', () => {
    expect(indexEntries(raw({ skill: 'a' }), spec).keys).to.have.length(0);
    expect(indexEntries(raw({ skill: 'a', loc: null }), spec).keys).to.have.length(0);
  });

  it('refuse what is no point: 16755', () => {
    for (const loc of [
      7,
      { type: 'Point', coordinates: [200, 0] },
      { type: 'Polygon', coordinates: [] },
      [1],
    ]) {
      expect(codeOf(() => indexEntries(raw({ loc }), { keys: [['loc', '2dsphere']] }))).to.equal(16755);
    }
  });
});
