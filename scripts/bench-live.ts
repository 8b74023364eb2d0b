/**
 * npm run bench:live: how long from the POST of a request that matches until a volunteer's socket has the offer, with
 * a thousand sockets open, against a bare Express + Socket.IO app that does as many sequential durable inserts and
 * one emit. Both run at the same time and are asked in turns, so that what the machine does besides hits both alike:
 * read the ratios. First the writes are counted at the wire, one request at a time.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEmbeddedStore } from '../src/storage/embedded/host.ts';
import { atRate, line, percentile } from './bench/figures.ts';
import { startKillableService } from './bench/killable-service.ts';
import { openOfferListeners } from './bench/offer-listeners.ts';
import type { OfferListeners } from './bench/offer-listeners.ts';
import { seedEstate } from './bench/seed-estate.ts';
import type { SeededEstate, SeededPerson } from './bench/seed-estate.ts';
import { openStoreProxy, sequentialDepth } from './bench/store-proxy.ts';
import type { WriteSeen } from './bench/store-proxy.ts';

const SOCKETS = 1_000;
const SLICES = 3;
const PER_SLICE = 100;
const COUNTED = 20;

const errand = {
  kindId: 'shopping',
  title: 'Bread and apples',
  text: 'Two loaves and a kilogram of apples, please.',
  urgency: 'normal',
  when: { asap: true, windows: [] },
  language: 'en',
  submit: true,
};

/** One stack under test: asks once and answers how long the offer took. */
type Ask = (index: number) => Promise<number>;

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'linli-bench-live-'));
  try {
    say(`Seating a neighbourhood with ${String(SOCKETS)} helpers …`);
    const seeded = path.join(folder, 'seeded');
    const estate = await seedEstate(await made(seeded), { authors: 40, helpers: SOCKETS });
    const sequential = await countWrites(folder, seeded, estate);
    for (const [perSecond, slices] of [
      [20, SLICES],
      [100, 1],
    ] as const) {
      await compare(folder, seeded, estate, sequential, perSecond, slices);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How many durable writes one request costs, and how many of them one after the other before the offer is out. */
async function countWrites(folder: string, seeded: string, estate: SeededEstate): Promise<number> {
  const own = await copyOf(seeded, path.join(folder, 'counted'));
  const store = await startEmbeddedStore({ dataDir: path.join(own, 'store') });
  const proxy = await openStoreProxy(store.uri);
  const service = await startKillableService(own, { MONGODB_URI: proxy.uri });
  const listeners = await listenersOf(service.origin, estate.helpers);
  const ask = askLinli(service.origin, estate, listeners);
  await ask(0);
  await pause(1_500);
  proxy.take();
  await pause(3_000);
  const idle = proxy.take().length / 3;
  const all: WriteSeen[] = [];
  const depths: number[] = [];
  const before: number[] = [];
  for (let index = 1; index <= COUNTED; index += 1) {
    const started = performance.now();
    const offered = started + (await ask(index));
    await pause(1_500);
    const writes = proxy.take();
    all.push(...writes);
    const onTheWay = writes.filter(({ from, to }) => from >= started && to <= offered);
    before.push(onTheWay.length);
    depths.push(sequentialDepth(onTheWay));
  }
  listeners.close();
  await service.stop();
  proxy.close();
  await store.stop();
  const counts = new Map<string, number>();
  for (const { name, collection } of all) {
    const key = `${name} ${collection}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  say(
    `\nDurable writes for one request (mean of ${String(COUNTED)}; with nobody asking: ${idle.toFixed(2)} a second)`,
  );
  for (const [name, count] of counts) say(line(`  ${name}`, count / COUNTED));
  say(line('  all, until nothing follows (aim 4)', all.length / COUNTED));
  say(line('  before the offer is out', mean(before)));
  const sequential = Math.round(percentile(depths, 0.5));
  say(line('  of these one after the other', sequential));
  return sequential;
}

async function compare(
  folder: string,
  seeded: string,
  estate: SeededEstate,
  inserts: number,
  perSecond: number,
  slices: number,
): Promise<void> {
  const own = await copyOf(seeded, path.join(folder, `linli-${String(perSecond)}`));
  const service = await startKillableService(own);
  const bare = await startBare(await made(path.join(folder, `bare-${String(perSecond)}`)), inserts);
  const linliSockets = await listenersOf(service.origin, estate.helpers);
  const bareSockets = await openOfferListeners(
    bare.origin,
    estate.helpers.map(({ accountId }) => ({ headers: {}, auth: { accountId } })),
  );
  const stacks: { name: string; ask: Ask; times: number[] }[] = [
    { name: 'linli', ask: askLinli(service.origin, estate, linliSockets), times: [] },
    { name: 'bare', ask: askBare(bare.origin, estate, bareSockets), times: [] },
  ];
  for (const { ask } of stacks) await atRate(10, 10, async (index) => void (await ask(index)));
  for (let slice = 0; slice < slices; slice += 1) {
    for (const { ask, times } of stacks) {
      await atRate(perSecond, PER_SLICE, async (index) => void times.push(await ask(index)));
      await pause(500);
    }
  }
  const [linli = [], yardstick = []] = stacks.map(({ times }) => times);
  say(
    `\nPOST → match:offered, ${String(perSecond)} a second, ${String(SOCKETS)} sockets, ${String(inserts)} inserts in the bare app (ms)`,
  );
  say(line('', 'p50', 'p90', 'p99'));
  const shares = [0.5, 0.9, 0.99];
  say(line('  linli', ...shares.map((share) => percentile(linli, share))));
  say(line('  bare', ...shares.map((share) => percentile(yardstick, share))));
  const ratios = shares.map((share) => percentile(linli, share) / percentile(yardstick, share));
  say(line('  ratio (aim at 20/s: 1.5, –, 2.5)', ...ratios));
  linliSockets.close();
  bareSockets.close();
  await service.stop();
  await bare.stop();
}

function askLinli(origin: string, { authors }: SeededEstate, listeners: OfferListeners): Ask {
  return async (index) => {
    const author = authors[index % authors.length];
    return await ask(
      `${origin}/api/help-requests`,
      { cookie: author?.cookie ?? '', origin },
      errand,
      listeners,
    );
  };
}

function askBare(origin: string, { helpers }: SeededEstate, listeners: OfferListeners): Ask {
  return async (index) => {
    const helperId = helpers[(index * 7) % helpers.length]?.accountId;
    return await ask(`${origin}/requests`, { origin }, { ...errand, helperId }, listeners);
  };
}

async function ask(
  url: string,
  headers: Record<string, string>,
  body: object,
  listeners: OfferListeners,
): Promise<number> {
  const started = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { id: string };
  if (response.status !== 201)
    throw new Error(`${url} answered ${String(response.status)} ${JSON.stringify(answer)}`);
  return (await listeners.arrival(answer.id)) - started;
}

async function listenersOf(origin: string, people: readonly SeededPerson[]): Promise<OfferListeners> {
  return await openOfferListeners(
    origin,
    people.map(({ cookie }) => ({ headers: { cookie }, auth: {} })),
  );
}

async function startBare(
  dataDir: string,
  inserts: number,
): Promise<{ origin: string; stop(): Promise<void> }> {
  const child: ChildProcess = fork(
    fileURLToPath(new URL('./bench/bare-live.ts', import.meta.url)),
    [dataDir, String(inserts)],
    { cwd: fileURLToPath(new URL('../', import.meta.url)), execArgv: ['--import', 'tsx'] },
  );
  const [message] = (await once(child, 'message')) as [{ origin: string }];
  return {
    origin: message.origin,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Each run starts from the same neighbourhood: who was asked rests for an hour. */
async function copyOf(seeded: string, folder: string): Promise<string> {
  await cp(seeded, folder, { recursive: true });
  return folder;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
