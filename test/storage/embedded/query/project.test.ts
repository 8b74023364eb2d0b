import { expect } from 'chai';
import { Long } from 'bson';
import { compileFilter } from '../../../../src/storage/embedded/query/match.ts';
import { compileProjection } from '../../../../src/storage/embedded/query/project.ts';
import { codeOf, raw, shown } from '../bson/documents.ts';

type Doc = Record<string, unknown>;

function project(doc: Doc, projection: Doc, filter?: Doc): string {
  const compiled = filter && compileFilter(raw(filter));
  return shown(compileProjection(raw(projection), compiled)(raw(doc)));
}

const DOC: Doc = {
  _id: 1,
  a: 1,
  b: { c: 2, d: 3 },
  e: [{ f: 1, g: 2 }, 7, [{ f: 9 }], { g: 5 }],
  n: Long.fromNumber(5),
};

describe('a projection', () => {
  const rows: [Doc, Doc, Doc, Doc?][] = [
    [DOC, {}, DOC],
    [DOC, { a: 1 }, { _id: 1, a: 1 }],
    [DOC, { n: 1, a: true, _id: 0 }, { a: 1, n: Long.fromNumber(5) }],
    [DOC, { e: 0, b: 0 }, { _id: 1, a: 1, n: Long.fromNumber(5) }],
    [DOC, { _id: 0, b: 0, e: 0 }, { a: 1, n: Long.fromNumber(5) }],
    [DOC, { _id: 1 }, { _id: 1 }],
    [{ _id: 1, a: 2 }, { _id: 0 }, { a: 2 }],
    [
      { _id: 1, a: 2, b: 3 },
      { _id: 1, a: 0 },
      { _id: 1, b: 3 },
    ],
    [DOC, { 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
    [DOC, { b: { c: 1 } }, { _id: 1, b: { c: 2 } }],
    [DOC, { 'a.x': 1 }, { _id: 1 }],
    [DOC, { 'e.f': 1 }, { _id: 1, e: [{ f: 1 }, [{ f: 9 }], {}] }],
    [{ e: [{ f: 1, g: 2 }, 7, [{ f: 9 }]] }, { 'e.f': 0 }, { e: [{ g: 2 }, 7, [{}]] }],
    [
      { _id: 1, a: 1 },
      { x: '$a', y: { $add: ['$a', 1] }, z: 'text' },
      { _id: 1, x: 1, y: 2, z: 'text' },
    ],
    [
      { _id: 1, a: 1 },
      { a: 1, b: { $literal: 1 } },
      { _id: 1, a: 1, b: 1 },
    ],
    [{ _id: 1, a: [1, 2, 3], b: 1 }, { a: { $slice: 2 } }, { _id: 1, a: [1, 2], b: 1 }],
    [{ _id: 1, a: [1, 2, 3], b: 1 }, { a: { $slice: -1 } }, { _id: 1, a: [3], b: 1 }],
    [
      { _id: 1, a: [1, 2, 3], b: 1 },
      { a: { $slice: [1, 1] }, b: 1 },
      { _id: 1, a: [2], b: 1 },
    ],
    [{ _id: 1, a: [1, 2, 3] }, { a: { $slice: [-2, 1] } }, { _id: 1, a: [2] }],
    [{ _id: 1, c: { a: [1, 2] } }, { 'c.a': { $slice: 1 } }, { _id: 1, c: { a: [1] } }],
    [
      { _id: 1, a: [{ x: 1 }, { x: 2 }, { x: 2, y: 1 }], b: 1 },
      { a: { $elemMatch: { x: 2 } } },
      { _id: 1, a: [{ x: 2 }] },
    ],
    [
      { _id: 1, a: [{ x: 1 }], b: 1 },
      { a: { $elemMatch: { x: 2 } }, b: 1 },
      { _id: 1, b: 1 },
    ],
    [{ _id: 1, a: [5, 6, 7], b: 1 }, { 'a.$': 1 }, { _id: 1, a: [6] }, { a: { $gt: 5 } }],
    [{ _id: 1, c: { a: [5, 6] } }, { 'c.a.$': 1 }, { _id: 1, c: { a: [6] } }, { 'c.a': 6 }],
  ];
  for (const [doc, projection, expected, filter] of rows) {
    it(`${JSON.stringify(projection)} of ${JSON.stringify(doc)} is ${JSON.stringify(expected)}`, () => {
      expect(project(doc, projection, filter)).to.equal(shown(raw(expected)));
    });
  }

  const refusals: [Doc, number][] = [
    [{ a: 1, b: 0 }, 31254],
    [{ a: 0, b: 1 }, 31253],
    [{ a: 0, b: '$x' }, 31252],
    [{ a: 1, 'a.b': 1 }, 31249],
    [{ 'a.b': 1, a: 1 }, 31250],
    [{ a: {} }, 51270],
    [{ a: { $meta: 'textScore' } }, 2],
    [{ a: { $foo: 1 } }, 168],
    [{ 'a.b': { $elemMatch: { c: 1 } } }, 31275],
    [{ 'a.$': 1, 'b.$': 1 }, 31276],
    [{ a: { $slice: 'x' } }, 28724],
    [{ $a: 1 }, 16410],
  ];
  for (const [projection, code] of refusals) {
    it(`${JSON.stringify(projection)} is refused with ${code}`, () => {
      expect(codeOf(() => compileProjection(raw(projection)))).to.equal(code);
    });
  }

  it('with a positional `$` needs an element that matched: 51246', () => {
    expect(codeOf(() => project({ _id: 1, a: [1] }, { 'a.$': 1 }, { _id: 1 }))).to.equal(51246);
  });
});
