import { readFileSync } from 'node:fs';
import { parseOnlineCsv } from '../src/matching/online-instance.ts';
import {
  greedyOnArrival,
  inTrueTime,
  offlineOptimum,
  type OnlineResult,
} from '../src/matching/online-policies.ts';
import { inBatches, lookAhead } from '../src/matching/online-waiting.ts';

/**
 * `npm run check:online -- <file.csv> [--window <time>]`: greedy, batch, look-ahead and the offline optimum on a
 * two-sided online instance in the CSV format of src/matching/README.md. Without a window, batches are as long
 * as a tenth of the median stay.
 */
const words = process.argv.slice(2).filter((word) => word !== '--');
const flag = words.indexOf('--window');
const given = flag < 0 ? undefined : Number(words[flag + 1]);
const [file] = flag < 0 ? words : words.toSpliced(flag, 2);
if (file === undefined || (given !== undefined && !(given > 0))) {
  console.error('Usage: npm run check:online -- <file.csv> [--window <time, above 0>]');
  process.exit(2);
}

const instance = parseOnlineCsv(readFileSync(file, 'utf8'));
const stays = instance.arrivals.map((one) => one.departure - one.arrival).sort((a, b) => a - b);
const window = given ?? Math.max((stays[Math.floor(stays.length / 2)] ?? 1) / 10, Number.EPSILON);
const requests = instance.arrivals.filter((one) => one.side === 'request').length;
console.log(
  `${file}: ${requests} requests, ${instance.arrivals.length - requests} helpers, batches of ${window}`,
);

const optimum = offlineOptimum(instance);
print('greedy on arrival', () => greedyOnArrival(instance, inTrueTime(instance)));
print('batch', () => inBatches(instance, window));
print('look-ahead', () => lookAhead(instance));
console.log(`${row('optimum', optimum, 0)}\t${optimum.gap < 1 ? 'proven' : 'NOT PROVEN'}`);

function print(name: string, policy: () => OnlineResult): void {
  const from = performance.now();
  const result = policy();
  console.log(row(name, result, performance.now() - from));
}

function row(name: string, result: OnlineResult, ms: number): string {
  const share = optimum.value === 0 ? '-' : `${((100 * result.value) / optimum.value).toFixed(2)} %`;
  return [name.padEnd(18), result.pairs, result.value.toFixed(4), share, `${ms.toFixed(0)} ms`].join('\t');
}
