import { expect } from 'chai';
import fc from 'fast-check';
import { findPrivateDetails } from '../../src/shared/text-warnings.ts';

const found = (text: string): string[] =>
  findPrivateDetails(text).map((detail) => `${detail.kind}:${text.slice(detail.start, detail.end)}`);

describe('private details in a text', () => {
  for (const [text, expected] of [
    ['请打电话13812345678', 'phone:13812345678'],
    ['电话 138 1234 5678 谢谢', 'phone:138 1234 5678'],
    ['电话 +86 138-1234-5678', 'phone:+86 138-1234-5678'],
    ['手机１３８１２３４５６７８', 'phone:１３８１２３４５６７８'],
    ['我的号码是幺三八一二三四五六七八', 'phone:幺三八一二三四五六七八'],
    ['座机0903-2512345', 'phone:0903-2512345'],
    ['تېلېفونۇم 13912345678، چۈشتىن كېيىن', 'phone:13912345678'],
    ['call me on 159.1234.5678 please', 'phone:159.1234.5678'],
    ['身份证653201198503072318', 'id_number:653201198503072318'],
    ['ID 65320119850307231X', 'id_number:65320119850307231X'],
    ['身份证 653201850307231', 'id_number:653201850307231'],
    ['我住3单元502室', 'door:3单元502室'],
    ['3号楼2单元502', 'door:3号楼2单元502'],
    ['送到5栋1203', 'door:5栋1203'],
    ['我在502室等', 'door:502室'],
    ['家在2-301', 'door:2-301'],
    ['3-2-502，谢谢', 'door:3-2-502'],
    ['门牌号是 18', 'door:门牌号是 18'],
    ['3-بىنا 2-بۆلەك 502-ئۆي', 'door:3-بىنا 2-بۆلەك 502-ئۆي'],
    ['302-ئۆيگە كېلىڭ', 'door:302-ئۆيگە'],
    ['9-بىنانىڭ 2-كورپۇسى، 4-قەۋەت', 'door:2-كورپۇسى'],
    ['I live in flat 12b', 'door:flat 12b'],
    ['Apartment no. 502', 'door:Apartment no. 502'],
    ['Room 301, please ring', 'door:Room 301'],
  ] as const) {
    it(`points at ${expected}`, () => expect(found(text)).to.deep.equal([expected]));
  }

  for (const text of [
    '需要买10斤米和2袋面，明天9点到11点',
    '2026-11-24 10:30-12:00 都可以',
    '11-24 到 11-26 之间',
    '住在3号楼附近，走路15分钟',
    '帮忙租房信息打印 300 份',
    '急救电话120，派出所110',
    'ئەتە سائەت 10 دىن 12 گىچە، 3-بىنا ئالدىدا',
    'Two bags of 25 kg, 1500 steps, bus 101',
    '预算 1200-1500 元以内',
    '',
  ]) {
    it(`leaves "${text}" alone`, () => expect(found(text)).to.deep.equal([]));
  }

  it('finds several in the order of their place', () => {
    expect(found('3单元502室，电话13812345678')).to.deep.equal(['door:3单元502室', 'phone:13812345678']);
  });

  it('finds a mobile number wherever it stands, however it is broken up', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 });
    const words = fc.constantFrom('请打 ', 'تېلېفون: ', 'call ', '');
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 3, max: 9 }),
        digits,
        fc.constantFrom('', ' ', '-'),
        (before, second, rest, gap) => {
          const number = `1${second}${rest[0]}${gap}${rest.slice(1, 5).join('')}${gap}${rest.slice(5).join('')}`;
          const text = `${before}${number} ok`;
          const details = findPrivateDetails(text);
          expect(details).to.have.length(1);
          expect(text.slice(details[0]!.start, details[0]!.end)).to.equal(number);
        },
      ),
    );
  });

  it('never overlaps, never leaves the text, and answers any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        let last = 0;
        for (const detail of findPrivateDetails(text)) {
          expect(detail.start).to.be.at.least(last);
          expect(detail.end).to.be.above(detail.start).and.at.most(text.length);
          last = detail.end;
        }
      }),
    );
  });

  it('takes time in proportion to the text', () => {
    const long = '1-2-3-4 13 '.repeat(5000);
    const started = process.cpuUsage().user;
    findPrivateDetails(long);
    expect(process.cpuUsage().user - started).to.be.below(2_000_000);
  });
});
