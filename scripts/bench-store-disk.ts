import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { openServer } from '../src/storage/embedded/server.ts';

/** What the store's benchmark measures with a store in a process of its own: kills, and a slow disk. */

export function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

interface Served {
  readonly client: MongoClient;
  readonly child: ChildProcess;
}

async function serve(dataDir: string, before: readonly string[] = []): Promise<Served> {
  const script = fileURLToPath(new URL('store-serve.ts', import.meta.url));
  const args = [...before, process.execPath, '--import', 'tsx', script, '--data', dataDir, '--port', '0'];
  const child = spawn(args[0]!, args.slice(1), { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const uri = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const found = /(mongodb:\S+)/.exec(printed);
      if (found !== null) resolve(found[1]!);
    });
    child.once('exit', () => reject(new Error(`the store did not start: ${printed}`)));
  });
  return { child, client: await MongoClient.connect(uri) };
}

async function kill({ client, child }: Served): Promise<void> {
  const ended = once(child, 'exit');
  // The whole group: a tracer in front would leave the store running.
  process.kill(-child.pid!, 'SIGKILL');
  await ended;
  await client.close();
}

/** How long a store of 100,000 documents takes to answer again after it was killed among its writes. */
export async function reopenAfterKill(folder: string, rounds: number): Promise<void> {
  const dataDir = join(folder, 'killed');
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const served = await serve(dataDir);
    const many = served.client.db('bench').collection<{ _id: string; text: string }>('many');
    const text = 'x'.repeat(200);
    if (round === 0) {
      for (let from = 0; from < 100_000; from += 10_000) {
        await many.insertMany(Array.from({ length: 10_000 }, (_, i) => ({ _id: `d${from + i}`, text })));
      }
    }
    const writes = Array.from({ length: 8 }, async (_, writer) => {
      try {
        for (let i = 0; ; i++) await many.insertOne({ _id: `r${round}-${writer}-${i}`, text });
      } catch {
        // The kill ends it.
      }
    });
    while ((await many.countDocuments({ _id: { $regex: `^r${round}-0-` } }, { limit: 50 })) < 50);
    await kill(served);
    await Promise.all(writes);
    const started = performance.now();
    const socket = join(dataDir, 'bench.sock');
    const again = await openServer({
      dataDir,
      listen: { path: socket },
      ballastBytes: 0,
      log: () => {},
      onFatal: () => {},
    });
    times.push(performance.now() - started);
    await again.stop();
  }
  console.log(
    `reopen after kill -9, 100,000 documents: p50 ${quantile(times, 0.5).toFixed(1)} ms, worst ${quantile(times, 1).toFixed(1)} ms of ${rounds} (aim <= 50 ms)`,
  );
}

/** Point reads while another client writes, with fdatasync as it is and 10 ms slower; both under strace. */
export async function readsBesideSlowSync(folder: string, forMs: number): Promise<void> {
  if (spawnSync('strace', ['-f', '-e', 'trace=fdatasync', 'true']).status !== 0) {
    console.log('reads while fsync is slow: not measured, strace is missing or may not trace');
    return;
  }
  const p99: number[] = [];
  for (const delay of ['1', '10000']) {
    const inject = `inject=fdatasync:delay_enter=${delay}`;
    const before = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', inject];
    const served = await serve(join(folder, `slow-${delay}`), before);
    const things = served.client.db('bench').collection<{ _id: number; n: number }>('things');
    await things.insertMany(Array.from({ length: 1000 }, (_, i) => ({ _id: i, n: 0 })));
    const until = performance.now() + forMs;
    const times: number[] = [];
    const writing = (async () => {
      for (let i = 0; performance.now() < until; i++)
        await things.updateOne({ _id: i % 1000 }, { $inc: { n: 1 } });
    })();
    while (performance.now() < until) {
      const at = performance.now();
      await things.findOne({ _id: times.length % 1000 });
      times.push(performance.now() - at);
    }
    await writing;
    await kill(served);
    p99.push(quantile(times, 0.99));
    console.log(
      `reads beside one writer, fdatasync +${Number(delay) / 1000} ms: p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms`,
    );
  }
  console.log(`read p99 with a slow sync: ${(p99[1]! / p99[0]!).toFixed(2)}x (aim <= 2x)`);
}
