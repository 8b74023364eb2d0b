import { expect } from 'chai';
import { fill, isolate } from '../../../client/src/i18n/fill.ts';

describe('filling a sentence', () => {
  it('puts numbers and words in their place and leaves what it does not know visible', () => {
    expect(fill('{n} 件事，{place}', { n: 7, place: '6号楼' }, 'zh-CN')).to.equal('7 件事，6号楼');
    expect(fill('{missing}!', {}, 'en')).to.equal('{missing}!');
    expect(fill('plain', undefined, 'en')).to.equal('plain');
  });

  it('chooses the plural by the language', () => {
    const entry = { one: '{n} request', other: '{n} requests' };
    expect(fill(entry, { n: 1 }, 'en')).to.equal('1 request');
    expect(fill(entry, { n: 0 }, 'en')).to.equal('0 requests');
    expect(fill(entry, { n: 1 }, 'zh-CN')).to.equal('1 requests');
  });

  it('isolates what runs against the sentence, and nothing else', () => {
    expect(isolate('16:00–18:00', 'ug')).to.equal('\u206816:00–18:00\u2069');
    expect(isolate('ئالىم', 'ug')).to.equal('ئالىم');
    expect(isolate('ئالىم', 'zh-CN')).to.equal('\u2068ئالىم\u2069');
    expect(isolate('阿里木', 'zh-CN')).to.equal('阿里木');
  });

  it('never reads placeholders inside a value', () => {
    expect(fill('{title}', { title: '{secret}', secret: 'x' }, 'en')).to.equal('{secret}');
  });
});
