import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { type Collection, MongoClient } from 'mongodb';
import { verifyStore } from '../../../src/storage/embedded/tools/verify.ts';
import { startStoreProcess } from './store-process.ts';
import { makeDataDir } from './support.ts';

const KILLS = Number(process.env['STORE_KILLS'] ?? 8);
const WRITERS = 8;

interface Line {
  _id: string;
  writer: number;
  n: number;
  at: Date;
}

/** What the writers know: acknowledged is certain, attempted may or may not have happened. */
interface Ledger {
  readonly acknowledged: Set<string>;
  readonly attempted: Set<string>;
  readonly counted: number[];
  readonly tried: number[];
}

describe('a store that is killed', () => {
  it(`keeps every acknowledged write and nothing foreign over ${KILLS} kills`, async () => {
    const dataDir = makeDataDir();
    const ledger: Ledger = {
      acknowledged: new Set(),
      attempted: new Set(),
      counted: Array.from({ length: WRITERS }, () => 0),
      tried: Array.from({ length: WRITERS }, () => 0),
    };
    for (let round = 0; round < KILLS; round++) {
      const store = await startStoreProcess(dataDir);
      const client = await MongoClient.connect(store.uri, {
        retryWrites: false,
        serverSelectionTimeoutMS: 10_000,
      });
      const lines = client.db().collection<Line>('lines');
      await checkAgainst(ledger, client);
      // A different number of writes each time, so that the kills fall on different moments.
      const goal = ledger.acknowledged.size + 60 + ((37 * round) % 90);
      const rest = disturb(round, client);
      await Promise.all(
        Array.from({ length: WRITERS }, (_, writer) =>
          write(lines, client, ledger, writer, () => {
            if (ledger.acknowledged.size >= goal) void store.kill();
          }),
        ),
      );
      await store.kill();
      await rest;
      await client.close();
      expect((await verifyStore(dataDir)).problems).to.deep.equal([]);
    }
    const store = await startStoreProcess(dataDir);
    const client = await MongoClient.connect(store.uri);
    await checkAgainst(ledger, client);
    await client.close();
    await store.kill();
    rmSync(dataDir, { recursive: true, force: true });
  }).timeout(60_000 + KILLS * 30_000);

  /** Writes until the store is gone. */
  async function write(
    lines: Collection<Line>,
    client: MongoClient,
    ledger: Ledger,
    writer: number,
    wrote: () => void,
  ): Promise<void> {
    const counters = client.db().collection<{ _id: number; count: number }>('counters');
    for (let n = ledger.tried[writer]! + 1; ; n++) {
      const _id = `${writer}-${n}`;
      ledger.attempted.add(_id);
      ledger.tried[writer] = n;
      try {
        await lines.insertOne({ _id, writer, n, at: new Date(0) });
        ledger.acknowledged.add(_id);
        await counters.updateOne({ _id: writer }, { $inc: { count: 1 } }, { upsert: true });
        ledger.counted[writer]!++;
      } catch {
        return;
      }
      wrote();
    }
  }

  /** Index builds, drops and expiry under way at the moment of the kill. */
  async function disturb(round: number, client: MongoClient): Promise<void> {
    const db = client.db();
    try {
      if (round % 4 === 1)
        await db.collection('lines').createIndex({ writer: 1, n: -1 }, { name: `built-${round}` });
      if (round % 4 === 2) {
        const brief = db.collection<{ _id: number; at: Date }>(`brief-${round}`);
        await brief.createIndex({ at: 1 }, { expireAfterSeconds: 0 });
        await brief.insertMany(Array.from({ length: 3000 }, (_, i) => ({ _id: i, at: new Date(0) })));
      }
      if (round % 4 === 3) {
        for (const { name } of await db.collection('lines').indexes()) {
          if (name !== '_id_') await db.collection('lines').dropIndex(name!);
        }
        await db.collection(`brief-${round - 1}`).drop();
      }
    } catch {
      // The kill may meet it at any point; what matters is what is there afterwards.
    }
  }

  async function checkAgainst(ledger: Ledger, client: MongoClient): Promise<void> {
    const found = await client.db().collection<Line>('lines').find().toArray();
    const there = new Set(found.map(({ _id }) => _id));
    expect([...ledger.acknowledged].filter((id) => !there.has(id))).to.deep.equal([]);
    expect([...there].filter((id) => !ledger.attempted.has(id))).to.deep.equal([]);
    const counters = await client
      .db()
      .collection<{ _id: number; count: number }>('counters')
      .find()
      .toArray();
    for (const { _id, count } of counters) {
      // At most the one that was under way at each kill is there without an acknowledgement.
      expect(count).to.be.within(ledger.counted[_id]!, ledger.counted[_id]! + KILLS);
    }
  }
});
