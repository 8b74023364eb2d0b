import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { serialize } from 'bson';
import { open } from 'lmdb';
import { MongoClient } from 'mongodb';
import mongoose, { type Model, Schema } from 'mongoose';
import { startEmbeddedStore } from '../src/storage/embedded/host.ts';
import { quantile, readsBesideSlowSync, reopenAfterKill } from './bench-store-disk.ts';

/**
 * Measures the embedded store against a server that does nothing, with the same driver over the same
 * kind of socket, in turns, and prints the share of the floor's rate. `--quick` runs shorter.
 */
const QUICK = process.argv.includes('--quick');
const ROUND_MS = QUICK ? 250 : 1000;
const ROUNDS = QUICK ? 2 : 5;
const CLIENTS = [1, 10, 100];
const DOCUMENTS = 10_000;

interface Thing {
  _id: string;
  name: string;
  n: number;
  text: string;
}

interface Side {
  readonly client: MongoClient;
  readonly model: Model<Thing>;
  close(): Promise<void>;
}

type Operation = (side: Side, i: number) => Promise<unknown>;

const thing = (i: number): Thing => ({ _id: `t${i}`, name: `name ${i}`, n: i, text: 'x'.repeat(700) });
let lastId = 0;

const OPERATIONS: readonly { name: string; aims: readonly number[]; run: Operation }[] = [
  {
    name: 'driver findOne by _id',
    aims: [0.75, 0.75, 0.75],
    run: ({ client }, i) =>
      client
        .db('bench')
        .collection<Thing>('things')
        .findOne({ _id: `t${i % DOCUMENTS}` }),
  },
  {
    name: 'mongoose lean findOne',
    aims: [0.75, 0.75, 0.75],
    run: ({ model }, i) => model.findOne({ _id: `t${i % DOCUMENTS}` }).lean(),
  },
  {
    name: 'driver insert, durable',
    aims: [0.3, 0.4, 0.7],
    run: ({ client }) =>
      client
        .db('bench')
        .collection<Thing>('added')
        .insertOne({ ...thing(0), _id: `a${lastId++}` }),
  },
  {
    name: 'mongoose create, durable',
    aims: [0.3, 0.6, 0.7],
    run: ({ model }) => model.create({ ...thing(0), _id: `m${lastId++}` }),
  },
  {
    name: 'driver findOneAndUpdate',
    aims: [0.2, 0.3, 0.6],
    run: ({ client }, i) =>
      client
        .db('bench')
        .collection<Thing>('things')
        .findOneAndUpdate({ _id: `t${i % DOCUMENTS}` }, { $inc: { n: 1 } }),
  },
];

async function connectSide(uri: string, end: () => Promise<void>): Promise<Side> {
  const client = await MongoClient.connect(uri, { maxPoolSize: 100 });
  const connection = await mongoose.createConnection(uri, { maxPoolSize: 100, dbName: 'bench' }).asPromise();
  const schema = new Schema<Thing>(
    { _id: String, name: String, n: Number, text: String },
    { versionKey: false },
  );
  return {
    client,
    model: connection.model<Thing>('Thing', schema, 'things', { overwriteModels: true }),
    async close() {
      await client.close();
      await connection.close();
      await end();
    },
  };
}

async function startEcho(folder: string): Promise<Side> {
  const path = join(folder, 'echo.sock');
  const worker = new Worker(new URL('./bench-echo.mjs', import.meta.url), {
    workerData: { path, document: thing(1) },
  });
  await new Promise((resolve) => worker.once('message', resolve));
  return connectSide(`mongodb://${encodeURIComponent(path)}/?directConnection=true`, async () => {
    await worker.terminate();
  });
}

async function startStore(folder: string): Promise<Side> {
  const store = await startEmbeddedStore({ dataDir: join(folder, 'data'), ballastBytes: 0 });
  const side = await connectSide(store.uri, () => store.stop());
  const things = side.client.db('bench').collection<Thing>('things');
  await things.insertMany(Array.from({ length: DOCUMENTS }, (_, i) => thing(i)));
  return side;
}

/** Operations per second of `clients` loops, for one round. */
async function rate(side: Side, run: Operation, clients: number, times: number[] = []): Promise<number> {
  const started = performance.now();
  const until = started + ROUND_MS;
  let done = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let i = client; performance.now() < until; i += clients) {
        const at = performance.now();
        await run(side, i);
        times.push(performance.now() - at);
        done++;
      }
    }),
  );
  return (done * 1000) / (performance.now() - started);
}

async function compare(echo: Side, store: Side): Promise<void> {
  console.log('| operation | clients | echo/s | store/s | share | aim |\n|---|---|---|---|---|---|');
  for (const { name, aims, run } of OPERATIONS) {
    for (const [at, clients] of CLIENTS.entries()) {
      let best = { echo: 0, store: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        best = {
          echo: Math.max(best.echo, await rate(echo, run, clients)),
          store: Math.max(best.store, await rate(store, run, clients)),
        };
      }
      const share = best.store / best.echo;
      const verdict = share >= aims[at]! ? '' : ' MISSED';
      console.log(
        `| ${name} | ${clients} | ${best.echo.toFixed(0)} | ${best.store.toFixed(0)} | ${share.toFixed(2)} | ${aims[at]}${verdict} |`,
      );
    }
  }
}

/** One durable put into bare LMDB and one insert into the store, in turns, so that both meet the same disk. */
async function compareWithLmdb(store: Side, folder: string): Promise<void> {
  const raw = open<Buffer, string>({
    path: join(folder, 'raw.mdb'),
    noSubdir: true,
    overlappingSync: false,
    pageSize: 8192,
    encoding: 'binary',
  });
  const value = Buffer.from(serialize(thing(1)));
  const insert = OPERATIONS[2]!.run;
  const times = { raw: [] as number[], store: [] as number[] };
  const until = performance.now() + 2 * ROUNDS * ROUND_MS;
  for (let i = 0; performance.now() < until; i++) {
    const started = performance.now();
    await raw.put(`r${i}`, value);
    const between = performance.now();
    await insert(store, i);
    times.raw.push(between - started);
    times.store.push(performance.now() - between);
  }
  await raw.close();
  const [a, b] = [quantile(times.raw, 0.5), quantile(times.store, 0.5)];
  console.log(
    `\ndurable insert p50 ${b.toFixed(2)} ms, raw LMDB ${a.toFixed(2)} ms (p90 ${quantile(times.raw, 0.9).toFixed(2)}), in turns: ${(b / a).toFixed(2)}x (aim <= 2.5x)`,
  );
}

/** The longest a point read waits while another client scans 100,000 documents. */
async function scanBesideReads(store: Side): Promise<void> {
  const many = store.client.db('bench').collection<{ _id: number; n: number }>('many');
  for (let from = 0; from < 100_000; from += 10_000) {
    await many.insertMany(Array.from({ length: 10_000 }, (_, i) => ({ _id: from + i, n: i })));
  }
  const alone: number[] = [];
  await rate(store, OPERATIONS[0]!.run, 1, alone);
  let finished = false;
  const scan = many.countDocuments({ n: { $gte: 0 }, none: null }).then(() => {
    finished = true;
  });
  const beside: number[] = [];
  while (!finished) {
    const at = performance.now();
    await OPERATIONS[0]!.run(store, beside.length);
    beside.push(performance.now() - at);
  }
  await scan;
  console.log(
    `reads during a scan of 100,000: p50 ${quantile(beside, 0.5).toFixed(2)} ms, worst ${quantile(beside, 1).toFixed(1)} ms (aim <= 10 ms more than alone, p99 ${quantile(alone, 0.99).toFixed(2)} ms)`,
  );
}

/** Nearest 20 with one of 100 skills within 5 km, through the compound index. */
async function nearest(store: Side): Promise<void> {
  const count = QUICK ? 100_000 : 1_000_000;
  const helpers = store.client.db('bench').collection('helpers');
  await helpers.createIndex({ skill: 1, place: '2dsphere' });
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  for (let from = 0; from < count; from += 10_000) {
    await helpers.insertMany(
      Array.from({ length: 10_000 }, () => ({
        skill: Math.floor(random() * 100),
        place: { type: 'Point', coordinates: [87.4 + random() * 0.5, 43.6 + random() * 0.4] },
      })),
    );
  }
  const times: number[] = [];
  const finds: number[] = [];
  for (let i = 0; i < 300; i++) {
    const centre = [87.4 + random() * 0.5, 43.6 + random() * 0.4];
    const at = performance.now();
    await helpers
      .find({
        skill: i % 100,
        place: { $nearSphere: { $geometry: { type: 'Point', coordinates: centre }, $maxDistance: 5000 } },
      })
      .limit(20)
      .toArray();
    times.push(performance.now() - at);
    const second = performance.now();
    await OPERATIONS[0]!.run(store, i);
    finds.push(performance.now() - second);
  }
  console.log(
    `nearest 20 of ${count}: p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms; findOne p50 ${quantile(finds, 0.5).toFixed(2)} ms`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
console.log(`Node ${process.version}, ${cpus().length} cores, ${ROUNDS} rounds of ${ROUND_MS} ms\n`);
const echo = await startEcho(folder);
const store = await startStore(folder);
await compare(echo, store);
await compareWithLmdb(store, folder);
await scanBesideReads(store);
await nearest(store);
await echo.close();
await store.close();
await readsBesideSlowSync(folder, QUICK ? 2000 : 5000);
await reopenAfterKill(folder, QUICK ? 2 : 10);
rmSync(folder, { recursive: true, force: true });
