import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseGoma } from '../src/matching/online-instance.ts';
import { greedyOnArrival, inTrueTime, offlineOptimum } from '../src/matching/online-policies.ts';
import { lookAhead } from '../src/matching/online-waiting.ts';

/**
 * `npm run check:goma -- <folder or file>...`: for every data file of the GOMA format (in a folder: *.txt, in
 * order) prints the offline optimum with its certificate, greedy in the file's order, greedy in true time and
 * the waiting policy in true time, with their shares of the optimum. Exits 1 when the dual
 * certificate of some optimum reaches one unit of the rounded weights.
 */
const paths = process.argv.slice(2).filter((path) => path !== '--');
if (paths.length === 0) {
  console.error('Usage: npm run check:goma -- <folder or file>...');
  process.exit(2);
}

const files = paths.flatMap((path) =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.txt'))
        .sort()
        .map((name) => join(path, name))
    : [path],
);
console.log(
  [
    'file',
    'requests',
    'helpers',
    'optimum',
    'proven',
    'greedy',
    'ratio',
    'greedy in time',
    'ratio',
    'look-ahead',
    'ratio',
  ].join('\t'),
);
let isGood = true;
for (const file of files) {
  const instance = parseGoma(readFileSync(file, 'utf8'));
  const requests = instance.arrivals.filter((one) => one.side === 'request').length;
  const optimum = offlineOptimum(instance);
  const greedy = greedyOnArrival(instance).value;
  const timely = greedyOnArrival(instance, inTrueTime(instance)).value;
  const waiting = lookAhead(instance).value;
  const share = (value: number): string =>
    optimum.value === 0 ? '-' : `${((100 * value) / optimum.value).toFixed(2)} %`;
  console.log(
    [
      file,
      requests,
      instance.arrivals.length - requests,
      optimum.value.toFixed(4),
      optimum.gap < 1 ? 'yes' : 'NO',
      greedy.toFixed(4),
      share(greedy),
      timely.toFixed(4),
      share(timely),
      waiting.toFixed(4),
      share(waiting),
    ].join('\t'),
  );
  if (optimum.gap >= 1) isGood = false;
}
if (!isGood) {
  console.error('Some optimum is not proven: see the column.');
  process.exit(1);
}
