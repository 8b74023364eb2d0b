import { BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { compileFilter } from '../../../../src/storage/embedded/query/match.ts';
import { codeOf, raw } from '../bson/documents.ts';
import { naiveMatch } from './naive-matcher.ts';

function matches(doc: Record<string, unknown>, filter: Record<string, unknown>): boolean {
  return compileFilter(raw(filter)).matches(raw(doc));
}

type Row = [filter: Record<string, unknown>, doc: Record<string, unknown>, expected: boolean];

function table(rows: readonly Row[]): void {
  for (const [filter, doc, expected] of rows) {
    it(`${JSON.stringify(filter)} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(doc)}`, () => {
      expect(matches(doc, filter)).to.equal(expected);
    });
  }
}

describe('a filter', () => {
  describe('on null and missing fields', () => {
    table([
      [{ a: null }, {}, true],
      [{ a: null }, { a: null }, true],
      [{ a: null }, { a: 0 }, false],
      [{ a: null }, { a: [] }, false],
      [{ a: null }, { a: [1, null] }, true],
      [{ 'a.b': null }, { a: 5 }, true],
      [{ 'a.b': null }, { a: {} }, true],
      [{ 'a.b': null }, { a: [] }, false],
      [{ 'a.b': null }, { a: [1, 2] }, false],
      [{ 'a.b': null }, { a: [{ b: 1 }, {}] }, true],
      [{ 'a.b': null }, { a: [{ b: 1 }, { b: 2 }] }, false],
      [{ a: { $ne: null } }, {}, false],
      [{ a: { $ne: null } }, { a: 1 }, true],
      [{ a: { $exists: false } }, {}, true],
      [{ a: { $exists: false } }, { a: null }, false],
      [{ a: { $exists: true } }, { a: null }, true],
      [{ 'a.b': { $exists: true } }, { a: [{}, { b: null }] }, true],
      [{ 'a.b': { $exists: false } }, { a: [1] }, true],
      [{ a: { $gte: null } }, {}, true],
      [{ a: { $gt: null } }, {}, false],
      [{ a: { $in: [null, 3] } }, {}, true],
      [{ a: { $nin: [null, 3] } }, {}, false],
      [{ a: { $nin: [3] } }, {}, true],
      [{ a: { $type: 'null' } }, {}, false],
    ]);
  });

  describe('on arrays', () => {
    table([
      [{ a: 2 }, { a: [1, 2] }, true],
      [{ a: [1, 2] }, { a: [1, 2] }, true],
      [{ a: [1, 2] }, { a: [2, 1] }, false],
      [{ a: [1, 2] }, { a: [[1, 2]] }, true],
      [{ a: 1 }, { a: [[1]] }, false],
      [{ a: { $ne: 2 } }, { a: [1, 2] }, false],
      [{ a: { $nin: [2, 9] } }, { a: [1, 2] }, false],
      [{ a: { $not: { $gt: 2 } } }, { a: [1, 3] }, false],
      [{ a: { $gt: 2, $lt: 2 } }, { a: [1, 3] }, true],
      [{ a: { $elemMatch: { $gt: 2, $lt: 2 } } }, { a: [1, 3] }, false],
      [{ a: { $elemMatch: { $gt: 2, $lt: 4 } } }, { a: [1, 3] }, true],
      [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { c: 2 }] }, false],
      [{ 'a.b': 1, 'a.c': 2 }, { a: [{ b: 1 }, { c: 2 }] }, true],
      [{ a: { $elemMatch: { $ne: 1 } } }, { a: [1, 2] }, true],
      [{ a: { $elemMatch: { $not: { $gt: 1 } } } }, { a: [5, 1] }, true],
      [{ a: { $elemMatch: { $or: [{ b: 1 }, { b: 2 }] } } }, { a: [{ b: 2 }] }, true],
      [{ a: { $elemMatch: { $elemMatch: { $gt: 4 } } } }, { a: [[1], [5]] }, true],
      [{ 'a.0': 5 }, { a: [5, 6] }, true],
      [{ 'a.1': 5 }, { a: [5, 6] }, false],
      [{ 'a.01': 6 }, { a: [5, 6] }, false],
      [{ 'a.1': 4 }, { a: [5, { 1: 4 }] }, true],
      [{ 'a.0.b': 1 }, { a: [{ b: 1 }] }, true],
      [{ 'a.0.0': 1 }, { a: [[1]] }, true],
      [{ 'a.b.c': 3 }, { a: [{ b: [{ c: 1 }, { c: 3 }] }] }, true],
      [{ 'a.b': 3 }, { a: [[{ b: 3 }]] }, false],
      [{ a: { $size: 2 } }, { a: [1, [2, 3]] }, true],
      [{ a: { $size: 2 } }, { a: [[1, 2]] }, false],
      [{ a: { $size: 0 } }, { a: [] }, true],
      [{ a: { $size: 1 } }, { a: 1 }, false],
      [{ a: { $all: [1, 2] } }, { a: [2, 3, 1] }, true],
      [{ a: { $all: [1] } }, { a: 1 }, true],
      [{ a: { $all: [] } }, { a: [1] }, false],
      [{ a: { $all: [[1, 2]] } }, { a: [1, 2] }, true],
      [
        { a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } },
        { a: [{ b: 1 }, { b: 2 }] },
        true,
      ],
      [{ a: { $type: 'array' } }, { a: [1] }, true],
      [{ a: { $type: 'number' } }, { a: ['x', 1] }, true],
      [{ a: { $in: [[1], 7] } }, { a: [1] }, true],
    ]);
  });

  describe('on types', () => {
    table([
      [{ a: 1 }, { a: new Double(1) }, true],
      [{ a: Long.fromNumber(1) }, { a: new Int32(1) }, true],
      [{ a: Decimal128.fromString('1.0') }, { a: 1 }, true],
      [{ a: 0.1 }, { a: Decimal128.fromString('0.1') }, false],
      [{ a: Long.fromString('9007199254740993') }, { a: 9007199254740992 }, false],
      [{ a: { $gt: 5 } }, { a: 'x' }, false],
      [{ a: { $lt: 'b' } }, { a: 'a' }, true],
      [{ a: NaN }, { a: NaN }, true],
      [{ a: { $gte: NaN } }, { a: 1 }, false],
      [{ a: { $lt: 5 } }, { a: NaN }, false],
      [{ a: { $gte: 5 } }, { a: NaN }, false],
      [{ a: { $lte: NaN } }, { a: NaN }, true],
      [{ a: new Double(-0) }, { a: 0 }, true],
      [{ a: { $gt: new MinKey() } }, { a: 1 }, true],
      [{ a: { $gt: new MinKey() } }, {}, true],
      [{ a: { $lt: new MaxKey() } }, { a: 'x' }, true],
      [{ a: new MinKey() }, { a: 1 }, false],
      [{ a: { b: 1, c: 2 } }, { a: { b: 1, c: 2 } }, true],
      [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, false],
      [{ a: {} }, { a: {} }, true],
      [{ a: { $type: ['int', 'long'] } }, { a: 1 }, true],
      [{ a: { $type: 'int' } }, { a: 1.5 }, false],
      [{ a: { $type: 2 } }, { a: 'x' }, true],
      [{ a: { $mod: [4, 1] } }, { a: 5.9 }, true],
      [{ a: { $mod: [4, -1] } }, { a: -5 }, true],
      [{ a: { $mod: [4, 1] } }, { a: '5' }, false],
      [{ a: /^x/ }, { a: 'xy' }, true],
      [{ a: /^X/i }, { a: ['q', 'xy'] }, true],
      [{ a: { $regex: 'a b', $options: 'x' } }, { a: 'ab' }, true],
      [{ a: { $regex: '^b', $options: 'm' } }, { a: 'a\nb' }, true],
      [{ a: { $regex: '(?i)AB' } }, { a: 'xab' }, true],
      [{ a: { $in: [/^x/, 3] } }, { a: 'xy' }, true],
      [{ a: { $not: /^x/ } }, { a: 'y' }, true],
      [{ a: new BSONRegExp('a', 'i') }, { a: new BSONRegExp('a', 'i') }, true],
      [{ a: new Date(5) }, { a: new Date(5) }, true],
      [{ a: { $lte: new Date(5) } }, { a: new Date(6) }, false],
      [{ a: { $ref: 'c', $id: 1 } }, { a: { $ref: 'c', $id: 1 } }, true],
    ]);
  });

  describe('with logic', () => {
    table([
      [{}, {}, true],
      [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
      [{ $nor: [{ a: 1 }, { b: 1 }] }, { c: 1 }, true],
      [{ $and: [{ a: 1 }, { $or: [{ b: 1 }, { b: 2 }] }] }, { a: 1, b: 2 }, true],
      [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }, true],
      [{ $expr: { $lt: ['$missing', 1] } }, {}, true],
      [{ $comment: 'x', a: 1 }, { a: 1 }, true],
      [{ a: { $gt: 1, $comment: 'x' } }, { a: 2 }, true],
    ]);
  });

  it('sees the variables of `let`', () => {
    const filter = compileFilter(raw({ $expr: { $eq: ['$a', '$$wanted'] } }), {
      variables: raw({ wanted: 3 }),
    });
    expect(filter.matches(raw({ a: 3 }))).to.equal(true);
    expect(filter.matches(raw({ a: 4 }))).to.equal(false);
  });

  it('finds many alternatives by binary search', () => {
    const ids = Array.from({ length: 200 }, (_, i) => new ObjectId(String(i * 2).padStart(24, '0')));
    const filter = compileFilter(raw({ a: { $in: ids } }));
    expect(ids.every((id) => filter.matches(raw({ a: id })))).to.equal(true);
    expect(filter.matches(raw({ a: new ObjectId('1'.padStart(24, '0')) }))).to.equal(false);
  });

  describe('refuses', () => {
    const refusals: [Record<string, unknown>, number][] = [
      [{ $foo: 1 }, 2],
      [{ a: { $foo: 1 } }, 2],
      [{ a: { $gt: 1, b: 2 } }, 2],
      [{ $where: 'true' }, 115],
      [{ $text: { $search: 'x' } }, 27],
      [{ $jsonSchema: {} }, 2],
      [{ $and: [] }, 2],
      [{ $or: 1 }, 2],
      [{ $or: [1] }, 2],
      [{ a: { $in: 1 } }, 2],
      [{ a: { $in: [{ $gt: 1 }] } }, 2],
      [{ a: { $ne: /x/ } }, 2],
      [{ a: { $not: 1 } }, 2],
      [{ a: { $size: -1 } }, 2],
      [{ a: { $mod: [0, 1] } }, 2],
      [{ a: { $mod: [2] } }, 2],
      [{ a: { $type: 'foo' } }, 2],
      [{ a: { $regex: 'a', $options: 'g' } }, 51108],
      [{ a: { $regex: '(' } }, 51091],
      [{ a: { $options: 'i' } }, 2],
      [{ a: { $elemMatch: 1 } }, 2],
      [{ a: { $all: 1 } }, 2],
      [{ a: { $near: [1, 2] } }, 291],
      [{ a: { $elemMatch: { b: { $near: { $geometry: { type: 'Point', coordinates: [0, 0] } } } } } }, 2],
      [{ a: { $geoWithin: { $polygon: [] } } }, 2],
      [{ $expr: { $foo: 1 } }, 168],
      [{ $expr: '$$nobody' }, 17276],
    ];
    for (const [filter, code] of refusals) {
      it(`${JSON.stringify(filter)} with ${code}`, () => {
        expect(codeOf(() => compileFilter(raw(filter)))).to.equal(code);
      });
    }
  });

  describe('tells the positional index', () => {
    const rows: [Record<string, unknown>, Record<string, unknown>, number | undefined][] = [
      [{ a: 2 }, { a: [1, 2] }, 1],
      [{ a: 2 }, { a: 2 }, undefined],
      [{ a: [1, 2] }, { a: [1, 2] }, undefined],
      [{ 'a.b': 3 }, { a: [{ b: 1 }, { b: 3 }] }, 1],
      [{ 'a.b.c': 3 }, { a: [{ b: [] }, { b: [{ c: 0 }, { c: 3 }] }] }, 1],
      [{ a: { $elemMatch: { b: 3 } } }, { a: [{ b: 1 }, { b: 3 }] }, 1],
      [{ x: 1, a: { $gt: 4 } }, { x: 1, a: [1, 5, 6] }, 1],
      [{ $or: [{ a: 9 }, { b: 2 }] }, { a: [1], b: [0, 0, 2] }, 2],
      [{ a: { $ne: 9 } }, { a: [1] }, undefined],
      [{ 'a.1': 2 }, { a: [1, 2] }, undefined],
      [{ 'a.1.b': 2 }, { a: [1, { b: [0, 0, 2] }] }, 2],
      [{ 'a.0.b': 2 }, { a: [{ b: 2 }] }, undefined],
      [{ 'x.a.1': 2 }, { x: [{}, { a: [1, 2] }] }, 1],
    ];
    for (const [filter, doc, expected] of rows) {
      it(`${expected} for ${JSON.stringify(filter)} in ${JSON.stringify(doc)}`, () => {
        expect(compileFilter(raw(filter)).positionalIndex(raw(doc))).to.equal(expected);
      });
    }
  });

  describe('agrees with a naive matcher', () => {
    const scalar = fc.constantFrom<unknown>(null, 0, 1, 2, 2.5, '', 'a', 'ab', true, false);
    const content: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'd' },
        { weight: 3, arbitrary: scalar },
        { weight: 2, arbitrary: fc.array(tie('any'), { maxLength: 3, depthIdentifier: 'd' }) },
        {
          weight: 2,
          arbitrary: fc.dictionary(fc.constantFrom('a', 'b', '0', '1'), tie('any'), {
            maxKeys: 3,
            depthIdentifier: 'd',
          }),
        },
      ),
    })).any;
    const docs = fc.dictionary(fc.constantFrom('a', 'b'), content, { maxKeys: 2 });
    const paths = fc.constantFrom(
      'a',
      'b',
      'a.b',
      'a.a',
      'a.0',
      'a.1',
      'a.0.b',
      'a.b.0',
      'a.b.a',
      'a.0.1',
      'a.b.1.a',
    );
    const operators: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{
      op: Record<string, unknown>;
      filter: Record<string, unknown>;
    }>((tie) => ({
      op: fc.oneof(
        { maxDepth: 2, depthIdentifier: 'o' },
        fc
          .tuple(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), content)
          .map(([name, operand]) => ({ [name]: operand })),
        fc
          .tuple(
            fc.constantFrom('$in', '$nin', '$all'),
            fc.array(
              content.filter((one) => JSON.stringify(one) !== '{}'),
              { maxLength: 3 },
            ),
          )
          .map(([name, operand]) => ({ [name]: operand })),
        fc.boolean().map((operand) => ({ $exists: operand })),
        fc.nat(3).map((operand) => ({ $size: operand })),
        fc
          .constantFrom('null', 'number', 'string', 'object', 'array', 'bool')
          .map((operand) => ({ $type: operand })),
        fc.constantFrom([2, 0], [2, 1]).map((operand) => ({ $mod: operand })),
        fc.constantFrom('^a', 'b$', '').map((operand) => ({ $regex: operand })),
        tie('op').map((operand) => ({ $not: operand })),
        tie('op')
          .filter((operand) => !('$all' in operand))
          .map((operand) => ({ $elemMatch: operand })),
        tie('filter').map((operand) => ({ $elemMatch: operand })),
      ),
      filter: fc.tuple(paths, tie('op')).map(([path, operand]) => ({ [path]: operand })),
    })).op;
    const condition = fc
      .tuple(paths, fc.oneof(operators, content))
      .map(([path, operand]) => ({ [path]: operand }));
    const filters = fc.oneof(
      { weight: 4, arbitrary: condition },
      fc
        .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(condition, { minLength: 1, maxLength: 3 }))
        .map(([name, parts]) => ({ [name]: parts })),
    );

    it('on documents with arrays, nested arrays and numeric paths', () => {
      fc.assert(
        fc.property(filters, fc.array(docs, { minLength: 1, maxLength: 8 }), (filter, batch) => {
          const compiled = compileFilter(raw(filter));
          for (const doc of batch) expect(compiled.matches(raw(doc))).to.equal(naiveMatch(doc, filter));
        }),
        { numRuns: 5000 },
      );
    });
  });
});
