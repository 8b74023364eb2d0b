import { createFoundHelpers } from '../src/matching/found-helpers.ts';
import { createMatchingIndex } from '../src/matching/matching-index.ts';
import type { Helper, MatchingIndex, MatchRequest } from '../src/matching/match-types.ts';
import { fullScan, haversine } from '../test/matching/support/full-scan-oracle.ts';
import { benchCity, benchHelper, benchRequest, MOMENT } from './bench/bench-city.ts';
import { createKdbushPeer, type KdbushPeer } from './bench/kdbush-peer.ts';
import { machineLine } from './bench/machine-line.ts';
import { measurePostgis } from './bench/postgis-peer.ts';
import { startRedisPeer } from './bench/redis-peer.ts';
import { timeQueries, timingCells, type Timing } from './bench/timing.ts';

/**
 * `npm run bench:matching [-- --sizes 10000,100000,1000000 --queries 3000 --rounds 5]`: the engine beside its
 * peers in one run. Peers that are not installed are named as missing. Microseconds; work is CPU per query,
 * for servers their own time. Answers are compared before anything is timed.
 */
const words = process.argv.slice(2);
const sizes = textAfter('--sizes', '10000,100000,1000000').split(',').map(Number);
const queries = Number(textAfter('--queries', '3000'));
const rounds = Number(textAfter('--rounds', '5'));
const LIMIT = 20;
const RADIUS = 5000;

console.log(machineLine());
console.log(`${queries} queries, best of ${rounds} rounds; kdbush 4.1, geokdbush 2.1\n`);
for (const size of sizes) await measure(size);

async function measure(size: number): Promise<void> {
  const city = benchCity(1);
  const helpers = Array.from({ length: size }, (_, no) => benchHelper(city, no));
  const requests = Array.from({ length: queries }, (_, no) => benchRequest(city, no));
  const index = load(helpers);
  const peer = createKdbushPeer(helpers);
  checkNearest(index, peer, requests.slice(0, 300));
  checkBest(index, helpers, requests.slice(0, size > 200_000 ? 10 : 100));

  console.log('subject\tp50\tp90\tp99\twork\tratio of work');
  const skillOf = (at: number): string => requests[at]!.requiredSkills[0]!.skillId;
  const near = { limit: LIMIT, withinMetres: RADIUS };
  const found = createFoundHelpers(LIMIT);
  const ours = timeQueries(queries, rounds, (at) =>
    index.nearestInto(skillOf(at), requests[at]!.point, near, found),
  );
  row('nearest 20, 5 km: ours', ours, ours.work);
  const kdbush = timeQueries(queries, rounds, (at) =>
    peer.nearest(skillOf(at), requests[at]!.point, LIMIT, RADIUS),
  );
  row('nearest 20, 5 km: kdbush per skill', kdbush, ours.work);
  const few = Math.min(queries, Math.ceil(3e6 / size));
  const scan = timeQueries(few, 1, (at) => scanNearest(helpers, skillOf(at), requests[at]!.point));
  row('nearest 20, 5 km: full scan', scan, ours.work);

  const top = { limit: LIMIT, seed: 1 };
  const best = timeQueries(queries, rounds, (at) => index.bestInto(requests[at]!, MOMENT, top, found));
  row('top 20 by score, all constraints: ours', best, best.work);
  const slow = timeQueries(Math.min(queries, Math.ceil(3e5 / size) + 2), 1, (at) =>
    fullScan(helpers, requests[at]!, MOMENT, LIMIT, 1),
  );
  row('top 20 by score: full scan', slow, best.work);
  const twoSkills = requests.map((one): MatchRequest => {
    const second = one.preferredSkills[0] ?? 'skill0';
    const first = one.requiredSkills[0]!;
    return second === first.skillId
      ? one
      : { ...one, requiredSkills: [first, { skillId: second, mustBeVerified: false }] };
  });
  const two = timeQueries(queries, rounds, (at) => index.bestInto(twoSkills[at]!, MOMENT, top, found));
  row('top 20, two skills: ours', two, best.work);
  const toggle = timeQueries(queries, rounds, (at) =>
    index.setLoad(helpers[(at * 7919) % size]!.helperId, { isOnDuty: at % 2 === 0 }),
  );
  row('availability toggle: ours', toggle, toggle.work);
  await measureServers(helpers, requests, { nearest: ours.work, best: best.work, toggle: toggle.work });
  console.log('');
}

function load(helpers: readonly Helper[]): MatchingIndex {
  const index = createMatchingIndex();
  const before = process.memoryUsage();
  let from = performance.now();
  for (const helper of helpers) index.put(helper);
  const putMs = performance.now() - from;
  from = performance.now();
  let longest = 0;
  for (let isBuilt = false; !isBuilt;) {
    const slice = performance.now();
    isBuilt = index.maintain(20_000);
    longest = Math.max(longest, performance.now() - slice);
  }
  const buildMs = performance.now() - from;
  const after = process.memoryUsage();
  const columns = (after.arrayBuffers - before.arrayBuffers) / 2 ** 20;
  const heap = (after.heapUsed - before.heapUsed) / 2 ** 20;
  console.log(
    `${helpers.length} helpers: loaded in ${putMs.toFixed(0)} ms, grids in ${buildMs.toFixed(0)} ms (longest slice ${longest.toFixed(1)} ms), ${columns.toFixed(0)} MiB of columns and ${Math.max(0, heap).toFixed(0)} MiB of records`,
  );
  return index;
}

function checkNearest(index: MatchingIndex, peer: KdbushPeer, requests: readonly MatchRequest[]): void {
  let same = 0;
  for (const request of requests) {
    const skillId = request.requiredSkills[0]!.skillId;
    const own = index.nearest(skillId, request.point, { limit: LIMIT, withinMetres: RADIUS });
    const theirs = peer.nearest(skillId, request.point, LIMIT, RADIUS);
    if (own.map((one) => one.helperId).join() === theirs.join()) same += 1;
  }
  console.log(`nearest: ${same} of ${requests.length} lists identical with kdbush`);
}

function checkBest(
  index: MatchingIndex,
  helpers: readonly Helper[],
  requests: readonly MatchRequest[],
): void {
  let same = 0;
  for (const request of requests) {
    const own = index.best(request, MOMENT, { limit: LIMIT, seed: 1 });
    if (own.map((one) => one.helperId).join() === fullScan(helpers, request, MOMENT, LIMIT, 1).ids.join())
      same += 1;
  }
  console.log(`top by score: ${same} of ${requests.length} lists identical with the full scan`);
}

function scanNearest(
  helpers: readonly Helper[],
  skillId: string,
  point: readonly [number, number],
): string[] {
  const found: { id: string; metres: number }[] = [];
  for (const helper of helpers) {
    if (!helper.isOnDuty || helper.skills.every((skill) => skill.skillId !== skillId)) continue;
    const metres = haversine(point, helper.point);
    if (metres <= RADIUS) found.push({ id: helper.helperId, metres });
  }
  return found
    .sort((a, b) => a.metres - b.metres)
    .slice(0, LIMIT)
    .map((one) => one.id);
}

async function measureServers(
  helpers: readonly Helper[],
  requests: readonly MatchRequest[],
  own: { readonly nearest: number; readonly best: number; readonly toggle: number },
): Promise<void> {
  const ratio = (value: number, base: number): string => `${value.toFixed(1)}\t${(value / base).toFixed(1)}x`;
  const redis = await startRedisPeer();
  if (redis === null) console.log('Redis: missing, not measured: redis-server is not installed');
  else {
    try {
      await redis.load(helpers);
      await redis.serverMicroseconds();
      const few = requests.slice(0, 500);
      for (const one of few) await redis.nearest(one.requiredSkills[0]!.skillId, one.point, LIMIT);
      const used = (await redis.serverMicroseconds()) / few.length;
      console.log(
        `nearest 20: ${redis.version.slice(0, 24)}, growing radius\t-\t-\t-\t${ratio(used, own.nearest)}`,
      );
      const some = helpers.filter((one) => one.isOnDuty).slice(0, 2000);
      const from = performance.now();
      await redis.toggle(some, false);
      await redis.toggle(some, true);
      const pipelined = ((performance.now() - from) * 1000) / (2 * some.length);
      const toggled = (await redis.serverMicroseconds()) / (2 * some.length);
      console.log(`availability toggle: Redis, pipelined\t-\t-\t-\t${ratio(pipelined, own.toggle)}`);
      console.log(`availability toggle: Redis, server time\t-\t-\t-\t${ratio(toggled, own.toggle)}`);
    } finally {
      redis.stop();
    }
  }
  const postgis = await measurePostgis(helpers, requests);
  if (typeof postgis === 'string') console.log(`PostGIS: missing, not measured: ${postgis}`);
  else {
    console.log(
      `nearest 20: PostGIS ${postgis.version} btree_gist\t-\t-\t-\t${ratio(postgis.nearest, own.nearest)}`,
    );
    console.log(`top 20 by score: PostGIS, no constraints\t-\t-\t-\t${ratio(postgis.topByScore, own.best)}`);
    console.log(`availability toggle: PostGIS\t-\t-\t-\t${ratio(postgis.toggle, own.toggle)}`);
  }
}

function row(name: string, timing: Timing, base: number): void {
  console.log(`${name.padEnd(40)}\t${timingCells(timing)}\t${(timing.work / base).toFixed(1)}x`);
}

function textAfter(flag: string, otherwise: string): string {
  const at = words.indexOf(flag);
  return at < 0 ? otherwise : (words[at + 1] ?? otherwise);
}
