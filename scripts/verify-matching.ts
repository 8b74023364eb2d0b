import type { Helper, HelperLoad, MatchingIndex, Moment, MatchRequest } from '../src/matching/match-types.ts';
import { createMatchingIndex } from '../src/matching/matching-index.ts';
import { solveAssignment } from '../src/matching/solve-assignment.ts';
import { fullScan, haversine, refusalOf } from '../test/matching/support/full-scan-oracle.ts';
import { highsOptimum } from '../test/matching/support/highs-optimum.ts';
import {
  LAYOUTS,
  NOW,
  randomCity,
  randomHelper,
  randomRequest,
  type City,
} from '../test/matching/support/random-city.ts';
import { KINDS, randomProblem } from '../test/matching/support/random-problem.ts';
import { machineLine } from './bench/machine-line.ts';

/**
 * `npm run verify:matching [-- --cases 1000000 --offers 10000000 --problems 200 --seed 1]`: the long form of the
 * tests. Assignments are compared with HiGHS; rankings (and their counts of refusals) with the full scan, in all
 * layouts, while helpers come, change, go and are rebuilt in slices; then every offer of wide searches is held
 * against the independent rules. Stops with status 1 at the first difference and prints its seed.
 */
const words = process.argv.slice(2);
const firstSeed = numberAfter('--seed', 1);
console.log(machineLine());
await verifyAssignments(numberAfter('--problems', 200));
verifyRankings(numberAfter('--cases', 1_000_000));
verifyOffers(numberAfter('--offers', 10_000_000));

async function verifyAssignments(problems: number): Promise<void> {
  for (let at = 0; at < problems; at += 1) {
    const kind = KINDS[at % KINDS.length]!;
    const problem = randomProblem(kind, firstSeed + at, 300);
    const answer = solveAssignment(problem);
    const optimum = await highsOptimum(problem);
    if (answer.gap < 1 && Math.abs(answer.value - optimum) <= 1e-3) continue;
    fail(`assignment ${kind}, seed ${firstSeed + at}: ${answer.value}, HiGHS ${optimum}, gap ${answer.gap}`);
  }
  console.log(`${problems} assignments equal HiGHS, every certificate below 1`);
}

interface Live {
  readonly city: City;
  readonly index: MatchingIndex;
  readonly alive: Map<string, Helper>;
  readonly name: string;
}

function openCity(seed: number, count: number): Live {
  const layout = LAYOUTS[seed % LAYOUTS.length]!;
  const inSlices = seed % 3 === 0 ? { membersAtOnce: 0, unitsPerChange: 50, unitsPerQuery: 400 } : {};
  const city = randomCity(layout, count, seed);
  const index = createMatchingIndex(inSlices);
  const alive = new Map<string, Helper>();
  for (const helper of city.helpers) {
    index.put(helper);
    alive.set(helper.helperId, helper);
  }
  return { city, index, alive, name: `${layout}, ${count} helpers, seed ${seed}` };
}

/** Lists, scores and counts of every ranking against the full scan. */
function verifyRankings(cases: number): void {
  let asked = 0;
  let skipped = 0;
  for (let seed = firstSeed; asked < cases; seed += 1) {
    const live = openCity(seed, 20 + ((seed * 7919) % 500));
    for (let no = 0; no < 40; no += 1) {
      const { request, moment } = randomRequest(live.city, no);
      const limit = Math.floor(live.city.random() * 60);
      if (!isSameAsFullScan(live, request, moment, limit, seed)) skipped += 1;
      asked += 1;
      for (let change = 0; change < 5; change += 1) changeSomebody(live);
    }
    progress(`${asked} rankings`, seed);
  }
  process.stderr.write('\n');
  console.log(
    `${asked - skipped} rankings equal the full scan (${skipped} too near to half a metre to compare)`,
  );
}

/** False when a distance is too near to half a metre to say which whole number is right. */
function isSameAsFullScan(
  { index, alive, name }: Live,
  request: MatchRequest,
  moment: Moment,
  limit: number,
  seed: number,
): boolean {
  const expected = fullScan(alive.values(), request, moment, limit, seed);
  if (expected.isAmbiguous) return false;
  const found = index.best(request, moment, { limit, seed });
  const isSame =
    found.length === expected.ids.length &&
    found.every((one, at) => one.helperId === expected.ids[at] && one.score === expected.scores[at]);
  if (!isSame) fail(`${name}, ${request.requestId}: other list`);
  if (limit % 8 !== 0) return true;
  const ranking = index.rank(request, moment, { limit, seed });
  const counted = Object.entries(ranking.refusedCounts).every(
    ([reason, count]) => expected.refusedCounts[reason as keyof typeof expected.refusedCounts] === count,
  );
  const total = Object.keys(expected.refusedCounts).length === Object.keys(ranking.refusedCounts).length;
  if (!counted || !total || ranking.eligibleCount !== expected.eligibleCount) {
    fail(`${name}, ${request.requestId}: other counts`);
  }
  return true;
}

/** Wide searches with few wishes, so that many are offered; every one is held against the rules. */
function verifyOffers(offers: number): void {
  let offered = 0;
  for (let seed = firstSeed; offered < offers; seed += 1) {
    const live = openCity(seed, 400);
    if (live.city.helpers.length === 0) continue;
    for (let no = 0; no < 60; no += 1) {
      const { request, moment } = randomRequest(live.city, no);
      const wide: MatchRequest = {
        ...request,
        requiredSkills: request.requiredSkills.slice(0, no % 2),
        tier: no % 3 === 0 ? request.tier : 0,
        minutes: 1 + (request.minutes % 60),
      };
      for (const one of live.index.best(wide, moment, { limit: 400, seed })) {
        const helper = live.alive.get(one.helperId)!;
        const exact = haversine(wide.point, helper.point);
        // Half a metre belongs to either whole number; the rule is judged at the nearer reading.
        const metres = Math.abs(exact - one.metres) < 0.5 + 1e-6 ? one.metres : Math.round(exact);
        const refusal = refusalOf(helper, wide, moment, metres);
        if (refusal !== undefined) fail(`${live.name}, request ${no}: ${one.helperId} offered, ${refusal}`);
        offered += 1;
      }
      for (let change = 0; change < 3; change += 1) changeSomebody(live);
    }
    progress(`${offered} offers`, seed);
  }
  process.stderr.write('\n');
  console.log(`${offered} offers broke 0 hard constraints`);
}

/** One random change: gone, another load, or another profile at the same or another place. */
function changeSomebody({ city, index, alive }: Live): void {
  const { random, layout } = city;
  const old = city.helpers[Math.floor(random() * city.helpers.length)];
  if (old === undefined) return;
  const now = alive.get(old.helperId);
  const kind = random();
  if (kind < 0.15) {
    index.remove(old.helperId);
    alive.delete(old.helperId);
    return;
  }
  if (kind < 0.5 && now !== undefined) {
    const load = randomLoad(random);
    index.setLoad(old.helperId, load);
    alive.set(old.helperId, { ...now, ...load });
    return;
  }
  const fresh = randomHelper(old.helperId, layout, random);
  const changed = now !== undefined && kind < 0.75 ? { ...fresh, point: now.point } : fresh;
  index.put(changed);
  alive.set(old.helperId, changed);
}

function randomLoad(random: () => number): Partial<HelperLoad> {
  return {
    isOnDuty: random() < 0.8,
    ...(random() < 0.5
      ? { activeTasks: Math.floor(random() * 3), openOffers: Math.floor(random() * 3) }
      : {}),
    ...(random() < 0.5 ? { offersToday: Math.floor(random() * 7) } : {}),
    ...(random() < 0.3 ? { nextOfferNotBefore: NOW + Math.floor((random() - 0.8) * 6_000_000) } : {}),
  };
}

function progress(message: string, seed: number): void {
  if (seed % 50 === 0) process.stderr.write(`\r${message}`);
}

function fail(message: string): never {
  process.stderr.write('\n');
  console.error(`DIFFERENT: ${message}`);
  process.exit(1);
}

function numberAfter(flag: string, otherwise: number): number {
  const at = words.indexOf(flag);
  return at < 0 ? otherwise : Number(words[at + 1]);
}
