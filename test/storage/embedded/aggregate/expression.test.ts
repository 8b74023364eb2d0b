import { Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { expect } from 'chai';
import {
  compileExpression,
  EXPRESSION_FUNCTIONS,
} from '../../../../src/storage/embedded/aggregate/expression.ts';
import { DATE_OPERATORS } from '../../../../src/storage/embedded/aggregate/date-operators.ts';
import { SPECIAL_FORMS } from '../../../../src/storage/embedded/aggregate/special-forms.ts';
import { documentOf } from '../../../../src/storage/embedded/bson/build.ts';
import { codeOf, raw, shown, value } from '../bson/documents.ts';

const NOW = new Date('2024-06-01T00:00:00Z');
const ID = new ObjectId('65a000000000000000000001');
const DOC = {
  a: 7,
  d: new Double(2.5),
  l: Long.fromString('9007199254740993'),
  s: '邻里 Help',
  n: null,
  list: [3, 1, 2],
  objects: [{ k: 'x', v: 1 }, { k: 'y' }, 5],
  at: new Date('2024-02-29T16:30:45.123Z'),
  deep: { b: { c: 1 } },
  id: ID,
};
const MISSING = Symbol('missing');

function evaluate(expression: unknown): string {
  const variables = raw({ limit: 5, doubled: { $multiply: [3, 2] }, quoted: { $literal: '$a' } });
  const result = compileExpression(value(expression), { now: NOW, variables, random: () => 0.5 })(raw(DOC));
  return result ? shown(documentOf([['v', result]])) : 'missing';
}

function wanted(result: unknown): string {
  return result === MISSING ? 'missing' : shown(raw({ v: result }));
}

/** A branch of `$switch`; not written out, because an object with `then` looks like a promise. */
function branch(test: boolean, result: number): Record<string, unknown> {
  return JSON.parse(`{"case":${test},"then":${result}}`) as Record<string, unknown>;
}

const tried = new Set<string>();

function note(expression: unknown): void {
  for (const name of JSON.stringify(expression).matchAll(/"(\$[a-zA-Z]+)":/g)) tried.add(name[1]!);
}

function becomes(expression: unknown, result: unknown): void {
  note(expression);
  it(`${JSON.stringify(expression)} is ${result === MISSING ? 'missing' : JSON.stringify(result)}`, () => {
    expect(evaluate(expression)).to.equal(wanted(result));
  });
}

function fails(expression: unknown, code: number): void {
  it(`${JSON.stringify(expression)} fails with ${code}`, () => {
    expect(codeOf(() => evaluate(expression))).to.equal(code);
  });
}

describe('paths, variables and literals', () => {
  becomes('$a', 7);
  becomes('$deep.b.c', 1);
  becomes('$deep.x.c', MISSING);
  becomes('$objects.v', [1]);
  becomes('$list.0', []);
  becomes('$$ROOT.a', 7);
  becomes('$$CURRENT.deep.b', { c: 1 });
  becomes('$$NOW', NOW);
  becomes('$$limit', 5);
  becomes('$$REMOVE', MISSING);
  becomes('text', 'text');
  becomes({ $literal: '$a' }, '$a');
  becomes({ x: '$a', y: '$nothing', z: { w: 1 } }, { x: 7, z: { w: 1 } });
  becomes(['$a', '$nothing'], [7, null]);
  becomes({ $let: { vars: { x: 2, y: '$a' }, in: { $add: ['$$x', '$$y'] } } }, 9);
  becomes({ $let: { vars: { x: 1 }, in: { $let: { vars: { x: { $add: ['$$x', 1] } }, in: '$$x' } } } }, 2);
  becomes({ $getField: 'a' }, 7);
  becomes({ $getField: { field: 'c', input: '$deep.b' } }, 1);
  becomes({ $getField: { field: 'c', input: '$nothing' } }, MISSING);
  becomes(
    { $setField: { field: { $literal: '$x.y' }, input: '$deep', value: 1 } },
    { b: { c: 1 }, '$x.y': 1 },
  );
  becomes({ $setField: { field: 'b', input: '$deep', value: '$$REMOVE' } }, {});
  becomes({ $setField: { field: 'b', input: '$n', value: 1 } }, null);
  becomes('$$doubled', 6);
  becomes('$$quoted', '$a');
  becomes({ $lt: [{ $rand: {} }, 1] }, true);
  fails({ $setField: { field: 'b', input: '$a', value: 1 } }, 4161105);
  fails('$$nobody', 17276);
  fails({ $foo: 1 }, 168);
  fails({ $function: {} }, 168);
  fails({ toString: 1, $add: [] }, 16412);
  fails({ $add: [1], $multiply: [2] }, 15983);
  fails({ $eq: [1] }, 16020);
  fails('$', 16872);
  fails('$a..b', 15998);
});

describe('arithmetic', () => {
  becomes({ $add: ['$a', 1] }, 8);
  becomes({ $add: ['$a', new Double(1)] }, new Double(8));
  becomes({ $add: ['$l', 1] }, Long.fromString('9007199254740994'));
  becomes({ $add: [new Int32(2147483647), 1] }, Long.fromString('2147483648'));
  becomes({ $add: [Long.MAX_VALUE, 1] }, new Double(9223372036854775808));
  becomes({ $add: ['$at', 1000] }, new Date('2024-02-29T16:30:46.123Z'));
  becomes({ $add: ['$a', '$n'] }, null);
  becomes({ $add: [] }, 0);
  becomes({ $subtract: ['$a', '$d'] }, 4.5);
  becomes({ $subtract: ['$at', new Date('2024-02-29T16:30:45.000Z')] }, Long.fromNumber(123));
  becomes({ $subtract: ['$at', 123] }, new Date('2024-02-29T16:30:45.000Z'));
  becomes({ $multiply: ['$a', 2, '$d'] }, new Double(35));
  becomes({ $multiply: [100000, 100000] }, Long.fromString('10000000000'));
  becomes({ $divide: [7, 2] }, 3.5);
  becomes({ $divide: [6, 2] }, new Double(3));
  becomes({ $mod: [-7, 3] }, -1);
  becomes({ $mod: [7.5, 2] }, 1.5);
  becomes({ $abs: -3 }, 3);
  becomes({ $abs: new Int32(-2147483648) }, Long.fromString('2147483648'));
  becomes({ $ceil: 2.1 }, new Double(3));
  becomes({ $floor: '$d' }, new Double(2));
  becomes({ $floor: '$a' }, 7);
  becomes({ $round: 2.5 }, new Double(2));
  becomes({ $round: [3.5] }, new Double(4));
  becomes({ $round: [2.675, 2] }, 2.67);
  becomes({ $round: [0.125, 2] }, 0.12);
  becomes({ $round: [1250, -2] }, 1200);
  becomes({ $trunc: [-2.79, 1] }, -2.7);
  becomes({ $sum: '$list' }, 6);
  becomes({ $sum: ['$a', '$d', 'x'] }, 9.5);
  becomes({ $sum: [0.1, 0.2, 0.3] }, 0.6);
  becomes({ $avg: '$list' }, new Double(2));
  becomes({ $avg: ['x'] }, null);
  becomes({ $min: '$list' }, 1);
  becomes({ $max: ['$a', '$n', '$nothing'] }, 7);
  fails({ $add: ['$a', 'x'] }, 14);
  fails({ $divide: [1, 0] }, 2);
  fails({ $mod: [1, 0] }, 16610);
  fails({ $add: [Decimal128.fromString('1'), 1] }, 238);
  fails({ $sum: [Decimal128.fromString('1')] }, 238);
});

describe('comparison and logic', () => {
  becomes({ $eq: ['$a', new Double(7)] }, true);
  becomes({ $eq: ['$nothing', null] }, false);
  becomes({ $lt: ['$nothing', null] }, true);
  becomes({ $lt: ['$nothing', 0] }, true);
  becomes({ $ne: ['$a', '7'] }, true);
  becomes({ $gt: ['x', 1] }, true);
  becomes({ $gte: ['$a', 7] }, true);
  becomes({ $lte: ['$a', 6] }, false);
  becomes({ $cmp: [1, 2] }, -1);
  becomes({ $and: [1, 'x', []] }, true);
  becomes({ $and: [] }, true);
  becomes({ $and: [1, '$n'] }, false);
  becomes({ $or: [0, '$nothing'] }, false);
  becomes({ $or: [0, '$a'] }, true);
  becomes({ $not: ['$n'] }, true);
  becomes({ $cond: [{ $gt: ['$a', 5] }, 'big', 'small'] }, 'big');
  becomes({ $cond: JSON.parse('{"if":"$n","then":1,"else":"$$REMOVE"}') as unknown }, MISSING);
  becomes({ $cond: [true, 1, { $divide: [1, 0] }] }, 1);
  becomes({ $ifNull: ['$n', '$nothing', 5] }, 5);
  becomes(
    {
      $switch: {
        branches: [branch(false, 1), branch(true, 2)],
      },
    },
    2,
  );
  becomes({ $switch: { branches: [branch(false, 1)], default: 3 } }, 3);
  fails({ $switch: { branches: [branch(false, 1)] } }, 40066);
  fails({ $cond: { if: 1, else: 1 } }, 9);
});

describe('arrays and objects', () => {
  becomes({ $size: '$list' }, 3);
  becomes({ $arrayElemAt: ['$list', -1] }, 2);
  becomes({ $arrayElemAt: ['$list', 9] }, MISSING);
  becomes({ $first: '$list' }, 3);
  becomes({ $last: '$list' }, 2);
  becomes({ $in: [2, '$list'] }, true);
  becomes({ $in: [new Double(2), '$list'] }, true);
  becomes({ $concatArrays: ['$list', [9]] }, [3, 1, 2, 9]);
  becomes({ $concatArrays: ['$list', '$n'] }, null);
  becomes({ $slice: ['$list', 2] }, [3, 1]);
  becomes({ $slice: ['$list', -2, 1] }, [1]);
  becomes({ $isArray: '$list' }, true);
  becomes({ $range: [0, 5, 2] }, [0, 2, 4]);
  becomes({ $reverseArray: '$list' }, [2, 1, 3]);
  becomes({ $indexOfArray: ['$list', 2] }, 2);
  becomes({ $indexOfArray: ['$list', 8] }, -1);
  becomes({ $setUnion: ['$list', [2, 4]] }, [1, 2, 3, 4]);
  becomes({ $setIntersection: ['$list', [2, 3, 4]] }, [2, 3]);
  becomes({ $setDifference: ['$list', [3]] }, [1, 2]);
  becomes({ $setIsSubset: [[1], '$list'] }, true);
  becomes({ $filter: { input: '$list', cond: { $gt: ['$$this', 1] } } }, [3, 2]);
  becomes({ $filter: { input: '$n', cond: true } }, null);
  becomes({ $map: { input: '$list', as: 'x', in: { $multiply: ['$$x', 2] } } }, [6, 2, 4]);
  becomes({ $map: { input: '$objects', in: '$$this.k' } }, ['x', 'y', null]);
  becomes({ $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6);
  becomes({ $mergeObjects: ['$deep', { z: 1 }, '$n', { b: 2 }] }, { b: 2, z: 1 });
  becomes({ $objectToArray: '$deep.b' }, [{ k: 'c', v: 1 }]);
  becomes(
    {
      $arrayToObject: [
        [
          ['x', 1],
          ['y', 2],
        ],
      ],
    },
    { x: 1, y: 2 },
  );
  fails({ $size: '$a' }, 17124);
  fails({ $in: [1, '$a'] }, 40081);
  fails({ $arrayElemAt: ['$a', 0] }, 28689);
  fails({ $concatArrays: ['$a'] }, 28664);
  fails({ $filter: { input: '$a', cond: true } }, 28651);
  fails({ $map: { input: '$a', in: 1 } }, 16883);
  fails({ $mergeObjects: ['$a'] }, 40400);
});

describe('text', () => {
  becomes({ $concat: ['$s', '!'] }, '邻里 Help!');
  becomes({ $concat: ['$s', '$n'] }, null);
  becomes({ $toUpper: 'aé' }, 'Aé');
  becomes({ $toLower: '$s' }, '邻里 help');
  becomes({ $substrCP: ['$s', 1, 3] }, '里 H');
  becomes({ $strLenCP: '\u{1F600}a' }, 2);
  becomes({ $split: ['a,b', ','] }, ['a', 'b']);
  becomes({ $indexOfCP: ['$s', 'H'] }, 3);
  becomes({ $strcasecmp: ['abc', 'ABD'] }, -1);
  becomes({ $trim: { input: '  x ' } }, 'x');
  becomes({ $ltrim: { input: '__x_', chars: '_' } }, 'x_');
  becomes({ $rtrim: { input: ' x ' } }, ' x');
  becomes({ $regexMatch: { input: '$s', regex: 'help', options: 'i' } }, true);
  becomes({ $regexMatch: { input: '$n', regex: /x/ } }, false);
  fails({ $concat: ['$a'] }, 16702);
  fails({ $strLenCP: '$n' }, 34471);
});

describe('types and dates', () => {
  becomes({ $type: '$nothing' }, 'missing');
  becomes({ $type: '$l' }, 'long');
  becomes({ $isNumber: '$d' }, true);
  becomes({ $toString: '$id' }, ID.toHexString());
  becomes({ $toString: '$l' }, '9007199254740993');
  becomes({ $toInt: '12' }, 12);
  becomes({ $toInt: 2.9 }, 2);
  becomes({ $toLong: '$at' }, Long.fromNumber(DOC.at.getTime()));
  becomes({ $toDouble: '1.5e2' }, new Double(150));
  becomes({ $toBool: 'false' }, true);
  becomes({ $toDate: '2024-01-02' }, new Date('2024-01-02T00:00:00Z'));
  becomes({ $toDate: '$id' }, ID.getTimestamp());
  becomes({ $toObjectId: ID.toHexString() }, ID);
  becomes({ $toInt: '$n' }, null);
  fails({ $toInt: 'x' }, 241);
  fails({ $toInt: Long.MAX_VALUE }, 241);
  fails({ $toObjectId: 'xyz' }, 241);

  becomes({ $year: '$at' }, 2024);
  becomes({ $month: '$at' }, 2);
  becomes({ $dayOfMonth: { date: '$at', timezone: 'Asia/Shanghai' } }, 1);
  becomes({ $dayOfMonth: { date: '$at', timezone: '+08:00' } }, 1);
  becomes({ $dayOfYear: '$at' }, 60);
  becomes({ $dayOfWeek: '$at' }, 5);
  becomes({ $isoDayOfWeek: '$at' }, 4);
  becomes({ $isoWeek: '$at' }, 9);
  becomes({ $isoWeekYear: '$at' }, Long.fromNumber(2024));
  becomes({ $hour: '$at' }, 16);
  becomes({ $minute: '$at' }, 30);
  becomes({ $second: '$at' }, 45);
  becomes({ $millisecond: '$at' }, 123);
  becomes({ $year: '$n' }, null);
  becomes({ $dateToString: { date: '$at' } }, '2024-02-29T16:30:45.123Z');
  becomes(
    { $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M %z %j %u %V%%', timezone: 'Asia/Shanghai' } },
    '2024-03-01 00:30 +0800 061 5 09%',
  );
  becomes({ $dateToString: { date: '$n', onNull: 'never' } }, 'never');
  becomes(
    { $dateTrunc: { date: '$at', unit: 'day', timezone: 'Asia/Shanghai' } },
    new Date('2024-02-29T16:00:00Z'),
  );
  becomes(
    { $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'monday' } },
    new Date('2024-02-26T00:00:00Z'),
  );
  becomes({ $dateTrunc: { date: '$at', unit: 'hour' } }, new Date('2024-02-29T16:00:00Z'));
  becomes(
    { $dateTrunc: { date: new Date('2024-03-31T12:00:00Z'), unit: 'day', timezone: 'Europe/Berlin' } },
    new Date('2024-03-30T23:00:00Z'),
  );
  fails({ $year: '$a' }, 16006);
  fails({ $year: { date: '$at', timezone: 'Mars/Base' } }, 40485);
  fails({ $dateToString: { date: '$at', format: '%Q' } }, 18536);
  fails({ $dateTrunc: { date: '$at', unit: 'day', binSize: 2 } }, 238);
});

describe('the list of expressions', () => {
  it('holds nothing that no test has tried', () => {
    const all = [EXPRESSION_FUNCTIONS, SPECIAL_FORMS, DATE_OPERATORS].flatMap((table) => Object.keys(table));
    expect(all.filter((name) => !tried.has(name))).to.deep.equal([]);
  });
});
