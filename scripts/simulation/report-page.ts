import type { SimResult } from '../../src/matching/sim-run.ts';
import type { Interval } from './bootstrap.ts';

/** One figure of the report: what it is called, how it is read from a result, and how it is shown. */
export interface Measure {
  readonly name: string;
  readonly note: string;
  readonly pick: (result: SimResult) => number;
  readonly show: (value: number) => string;
  readonly better: 'higher' | 'lower';
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const minutes = (value: number): string =>
  value >= 5760 ? 'never' : value < 120 ? `${value.toFixed(0)} min` : `${(value / 60).toFixed(1)} h`;
const plain = (value: number): string => value.toFixed(2);

export const MEASURES: readonly Measure[] = [
  measure('Requests filled', 'share of all requests', (r) => r.matchRate, percent, 'higher'),
  measure('Filled: critical', 'share', (r) => r.matchRateBy.critical, percent, 'higher'),
  measure('Filled: high', 'share', (r) => r.matchRateBy.high, percent, 'higher'),
  measure('Filled: normal', 'share', (r) => r.matchRateBy.normal, percent, 'higher'),
  measure('Filled: low', 'share', (r) => r.matchRateBy.low, percent, 'higher'),
  measure(
    'Wait, half of all',
    'median over all requests, nights included',
    (r) => r.wait50,
    minutes,
    'lower',
  ),
  measure('Wait, nine of ten', '90th percentile; never: not filled', (r) => r.wait90, minutes, 'lower'),
  measure('Wait, 99 of 100', '99th percentile', (r) => r.wait99, minutes, 'lower'),
  measure('Too late', 'share past its deadline', (r) => r.late, percent, 'lower'),
  measure('Alerts per acceptance', 'people disturbed for one yes', (r) => r.alertsPerAccept, plain, 'lower'),
  measure('Alerts a week, half of all', 'median of helpers', (r) => r.alertsPerHelperWeek50, plain, 'lower'),
  measure('Alerts a week, most', 'one helper', (r) => r.alertsPerHelperWeekMost, plain, 'lower'),
  measure(
    'Alerts a week, busiest',
    '99th percentile of helpers',
    (r) => r.alertsPerHelperWeek99,
    plain,
    'lower',
  ),
  measure('Inequality of work', 'Gini of hours; 0 is equal', (r) => r.loadGini, plain, 'lower'),
  measure('Inequality of alerts', 'Gini of alerts', (r) => r.alertGini, plain, 'lower'),
  measure('Worst area to best', 'ratio of shares filled', (r) => r.areaFairness, plain, 'higher'),
  measure('Way per match', 'kilometres', (r) => r.kmPerMatch, plain, 'lower'),
  measure('Places filled', 'of requests for several helpers too', (r) => r.slotFill, percent, 'higher'),
  measure('Rules broken', 'offers against a hard constraint', (r) => r.violations, plain, 'lower'),
];

function measure(
  name: string,
  note: string,
  pick: Measure['pick'],
  show: Measure['show'],
  better: Measure['better'],
): Measure {
  return { name, note, pick, show, better };
}

/** One page without scripts or outside files: a bar per policy and measure, and the paired differences. */
export function reportPage(options: {
  readonly title: string;
  readonly about: string;
  readonly byPolicy: ReadonlyMap<string, readonly SimResult[]>;
  readonly differences: ReadonlyMap<string, ReadonlyMap<string, Interval>>;
  readonly baseline: string;
}): string {
  const { byPolicy, differences, baseline } = options;
  const sections = MEASURES.map((one) => section(one, byPolicy)).join('\n');
  const head = `<tr><th>Compared with “${escape(baseline)}”</th>${[...differences.keys()]
    .map((name) => `<th>${escape(name)}</th>`)
    .join('')}</tr>`;
  const rows = MEASURES.map((one) => differenceRow(one, differences)).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(options.title)}</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#222}
figure{margin:1.5rem 0}figcaption{font-weight:600}small{color:#555;font-weight:400}
.bar{display:grid;grid-template-columns:14rem 1fr 6rem;gap:.5rem;align-items:center}
.bar i{display:block;height:1rem;background:#8aa;border-radius:2px}.bar.ours i{background:#b4552d}
table{border-collapse:collapse;width:100%;font-size:.9rem}td,th{border-bottom:1px solid #ddd;padding:.3rem;text-align:left}
.good{color:#1b6e3c}.bad{color:#9b1c1c}</style></head><body>
<h1>${escape(options.title)}</h1><p>${escape(options.about)}</p>
${sections}
<h2>Differences, with 95 % intervals</h2>
<p>The same neighbourhoods under two policies. Coloured when the interval is clear of zero.</p>
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
    return `<div class="${kind}"><span>${escape(name)}</span><i style="width:${width}%"></i><b>${one.show(value)}</b></div>`;
  });
  return `<figure><figcaption>${escape(one.name)} <small>${escape(one.note)}; ${one.better} is better</small></figcaption>${bars.join('')}</figure>`;
}

function differenceRow(
  one: Measure,
  differences: ReadonlyMap<string, ReadonlyMap<string, Interval>>,
): string {
  const cells = [...differences.values()].map((byMeasure) => {
    const interval = byMeasure.get(one.name)!;
    const isClear = interval.low > 0 || interval.high < 0;
    const isGood = interval.mean > 0 === (one.better === 'higher');
    const kind = !isClear ? '' : isGood ? ' class="good"' : ' class="bad"';
    const show = (value: number): string => value.toFixed(3);
    return `<td${kind}>${show(interval.mean)} (${show(interval.low)} … ${show(interval.high)})</td>`;
  });
  return `<tr><th>${escape(one.name)}</th>${cells.join('')}</tr>`;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
