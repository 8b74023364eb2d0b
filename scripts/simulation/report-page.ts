import type { SimResult } from '../../src/matching/sim-run.ts';
import type { Interval } from './bootstrap.ts';
import { POLICY_WORDS, REPORT_WORDS, type Words } from './report-words.ts';

/** One figure of the report: what it is called, how it is read from a result, and how it is shown. */
export interface Measure {
  readonly name: Words;
  readonly note: Words;
  readonly pick: (result: SimResult) => number;
  readonly show: (value: number) => string;
  readonly better: 'higher' | 'lower';
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const minutes = (value: number): string =>
  value >= 5760 ? '∞' : value < 120 ? `${value.toFixed(0)} min` : `${(value / 60).toFixed(1)} h`;
const plain = (value: number): string => value.toFixed(2);

const SHARE: Words = { en: 'share', zh: '比例', ug: 'نىسبىتى' };

export const MEASURES: readonly Measure[] = [
  measure(
    ['Requests filled', '已满足的求助', 'ئورۇندالغان ئىلتىماسلار'],
    ['share of all requests', '占全部求助的比例', 'بارلىق ئىلتىماسلاردىكى نىسبىتى'],
    (r) => r.matchRate,
    percent,
    'higher',
  ),
  measure(
    ['Filled: critical', '已满足：危急', 'ئورۇندالدى: ئىنتايىن جىددىي'],
    SHARE,
    (r) => r.matchRateBy.critical,
    percent,
    'higher',
  ),
  measure(
    ['Filled: high', '已满足：紧急', 'ئورۇندالدى: جىددىي'],
    SHARE,
    (r) => r.matchRateBy.high,
    percent,
    'higher',
  ),
  measure(
    ['Filled: normal', '已满足：一般', 'ئورۇندالدى: ئادەتتىكى'],
    SHARE,
    (r) => r.matchRateBy.normal,
    percent,
    'higher',
  ),
  measure(
    ['Filled: low', '已满足：不急', 'ئورۇندالدى: ئالدىراش ئەمەس'],
    SHARE,
    (r) => r.matchRateBy.low,
    percent,
    'higher',
  ),
  measure(
    ['Wait, half of all', '等待时间：半数', 'كۈتۈش ۋاقتى: يېرىمى'],
    [
      'median over all requests, nights included',
      '全部求助的中位数，含夜间',
      'بارلىق ئىلتىماسلارنىڭ ئوتتۇرا قىممىتى، كېچىسىمۇ بار',
    ],
    (r) => r.wait50,
    minutes,
    'lower',
  ),
  measure(
    ['Wait, nine of ten', '等待时间：九成', 'كۈتۈش ۋاقتى: ئوندىن توققۇزى'],
    ['90th percentile; ∞: not filled', '第 90 百分位；∞：未满足', '90%؛ ∞: ئورۇندالمىدى'],
    (r) => r.wait90,
    minutes,
    'lower',
  ),
  measure(
    ['Wait, 99 of 100', '等待时间：99%', 'كۈتۈش ۋاقتى: 99%'],
    ['99th percentile; ∞: not filled', '第 99 百分位；∞：未满足', '99%؛ ∞: ئورۇندالمىدى'],
    (r) => r.wait99,
    minutes,
    'lower',
  ),
  measure(
    ['Too late', '逾期', 'ۋاقتى ئۆتكەن'],
    ['share past its deadline', '超过期限的比例', 'ۋاقتى ئۆتكەنلەرنىڭ نىسبىتى'],
    (r) => r.late,
    percent,
    'lower',
  ),
  measure(
    ['Alerts per acceptance', '每次接受所需通知', 'ھەر بىر قوبۇل قىلىشقا كەتكەن ئۇقتۇرۇش'],
    [
      'people disturbed for one yes',
      '为一次接受打扰的人数',
      'بىر قېتىم قوبۇل قىلىش ئۈچۈن خەۋەر قىلىنغان كىشى',
    ],
    (r) => r.alertsPerAccept,
    plain,
    'lower',
  ),
  measure(
    ['Alerts a week, half of all', '每周通知：半数人', 'ھەپتىلىك ئۇقتۇرۇش: يېرىمى'],
    ['median of helpers', '志愿者的中位数', 'پىدائىيلارنىڭ ئوتتۇرا قىممىتى'],
    (r) => r.alertsPerHelperWeek50,
    plain,
    'lower',
  ),
  measure(
    ['Alerts a week, busiest', '每周通知：最忙的 1%', 'ھەپتىلىك ئۇقتۇرۇش: ئەڭ ئالدىراش 1%'],
    ['99th percentile of helpers', '志愿者的第 99 百分位', 'پىدائىيلارنىڭ 99%'],
    (r) => r.alertsPerHelperWeek99,
    plain,
    'lower',
  ),
  measure(
    ['Alerts a week, most', '每周通知：最多', 'ھەپتىلىك ئۇقتۇرۇش: ئەڭ كۆپ'],
    ['one helper', '一名志愿者', 'بىر پىدائىي'],
    (r) => r.alertsPerHelperWeekMost,
    plain,
    'lower',
  ),
  measure(
    ['Inequality of work', '工作分配不均', 'خىزمەتنىڭ تەڭسىزلىكى'],
    [
      'Gini of hours; 0 is equal',
      '时长的基尼系数；0 为完全平均',
      'سائەتنىڭ گىنى كوئېففىتسېنتى؛ 0 تەڭ دېگەنلىك',
    ],
    (r) => r.loadGini,
    plain,
    'lower',
  ),
  measure(
    ['Inequality of alerts', '通知分配不均', 'ئۇقتۇرۇشنىڭ تەڭسىزلىكى'],
    ['Gini of alerts', '通知的基尼系数', 'ئۇقتۇرۇشنىڭ گىنى كوئېففىتسېنتى'],
    (r) => r.alertGini,
    plain,
    'lower',
  ),
  measure(
    ['Worst area to best', '最差片区与最好片区之比', 'ئەڭ ناچار رايوننىڭ ئەڭ ياخشىسىغا نىسبىتى'],
    ['ratio of shares filled', '满足率之比', 'ئورۇندىلىش نىسبىتى'],
    (r) => r.areaFairness,
    plain,
    'higher',
  ),
  measure(
    ['Way per match', '每次帮助的路程', 'ھەر بىر ياردەمنىڭ يولى'],
    ['kilometres', '公里', 'كىلومېتىر'],
    (r) => r.kmPerMatch,
    plain,
    'lower',
  ),
  measure(
    ['Places filled', '已满足的名额', 'تولغان ئورۇنلار'],
    [
      'of requests for several helpers too',
      '含需要多人的求助',
      'بىرنەچچە كىشى لازىم بولغان ئىلتىماسلارمۇ بار',
    ],
    (r) => r.slotFill,
    percent,
    'higher',
  ),
  measure(
    ['Rules broken', '违反规则', 'بۇزۇلغان قائىدىلەر'],
    ['offers against a hard constraint', '违反硬性条件的邀请', 'قاتتىق شەرتكە خىلاپ تەكلىپلەر'],
    (r) => r.violations,
    plain,
    'lower',
  ),
];

type Triple = readonly [en: string, zh: string, ug: string];

function measure(
  name: Triple,
  note: Triple | Words,
  pick: Measure['pick'],
  show: Measure['show'],
  better: Measure['better'],
): Measure {
  return { name: asWords(name), note: 'en' in note ? note : asWords(note), pick, show, better };
}

function asWords([en, zh, ug]: Triple): Words {
  return { en, zh, ug };
}

/** The text in all three languages; the page shows the one that is chosen. */
function inAll({ en, zh, ug }: Words): string {
  return `<span lang="en">${escape(en)}</span><span lang="zh-CN">${escape(zh)}</span><span lang="ug" dir="rtl">${escape(ug)}</span>`;
}

function policyWords(name: string): Words {
  return POLICY_WORDS[name] ?? { en: name, zh: name, ug: name };
}

/**
 * One page without scripts or outside files, in three languages: a bar per policy and measure, and the paired
 * differences.
 */
export function reportPage(options: {
  readonly about: Words;
  readonly byPolicy: ReadonlyMap<string, readonly SimResult[]>;
  readonly differences: ReadonlyMap<string, ReadonlyMap<string, Interval>>;
  readonly baseline: string;
}): string {
  const { byPolicy, differences, baseline } = options;
  const sections = MEASURES.map((one) => section(one, byPolicy)).join('\n');
  const compared = `${inAll(REPORT_WORDS.compared)}: ${inAll(policyWords(baseline))}`;
  const head = `<tr><th>${compared}</th>${[...differences.keys()]
    .map((name) => `<th>${inAll(policyWords(name))}</th>`)
    .join('')}</tr>`;
  const rows = MEASURES.map((one) => differenceRow(one, differences)).join('\n');
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(REPORT_WORDS.title.zh)} · ${escape(REPORT_WORDS.title.en)}</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#222}
body:has(#zh:checked) :is([lang=en],[lang=ug]),body:has(#ug:checked) :is([lang=en],[lang=zh-CN]),body:has(#en:checked) span:is([lang=zh-CN],[lang=ug]){display:none}
figure{margin:1.5rem 0}figcaption{font-weight:600}small{color:#555;font-weight:400}
.bar{display:grid;grid-template-columns:16rem 1fr 6rem;gap:.5rem;align-items:center}
.bar i{display:block;height:1rem;background:#8aa;border-radius:2px}.bar.ours i{background:#b4552d}
table{border-collapse:collapse;width:100%;font-size:.9rem}td,th{border-bottom:1px solid #ddd;padding:.3rem;text-align:start}
.good{color:#1b6e3c}.bad{color:#9b1c1c}</style></head><body>
<p><label><input type="radio" name="language" id="zh" checked> 中文</label>
<label><input type="radio" name="language" id="ug"> ئۇيغۇرچە</label>
<label><input type="radio" name="language" id="en"> English</label></p>
<h1>${inAll(REPORT_WORDS.title)}</h1><p>${inAll(options.about)}</p>
${sections}
<h2>${inAll(REPORT_WORDS.differences)}</h2>
<p>${inAll(REPORT_WORDS.paired)}</p>
<table>${head}${rows}</table>
</body></html>
`;
}

function section(one: Measure, byPolicy: ReadonlyMap<string, readonly SimResult[]>): string {
  const means = [...byPolicy].map(([name, results]) => ({ name, value: meanOf(results.map(one.pick)) }));
  const most = Math.max(...means.map((mean) => mean.value), 1e-9);
  const bars = means.map(({ name, value }) => {
    const width = ((100 * value) / most).toFixed(1);
    const kind = name.startsWith('ours') ? 'bar ours' : 'bar';
    return `<div class="${kind}"><b>${inAll(policyWords(name))}</b><i style="width:${width}%"></i><output>${one.show(value)}</output></div>`;
  });
  const better = REPORT_WORDS[one.better];
  return `<figure><figcaption>${inAll(one.name)} <small>${inAll(one.note)}; ${inAll(better)}</small></figcaption>${bars.join('')}</figure>`;
}

function differenceRow(
  one: Measure,
  differences: ReadonlyMap<string, ReadonlyMap<string, Interval>>,
): string {
  const cells = [...differences.values()].map((byMeasure) => {
    const interval = byMeasure.get(one.name.en)!;
    const isClear = interval.low > 0 || interval.high < 0;
    const isGood = interval.mean > 0 === (one.better === 'higher');
    const kind = !isClear ? '' : isGood ? ' class="good"' : ' class="bad"';
    const show = (value: number): string => value.toFixed(3);
    return `<td${kind}>${show(interval.mean)} (${show(interval.low)} … ${show(interval.high)})</td>`;
  });
  return `<tr><th>${inAll(one.name)}</th>${cells.join('')}</tr>`;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
