import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { serialize } from 'bson';
import { type Collection, type Db, Decimal128, Double, Int32, Long, type W } from 'mongodb';
import { COMMANDS } from '../../../src/storage/embedded/command/table.ts';
import { frameReply } from '../../../src/storage/embedded/wire/splice.ts';
import { errorOf, startTestStore, type TestStore } from './support.ts';

interface Item {
  _id: number;
  [field: string]: unknown;
}

describe('commands of the embedded store', () => {
  let running: TestStore;
  let db: Db;
  let items: Collection<Item>;

  before(async () => {
    running = await startTestStore();
    db = running.client.db('linli');
  });

  beforeEach(async () => {
    await db.dropDatabase();
    items = db.collection<Item>('items');
  });

  after(() => running.end());

  it('refuses every field that is not in the table, for every command', async () => {
    for (const name of COMMANDS.keys()) {
      const error = await errorOf(db.admin().command({ [name]: 1, notAField: 1 }));
      expect(error, name).to.include({ code: 40415, codeName: 'Location40415' });
    }
    expect(await errorOf(db.command({ noSuchThing: 1 }))).to.include({
      code: 59,
      codeName: 'CommandNotFound',
    });
  });

  it('keeps number types, field order and the bytes of a document', async () => {
    const doc = {
      _id: 1,
      z: new Double(5),
      a: new Int32(5),
      l: Long.fromString('9007199254740993'),
      d: Decimal128.fromString('1.10'),
    };
    await items.insertOne(doc);
    const exact = await items.findOne({ _id: 1 }, { promoteValues: false });
    expect(Object.keys(exact!)).to.deep.equal(['_id', 'z', 'a', 'l', 'd']);
    expect(exact!['z']).to.have.property('_bsontype', 'Double');
    expect(String(exact!['l'])).to.equal('9007199254740993');
    expect(String(exact!['d'])).to.equal('1.10');
    await items.updateOne({ _id: 1 } as never, { $inc: { a: 1 } } as never);
    const after = await items.findOne({ _id: 1 }, { promoteValues: false });
    expect(after!['z']).to.have.property('_bsontype', 'Double');
    expect(after!['a']).to.have.property('_bsontype', 'Int32');
  });

  it('puts _id first and makes one when it is missing', async () => {
    await db.command({ insert: 'items', documents: [{ a: 1, _id: 5 }, { a: 2 }] });
    const [five, made] = await items.find().sort({ a: 1 }).toArray();
    expect(Object.keys(five!)).to.deep.equal(['_id', 'a']);
    expect(made!._id).to.have.property('_bsontype', 'ObjectId');
  });

  it('reads in batches, kills cursors and forgets them', async () => {
    await items.insertMany(Array.from({ length: 1000 }, (_, i) => ({ _id: i })));
    const cursor = items.find().batchSize(7);
    const ids: number[] = [];
    for await (const { _id } of cursor) ids.push(_id);
    expect(ids).to.deep.equal(Array.from({ length: 1000 }, (_, i) => i));
    const reply = await db.command({ find: 'items', batchSize: 2 });
    const id = reply['cursor'].id as Long;
    expect(reply['cursor'].firstBatch).to.have.length(2);
    expect(await db.command({ getMore: id, collection: 'items', batchSize: 3 }))
      .to.have.nested.property('cursor.nextBatch')
      .with.length(3);
    expect(await errorOf(db.command({ getMore: id, collection: 'others' }))).to.include({ code: 13 });
    const killed = await db.command({ killCursors: 'items', cursors: [id, Long.fromNumber(77)] });
    expect(killed['cursorsKilled'].map(String)).to.deep.equal([String(id)]);
    expect(killed['cursorsNotFound'].map(String)).to.deep.equal(['77']);
    expect(await errorOf(db.command({ getMore: id, collection: 'items' }))).to.include({ code: 43 });
    const single = await db.command({ find: 'items', batchSize: 2, singleBatch: true });
    expect(String(single['cursor'].id)).to.equal('0');
  });

  it('shows a cursor the moment it was opened at', async () => {
    await items.insertMany(Array.from({ length: 300 }, (_, i) => ({ _id: i, v: 1 })));
    const cursor = items.find({ v: 1 }).batchSize(10);
    await cursor.next();
    await items.updateMany({}, { $set: { v: 2 } });
    await items.deleteMany({ _id: { $gt: 200 } });
    expect(await cursor.toArray()).to.have.length(299);
    expect(await items.countDocuments({ v: 2 })).to.equal(201);
  });

  it('splits a large answer and refuses a document that is too large', async () => {
    const big = 'x'.repeat(5_000_000);
    for (let i = 0; i < 5; i++) await items.insertOne({ _id: i, big });
    const reply = await db.command({ find: 'items', batchSize: 100 });
    expect(reply['cursor'].firstBatch).to.have.length(3);
    expect(await items.find().toArray()).to.have.length(5);
    await items.updateOne({ _id: 0 }, { $set: { second: big } });
    expect(await errorOf(items.updateOne({ _id: 0 }, { $set: { third: big, fourth: big } }))).to.include({
      code: 10334,
    });
    expect(Object.keys((await items.findOne({ _id: 0 }))!)).to.deep.equal(['_id', 'big', 'second']);
  });

  it('stops an ordered insert at its first error and runs an unordered one to the end', async () => {
    const docs = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const ordered = await errorOf(items.insertMany(docs));
    expect(ordered).to.include({ code: 11000, insertedCount: 1 });
    const unordered = await errorOf(items.insertMany(docs, { ordered: false }));
    expect(unordered).to.include({ insertedCount: 1 });
    expect(await items.countDocuments()).to.equal(2);
  });

  it('reports duplicates of every kind of unique index with pattern and value', async () => {
    await items.createIndex({ 'a.b': 1, c: -1 }, { unique: true });
    await items.insertOne({ _id: 1, a: [{ b: 1 }, { b: 2 }], c: 'x' });
    const error = await errorOf(items.insertOne({ _id: 2, a: { b: 2 }, c: 'x' }));
    expect(error).to.include({ code: 11000 });
    expect(error['keyPattern']).to.deep.equal({ 'a.b': 1, c: -1 });
    expect(error['keyValue']).to.deep.equal({ 'a.b': 2, c: 'x' });
    await items.insertOne({ _id: 3, a: { b: 3 } });
    expect(await errorOf(items.updateOne({ _id: 3 }, { $set: { 'a.b': 1, c: 'x' } }))).to.include({
      code: 11000,
    });
    expect(await items.findOne({ _id: 3 })).to.deep.equal({ _id: 3, a: { b: 3 } });
    expect((await errorOf(items.insertOne({ _id: 3 })))['keyPattern']).to.deep.equal({ _id: 1 });
  });

  it('refuses an index whose documents hold duplicates, and leaves nothing of it', async () => {
    await items.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    expect(await errorOf(items.createIndex({ a: 1 }, { unique: true }))).to.include({ code: 11000 });
    expect((await items.indexes()).map(({ name }) => name)).to.deep.equal(['_id_']);
    await items.insertOne({ _id: 3, a: 1 });
  });

  it('tells conflicts of indexes apart', async () => {
    await items.createIndex({ a: 1 });
    await items.createIndex({ a: 1 });
    expect(await errorOf(items.createIndex({ a: 1 }, { name: 'other' }))).to.include({ code: 85 });
    expect(await errorOf(items.createIndex({ b: 1 }, { name: 'a_1' }))).to.include({ code: 86 });
    expect(await errorOf(items.createIndex({ a: 1 }, { expireAfterSeconds: 5 }))).to.include({ code: 85 });
    for (const kind of ['text', 'hashed', '2d']) {
      expect(await errorOf(items.createIndex({ x: kind } as never)), kind).to.include({ code: 67 });
    }
    expect(await errorOf(items.createIndex({ '$**': 1 }))).to.include({ code: 67 });
    expect(await errorOf(items.createIndex({ a: 1, b: 1 }, { expireAfterSeconds: 5 }))).to.include({
      code: 67,
    });
    expect(await errorOf(items.dropIndex('nothing'))).to.include({ code: 27 });
    expect(await errorOf(items.dropIndex('_id_'))).to.include({ code: 72 });
    expect(await errorOf(db.command({ listIndexes: 'absent' }))).to.include({ code: 26 });
  });

  it('lists, renames and drops collections', async () => {
    await db.createCollection('first');
    expect(await errorOf(db.command({ create: 'first' }))).to.include({ code: 48 });
    await db.collection('first').rename('second');
    expect(
      (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
    ).to.deep.equal(['second']);
    expect((await db.listCollections({ name: 'second' }).toArray())[0]).to.have.nested.property('info.uuid');
    expect(await errorOf(db.collection('first').rename('third'))).to.include({ code: 26 });
    expect(await db.collection('second').drop()).to.equal(true);
    for (const options of [
      { capped: true, size: 10 },
      { viewOn: 'x', pipeline: [] },
      { timeseries: { timeField: 't' } },
    ]) {
      expect(await errorOf(db.createCollection('refused', options))).to.include({ code: 115 });
    }
    expect(await errorOf(db.command({ create: 'bad$name' }))).to.include({ code: 73 });
  });

  it('ends an operation at its maxTimeMS', async () => {
    await items.insertMany(Array.from({ length: 20_000 }, (_, i) => ({ _id: i, text: 'x'.repeat(200) })));
    const slow = items.find({ text: { $regex: 'y$' }, 'no.such': 1 }, { maxTimeMS: 1 }).toArray();
    expect(await errorOf(slow)).to.include({ code: 50 });
  });

  it('gives other clients their turn during a long scan', async () => {
    await items.insertMany(Array.from({ length: 30_000 }, (_, i) => ({ _id: i, n: i })));
    const scan = items.countDocuments({ n: { $gte: 0 }, 'no.such': null });
    let finished = false;
    void scan.then(() => {
      finished = true;
    });
    await items.findOne({ _id: 5 });
    expect(finished).to.equal(false);
    expect(await scan).to.equal(30_000);
    expect(running.logged.some(({ message }) => message === 'full scan of a collection')).to.equal(true);
  });

  it('walks backwards when the sort is natural and negative', async () => {
    await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    const ids = (await items.find().sort({ $natural: -1 }).toArray()).map(({ _id }) => _id);
    expect(ids).to.deep.equal([3, 2, 1]);
    expect(await items.findOneAndDelete({}, { sort: { $natural: -1 } })).to.deep.equal({ _id: 3 });
  });

  it('does the write and says what one node cannot promise about it', async () => {
    const concerns: readonly [2 | 'everywhere', number][] = [
      [2, 100],
      ['everywhere', 79],
    ];
    for (const [w, code] of concerns) {
      const error = await errorOf(items.insertOne({ _id: code }, { writeConcern: { w: w as W } }));
      expect(error).to.include({ name: 'MongoWriteConcernError', code });
    }
    expect(await items.countDocuments()).to.equal(2);
    for (const w of [1, 'majority'])
      expect(
        await db.command({ delete: 'items', deletes: [{ q: {}, limit: 1 }], writeConcern: { w } }),
      ).not.to.have.property('writeConcernError');
  });

  it('refuses an _id that holds operators, and search indexes', async () => {
    expect(await errorOf(items.insertOne({ _id: { $a: 1 } } as never))).to.include({ code: 52 });
    expect(await errorOf(db.command({ createSearchIndexes: 'items', indexes: [] }))).to.include({
      code: 31082,
    });
  });

  it('answers nothing to a write without acknowledgement, and does it', async () => {
    await items.insertOne({ _id: 1 }, { writeConcern: { w: 0 } });
    await items.insertOne({ _id: 2 });
    expect(await items.countDocuments()).to.be.within(1, 2);
    expect(await items.findOne({ _id: 2 })).to.deep.equal({ _id: 2 });
  });

  it('cuts a connection that sends what cannot be read, and goes on with the others', async () => {
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(64, 0xff),
      Buffer.concat([frameReply(2013, 0, serialize({ ping: 1 })).subarray(0, -1), Buffer.of(7)]),
    ]) {
      const socket = connect(join(running.dataDir, 'store.sock'));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => {});
      socket.write(bytes);
      socket.end();
      await closed;
    }
    expect(await db.command({ ping: 1 })).to.include({ ok: 1 });
  });

  it('counts, with bounds alone where an index says everything', async () => {
    await items.createIndex({ a: 1, b: 1 });
    await items.insertMany(Array.from({ length: 200 }, (_, i) => ({ _id: i, a: i % 4, b: i })));
    expect(await items.countDocuments({ a: 1 })).to.equal(50);
    expect(await items.countDocuments({ a: 1, b: { $gte: 100 } })).to.equal(25);
    expect(await items.countDocuments({ a: 1 }, { skip: 45, limit: 10 })).to.equal(5);
    expect(await items.countDocuments({ a: { $in: [1, 2] } })).to.equal(100);
    expect(await items.estimatedDocumentCount()).to.equal(200);
    expect(await db.command({ count: 'items', query: { b: { $lt: 10 } } })).to.include({ n: 10 });
  });
});
