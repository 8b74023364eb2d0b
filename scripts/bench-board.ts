/**
 * npm run bench:board: processor time of the service for one first page of the board, against the same stack (the
 * same process, session, checks and headers) answering that page as a constant. Asked in turns; read the ratio. Then
 * the pages are read through a counter at the wire: a read makes no write.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedStore } from '../src/storage/embedded/host.ts';
import { line, percentile } from './bench/figures.ts';
import { startKillableService } from './bench/killable-service.ts';
import type { KillableService } from './bench/killable-service.ts';
import { seedEstate } from './bench/seed-estate.ts';
import type { SeededEstate } from './bench/seed-estate.ts';
import { openStoreProxy } from './bench/store-proxy.ts';

const OPEN_REQUESTS = 200;
const ROUNDS = 7;
const PER_ROUND = 400;
const AT_ONCE = 8;
const COUNTED_READS = 500;

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'linli-bench-board-'));
  try {
    await mkdir(folder, { recursive: true });
    say(`Seating a neighbourhood and pinning ${String(OPEN_REQUESTS)} requests to the board …`);
    const estate = await seedEstate(folder, { authors: 40, helpers: 60 });
    const service = await startKillableService(folder);
    await fillBoard(service, estate);
    await compare(service, estate);
    await service.stop();
    await countWrites(folder, estate);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fillBoard(service: KillableService, { authors }: SeededEstate): Promise<void> {
  for (let index = 0; index < OPEN_REQUESTS; index += 1) {
    const response = await fetch(`${service.origin}/api/help-requests`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
        origin: service.origin,
        cookie: authors[index % authors.length]?.cookie ?? '',
      },
      body: JSON.stringify({
        kindId: index % 2 === 0 ? 'shopping' : 'carrying',
        title: `Errand ${String(index)}`,
        text: 'Two loaves and a kilogram of apples, please.',
        urgency: 'normal',
        when: { asap: true, windows: [] },
        language: 'en',
        submit: true,
      }),
    });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`asking was answered ${String(response.status)} ${text}`);
  }
}

/** Processor time per request: the whole process, store and clock's work included, for both alike. */
async function compare(service: KillableService, estate: SeededEstate): Promise<void> {
  const page = JSON.parse(await readPage(service.origin, cookieOf(estate, 0))) as { items: unknown[] };
  const constant = await service.constantBoard(page);
  const costs: Record<'board' | 'constant', number[]> = { board: [], constant: [] };
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, origin] of [
      ['board', service.origin],
      ['constant', constant],
    ] as const) {
      const before = await service.cpuMs();
      await readMany(origin, estate, PER_ROUND);
      const perRequest = ((await service.cpuMs()) - before) / PER_ROUND;
      // The first round warms both up.
      if (round >= 0) costs[name].push(perRequest);
    }
  }
  say(
    `\nFirst page of the board, ${String(page.items.length)} of ${String(OPEN_REQUESTS)} requests, processor ms per request`,
  );
  say(line('', 'best', 'median', 'worst'));
  for (const name of ['board', 'constant'] as const) {
    say(line(`  ${name}`, ...[0.01, 0.5, 1].map((share) => percentile(costs[name], share))));
  }
  say(line('  ratio of medians (aim 1.5)', percentile(costs.board, 0.5) / percentile(costs.constant, 0.5)));
}

async function countWrites(folder: string, estate: SeededEstate): Promise<void> {
  const store = await startEmbeddedStore({ dataDir: path.join(folder, 'store') });
  const proxy = await openStoreProxy(store.uri);
  const service = await startKillableService(folder, { MONGODB_URI: proxy.uri, BENCH_WITHOUT_JOBS: '1' });
  await readMany(service.origin, estate, 50);
  await pause(3_000);
  proxy.take();
  await readMany(service.origin, estate, COUNTED_READS);
  const during = proxy.take();
  say(line(`  writes by ${String(COUNTED_READS)} reads (aim 0)`, String(during.length)));
  for (const { name, collection } of during) say(`    ${name} ${collection}`);
  await service.stop();
  proxy.close();
  await store.stop();
}

async function readMany(origin: string, estate: SeededEstate, count: number): Promise<void> {
  let next = 0;
  const reader = async () => {
    for (let index = (next += 1); index <= count; index = next += 1)
      await readPage(origin, cookieOf(estate, index));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
}

async function readPage(origin: string, cookie: string): Promise<string> {
  const response = await fetch(`${origin}/api/help-requests?view=board`, { headers: { cookie } });
  const text = await response.text();
  if (!response.ok) throw new Error(`the board answered ${String(response.status)} ${text}`);
  return text;
}

function cookieOf({ helpers }: SeededEstate, index: number): string {
  return helpers[index % helpers.length]?.cookie ?? '';
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
