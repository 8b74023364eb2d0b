import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { deserialize } from 'bson';
import { expect } from 'chai';
import { type Collection, MongoClient } from 'mongodb';
import { errorOf, makeDataDir, startTestStore, type TestStore } from './support.ts';

interface Item {
  _id: number;
  n: number;
}

describe('retryable writes whose answer is lost', () => {
  let running: TestStore;
  let proxy: Proxy;
  let client: MongoClient;
  let items: Collection<Item>;

  beforeEach(async () => {
    running = await startTestStore();
    proxy = await startProxy(join(running.dataDir, 'store.sock'));
    client = await MongoClient.connect(proxy.uri);
    items = client.db().collection<Item>('items');
    await items.insertMany([
      { _id: 1, n: 0 },
      { _id: 2, n: 0 },
    ]);
  });

  afterEach(async () => {
    await client.close();
    await proxy.stop();
    await running.end();
  });

  const all = () => running.client.db('linli').collection<Item>('items').find().sort({ _id: 1 }).toArray();

  it('insertOne inserts once', async () => {
    proxy.loseAnswerOf('insert');
    expect(await items.insertOne({ _id: 3, n: 7 })).to.include({ insertedId: 3 });
    expect(proxy.lost).to.equal(1);
    expect(await all()).to.have.length(3);
  });

  it('insertMany of many statements inserts each once', async () => {
    proxy.loseAnswerOf('insert');
    const many = Array.from({ length: 2000 }, (_, i) => ({ _id: 100 + i, n: i }));
    expect((await items.insertMany(many)).insertedCount).to.equal(2000);
    expect(proxy.lost).to.equal(1);
    expect(await all()).to.have.length(2002);
  });

  it('updateOne with $inc adds once', async () => {
    proxy.loseAnswerOf('update');
    expect(await items.updateOne({ _id: 1 }, { $inc: { n: 1 } })).to.include({ modifiedCount: 1 });
    expect(await all()).to.deep.equal([
      { _id: 1, n: 1 },
      { _id: 2, n: 0 },
    ]);
  });

  it('an upsert tells the id it inserted the first time', async () => {
    proxy.loseAnswerOf('update');
    const result = await items.updateOne({ _id: 9 }, { $inc: { n: 1 } }, { upsert: true });
    expect(result).to.include({ upsertedCount: 1, upsertedId: 9 });
    expect((await all()).at(-1)).to.deep.equal({ _id: 9, n: 1 });
  });

  it('findOneAndUpdate answers with the document of the first time', async () => {
    proxy.loseAnswerOf('findAndModify');
    const after = await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 5 } }, { returnDocument: 'after' });
    expect(after).to.deep.equal({ _id: 1, n: 5 });
    expect((await all())[0]).to.deep.equal({ _id: 1, n: 5 });
  });

  it('deleteOne and findOneAndDelete remove one document', async () => {
    proxy.loseAnswerOf('delete');
    expect((await items.deleteOne({ n: 0 })).deletedCount).to.equal(1);
    expect(await all()).to.have.length(1);
    proxy.loseAnswerOf('findAndModify');
    expect(await items.findOneAndDelete({ n: 0 })).to.deep.equal({ _id: 2, n: 0 });
    expect(await all()).to.have.length(0);
    expect(proxy.lost).to.equal(2);
  });

  it('an ordered bulk write does each part once', async () => {
    proxy.loseAnswerOf('update');
    await items.bulkWrite([
      { insertOne: { document: { _id: 3, n: 0 } } },
      { updateOne: { filter: { _id: 3 }, update: { $inc: { n: 1 } } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
      { deleteOne: { filter: { _id: 2 } } },
    ]);
    expect(await all()).to.deep.equal([
      { _id: 1, n: 1 },
      { _id: 3, n: 1 },
    ]);
  });

  it('a number smaller than the latest of its session is refused', async () => {
    const session = client.startSession();
    const lsid = session.id;
    const send = (txnNumber: bigint) =>
      client
        .db()
        .command({ update: 'items', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }], lsid, txnNumber });
    await send(5n);
    await send(5n);
    expect(await errorOf(send(4n))).to.include({ code: 225 });
    await send(6n);
    await session.endSession();
    expect((await all())[0]).to.deep.equal({ _id: 1, n: 2 });
  });
});

interface Proxy {
  readonly uri: string;
  readonly lost: number;
  /** The next answer to this command is thrown away, with its connection. */
  loseAnswerOf(command: string): void;
  stop(): Promise<void>;
}

/** Stands between driver and store; answers come only after the commit, so a lost one is lost after it. */
async function startProxy(target: string): Promise<Proxy> {
  const dataDir = makeDataDir();
  const path = join(dataDir, 'proxy.sock');
  let wanted: string | undefined;
  let lost = 0;
  const server: Server = createServer((incoming) => {
    const outgoing = connect(target);
    let isDoomed = false;
    incoming.on('data', (chunk) => {
      if (wanted !== undefined && commandOf(chunk) === wanted) {
        isDoomed = true;
        wanted = undefined;
      }
      outgoing.write(chunk);
    });
    outgoing.on('data', (chunk) => {
      if (!isDoomed) {
        incoming.write(chunk);
        return;
      }
      lost++;
      incoming.destroy();
      outgoing.destroy();
    });
    const end = () => {
      incoming.destroy();
      outgoing.destroy();
    };
    incoming.on('close', end).on('error', end);
    outgoing.on('close', end).on('error', end);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    uri: `mongodb://${encodeURIComponent(path)}/linli?directConnection=true`,
    get lost() {
      return lost;
    },
    loseAnswerOf(command) {
      wanted = command;
    },
    async stop() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The command of a chunk that begins with a message; undefined for the rest of a long one. */
function commandOf(chunk: Buffer): string | undefined {
  if (chunk.length < 26 || chunk.readInt32LE(12) !== 2013 || chunk[20] !== 0) return undefined;
  const size = chunk.readInt32LE(21);
  return size > chunk.length - 21 ? undefined : Object.keys(deserialize(chunk.subarray(21, 21 + size)))[0];
}
