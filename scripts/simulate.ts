import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulate, type SimResult } from '../src/matching/sim-run.ts';
import { SIM_POLICIES } from '../src/matching/sim-policies.ts';
import { createWorld, WORLD } from '../src/matching/sim-world.ts';
import { offlineBound } from '../src/matching/sim-bound.ts';
import { machineLine } from './bench/machine-line.ts';
import { bootstrap, type Interval } from './simulation/bootstrap.ts';
import { aboutWords } from './simulation/report-words.ts';
import { meanOf, MEASURES, reportPage } from './simulation/report-page.ts';

/**
 * `npm run simulate [-- --seeds 20 --helpers 900 --days 14 --per-day 24 --out <folder>]`: every policy in the
 * same seeded neighbourhoods, paired differences to nearest-first broadcast with 95 % bootstrap intervals;
 * writes runs.csv and report.html (default folder: reports/simulation).
 */
const words = process.argv.slice(2);
const seeds = numberAfter('--seeds', 20);
const size = {
  helpers: numberAfter('--helpers', WORLD.helpers),
  days: numberAfter('--days', WORLD.days),
  requestsPerDay: numberAfter('--per-day', WORLD.requestsPerDay),
};
const out = textAfter('--out', join('reports', 'simulation'));
const baseline = SIM_POLICIES[0]!.name;
const byPolicy = new Map<string, SimResult[]>(SIM_POLICIES.map((policy) => [policy.name, []]));
const bounds: number[] = [];

console.log(machineLine());
console.log(
  `${seeds} neighbourhoods of ${size.helpers} helpers, ${size.days} days, ${size.requestsPerDay} requests a day`,
);
for (let seed = 1; seed <= seeds; seed += 1) {
  const world = createWorld(seed, size);
  bounds.push(offlineBound(world));
  for (const policy of SIM_POLICIES) byPolicy.get(policy.name)!.push(simulate(world, policy));
  process.stderr.write(`\r${seed} of ${seeds}`);
}
process.stderr.write('\n');

const differences = new Map<string, Map<string, Interval>>();
for (const [name, results] of byPolicy) {
  if (name === baseline) continue;
  const base = byPolicy.get(baseline)!;
  const byMeasure = MEASURES.map((measure): [string, Interval] => [
    measure.name.en,
    bootstrap(results.map((one, at) => measure.pick(one) - measure.pick(base[at]!))),
  ]);
  differences.set(name, new Map(byMeasure));
}

console.log(['policy', ...MEASURES.map((measure) => measure.name.en)].join('\t'));
for (const [name, results] of byPolicy) {
  console.log([name, ...MEASURES.map((one) => one.show(meanOf(results.map(one.pick))))].join('\t'));
}
const bound = meanOf(bounds);
console.log(`offline optimum (everybody known in advance): ${(100 * bound).toFixed(1)} % filled at most`);

mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'runs.csv'), csv());
writeFileSync(
  join(out, 'report.html'),
  reportPage({
    about: aboutWords(seeds, size, bound),
    byPolicy,
    differences,
    baseline,
  }),
);
console.log(`written: ${join(out, 'runs.csv')}, ${join(out, 'report.html')}`);

function csv(): string {
  const lines = [['policy', 'seed', ...MEASURES.map((one) => `"${one.name.en}"`)].join(',')];
  for (const [name, results] of byPolicy) {
    results.forEach((one, at) =>
      lines.push([`"${name}"`, at + 1, ...MEASURES.map((m) => m.pick(one))].join(',')),
    );
  }
  return `${lines.join('\n')}\n`;
}

function numberAfter(flag: string, otherwise: number): number {
  const at = words.indexOf(flag);
  return at < 0 ? otherwise : Number(words[at + 1]);
}

function textAfter(flag: string, otherwise: string): string {
  const at = words.indexOf(flag);
  return at < 0 ? otherwise : (words[at + 1] ?? otherwise);
}
