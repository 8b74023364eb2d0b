import { expect } from 'chai';
import type { Collection } from 'mongodb';
import { errorOf, startTestStore, type TestStore } from './support.ts';

interface Item {
  _id: number;
  n: number;
}

describe('the reads of a snapshot session', () => {
  let running: TestStore;
  let items: Collection<Item>;

  before(async () => {
    running = await startTestStore();
    items = running.client.db().collection<Item>('items');
  });

  beforeEach(async () => {
    await items.deleteMany({});
    await items.insertMany(Array.from({ length: 300 }, (_, i) => ({ _id: i, n: 0 })));
  });

  after(() => running.end());

  it('all see the moment of the first one', async () => {
    await running.client.withSession({ snapshot: true }, async (session) => {
      expect(await items.findOne({ _id: 1 }, { session })).to.deep.equal({ _id: 1, n: 0 });
      await items.updateMany({}, { $inc: { n: 1 } });
      await items.deleteOne({ _id: 2 });
      expect(await items.findOne({ _id: 1 }, { session })).to.deep.equal({ _id: 1, n: 0 });
      expect(await items.countDocuments({ n: 0 }, { session })).to.equal(300);
      expect(await items.distinct('n', {}, { session })).to.deep.equal([0]);
      const all = await items.find({ n: 0 }, { session, batchSize: 20 }).toArray();
      expect(all).to.have.length(300);
      await running.client.db().dropCollection('items');
      expect(await items.findOne({ _id: 2 }, { session })).to.deep.equal({ _id: 2, n: 0 });
    });
    expect(await items.countDocuments()).to.equal(0);
  });

  it('are refused where a moment makes no sense, and at a time that is not kept', async () => {
    const db = running.client.db();
    const readConcern = { level: 'snapshot' };
    for (const command of [
      { insert: 'items', documents: [{ _id: -1 }], readConcern },
      { listCollections: 1, cursor: {}, readConcern },
    ])
      expect(await errorOf(db.command(command))).to.include({ code: 72 });
    const { cursor } = (await db.command({ find: 'items', limit: 1, readConcern })) as {
      cursor: { atClusterTime: object };
    };
    const at = (atClusterTime: unknown) =>
      db.command({ find: 'items', limit: 1, readConcern: { ...readConcern, atClusterTime } });
    expect(await at(cursor.atClusterTime)).to.include({ ok: 1 });
    const { operationTime } = (await db.command({ ping: 1 })) as { operationTime: unknown };
    expect(await errorOf(at(operationTime))).to.include({ code: 239, codeName: 'SnapshotTooOld' });
  });
});
