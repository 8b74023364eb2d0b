import { expect } from 'chai';
import * as fc from 'fast-check';
import { checkShape, cleanTexts, escapePointer, ORDINARY_SHAPE } from '../../src/http/input-checks.ts';

function nested(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}
const codes = (value: unknown): string[] => cleanTexts(value).errors.map(({ code }) => code);

describe('the shape of a body', () => {
  it('may be ten levels deep and not eleven, and 15,000 levels do no harm', () => {
    checkShape(nested(10), ORDINARY_SHAPE);
    expect(() => checkShape(nested(11), ORDINARY_SHAPE)).to.throw('deeper');
    expect(() => checkShape(nested(15_000), ORDINARY_SHAPE)).to.throw('deeper');
  });
  it('may hold 200 fields in all and lists of 100', () => {
    const fields = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${String(n)}`, n]));
    checkShape(fields(200), ORDINARY_SHAPE);
    expect(() => checkShape(fields(201), ORDINARY_SHAPE)).to.throw('fields');
    checkShape(Array.from({ length: 100 }), ORDINARY_SHAPE);
    expect(() => checkShape(Array.from({ length: 101 }), ORDINARY_SHAPE)).to.throw('list');
  });
});

describe('the texts of a body', () => {
  it('come in NFC, with one kind of line end and without direction controls', () => {
    expect(cleanTexts({ text: 'cafe\u0301\r\nA\u202Eb\u200Bc\uFEFF' }).value).to.deep.equal({
      text: 'caf\u00e9\nAbc',
    });
  });
  it('keep the joiners that Uyghur and emoji need', () => {
    const text = 'مى\u200Cخ 👩\u200D🔧';
    expect(cleanTexts(text).value).to.equal(text.normalize('NFC'));
  });
  for (const bad of ['a\u0000b', 'a\u0007b', 'a\u007Fb', 'lone \uD800', 'lone \uDC00', '\u0085']) {
    it(`are refused with ${JSON.stringify(bad)} in them`, () => {
      expect(codes({ deep: [{ text: bad }] })).to.deep.equal(['text-characters']);
    });
  }
  it('are refused with a flood of marks on one letter', () => {
    expect(codes('z' + '\u0335'.repeat(40))).to.deep.equal(['text-marks']);
  });
  it('stand under harmless field names only', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', '$ne', '$where', 'a.b', 'a\u0000']) {
      const parsed: unknown = JSON.parse(`{"in":{${JSON.stringify(name)}:1}}`);
      expect(codes(parsed), name).to.deep.equal(['field-name']);
    }
  });
  it('name the place of every mistake as a JSON pointer', () => {
    const errors = cleanTexts({ list: [{ 'a/b~c': 'x\u0000' }] }).errors;
    expect(errors.map(({ pointer }) => pointer)).to.deep.equal(['/list/0/a~1b~0c']);
  });
  it('come out the same when they go through twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = cleanTexts(value);
        if (once.errors.length === 0) expect(cleanTexts(once.value)).to.deep.equal(once);
      }),
    );
  });
  it('never let a control character through, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { value, errors } = cleanTexts(text);
        // oxlint-disable-next-line no-control-regex -- that is what must not be there
        if (errors.length === 0) expect(value).to.not.match(/[\u0000-\u0008\u000B-\u001F\u202A-\u202E]/);
      }),
    );
  });
  it('have pointers that can be printed', () => {
    expect(escapePointer('\u0000\n')).to.equal('??');
  });
});
