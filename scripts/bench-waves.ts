import {
  playPolicy,
  randomInstance,
  type AttentionPolicy,
  type AttentionResult,
} from '../src/matching/attention-model.ts';
import {
  attentionPrices,
  beliefWaves,
  fixedOrderWaves,
  notifyAll,
  randomWaves,
  sparseNotification,
  topByChance,
} from '../src/matching/attention-policies.ts';
import { solveExAnte } from './bench/ex-ante-program.ts';
import { machineLine } from './bench/machine-line.ts';

/**
 * `npm run bench:waves [-- --seeds 5 --tasks 4000]`: the policies of the wave benchmark on the model of
 * Manshadi and Rodilitz: 200 volunteers, 12 types, chances of 0.05-0.45 on a quarter of the pairs, three
 * hazards; the bound is their ex-ante linear program, solved by HiGHS.
 */
const words = process.argv.slice(2);
const seeds = numberAfter('--seeds', 5);
const tasks = numberAfter('--tasks', 4000);
console.log(machineLine());
console.log(`200 volunteers, 12 types, ${seeds} seeds x ${tasks} tasks\n`);
for (const hazard of [0.02, 0.05, 0.1]) await measure(hazard);

async function measure(hazard: number): Promise<void> {
  const results = new Map<string, AttentionResult[]>();
  let bound = 0;
  for (let seed = 0; seed < seeds; seed += 1) {
    const instance = randomInstance({ volunteers: 200, types: 12, hazard }, seed);
    const program = await solveExAnte(instance);
    bound += program.value / seeds;
    const ours = { size: 2, most: 15, fairness: 0.5 } as const;
    const policies: Readonly<Record<string, AttentionPolicy>> = {
      'notify all': notifyAll,
      'top 10 by chance, one wave': topByChance(10),
      'SN (stationary), one wave': sparseNotification(instance, program.x),
      'fixed order, waves of 5': fixedOrderWaves(5, 6),
      'random order, waves of 5': randomWaves(5, 6),
      'belief p*b, waves of 3, no stop': beliefWaves({ size: 3, most: 10, stopAt: 0 }),
      'belief p*b, waves of 3, stop 0.05': beliefWaves({ size: 3, most: 10 }),
      'ours: waves of 2, fair turn': beliefWaves(ours),
      'ours + price of attention': beliefWaves({
        ...ours,
        stopAt: 0.03,
        prices: attentionPrices(instance, 0.35),
      }),
    };
    for (const [name, policy] of Object.entries(policies)) {
      const list = results.get(name) ?? [];
      list.push(playPolicy(instance, policy, tasks, seed));
      results.set(name, list);
    }
  }
  const guarantee = (1 - 1 / Math.E) / (2 - hazard);
  console.log(`hazard ${hazard}: bound ${bound.toFixed(3)}, guarantee of SN ${guarantee.toFixed(3)} of it`);
  console.log('policy\tdone\tof bound\talerts/accept\twaves/accept\tGini load\tGini alerts');
  for (const [name, list] of results) {
    const mean = (pick: (one: AttentionResult) => number): number =>
      list.reduce((sum, one) => sum + pick(one), 0) / list.length;
    const done = mean((one) => one.done);
    const cells = [
      done.toFixed(3),
      (done / bound).toFixed(3),
      mean((one) => one.alertsPerAccept).toFixed(1),
      mean((one) => one.wavesPerAccept).toFixed(2),
      mean((one) => one.loadGini).toFixed(2),
      mean((one) => one.alertGini).toFixed(2),
    ];
    console.log([name.padEnd(34), ...cells].join('\t'));
  }
  console.log('');
}

function numberAfter(flag: string, otherwise: number): number {
  const at = words.indexOf(flag);
  return at < 0 ? otherwise : Number(words[at + 1]);
}
