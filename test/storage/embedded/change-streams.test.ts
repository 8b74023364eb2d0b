import { rmSync } from 'node:fs';
import { expect } from 'chai';
import {
  type ChangeStream,
  type Collection,
  type Db,
  type Document,
  MongoClient,
  type ResumeToken,
} from 'mongodb';
import { openEngine } from '../../../src/storage/embedded/open-engine.ts';
import { submitWrite } from '../../../src/storage/embedded/engine.ts';
import { errorOf, makeDataDir, startTestStore, type TestStore } from './support.ts';

interface Note extends Document {
  _id: number;
}

describe('change streams', () => {
  let running: TestStore;
  let db: Db;
  let notes: Collection<Note>;

  beforeEach(async () => {
    running = await startTestStore();
    db = running.client.db('linli');
    notes = db.collection<Note>('notes');
  });

  afterEach(() => running.end());

  /** Opens the stream on the server, so that what follows is seen. */
  const quick = { maxAwaitTimeMS: 20 };

  async function opened<T extends ChangeStream<Document, Document>>(stream: T): Promise<T> {
    expect(await stream.tryNext()).to.equal(null);
    return stream;
  }

  async function take(stream: ChangeStream<Document, Document>, count: number): Promise<Document[]> {
    const out: Document[] = [];
    while (out.length < count) out.push(await stream.next());
    return out;
  }

  it('shows inserts, updates with what changed, replacements and deletes, in order', async () => {
    const stream = await opened(notes.watch([], quick));
    await notes.insertOne({ _id: 1, a: { b: 1, c: 2 }, list: [1, 2, 3], gone: true });
    await notes.updateOne(
      { _id: 1 },
      { $set: { 'a.b': 5, fresh: 'x' }, $unset: { gone: 1 }, $pop: { list: 1 } },
    );
    await notes.replaceOne({ _id: 1 }, { other: 1 });
    await notes.deleteOne({ _id: 1 });
    const events = await take(stream, 4);
    await stream.close();
    expect(events.map(({ operationType }) => operationType)).to.deep.equal([
      'insert',
      'update',
      'replace',
      'delete',
    ]);
    expect(events[0]).to.deep.include({
      fullDocument: { _id: 1, a: { b: 1, c: 2 }, list: [1, 2, 3], gone: true },
      ns: { db: 'linli', coll: 'notes' },
      documentKey: { _id: 1 },
    });
    expect(events[1]!['updateDescription']).to.deep.equal({
      updatedFields: { 'a.b': 5, fresh: 'x' },
      removedFields: ['gone'],
      truncatedArrays: [{ field: 'list', newSize: 2 }],
    });
    expect(events[1]).not.to.have.property('fullDocument');
    expect(events[2]!['fullDocument']).to.deep.equal({ _id: 1, other: 1 });
    expect(events[3]).not.to.have.property('fullDocument');
    expect(events[0]!['clusterTime']).to.have.property('_bsontype', 'Timestamp');
  });

  it('says nothing about writes that change nothing or fail', async () => {
    await notes.insertOne({ _id: 1, a: 1 });
    const stream = await opened(notes.watch([], quick));
    await notes.updateOne({ _id: 1 }, { $set: { a: 1 } });
    await errorOf(notes.insertOne({ _id: 1 }));
    await notes.insertOne({ _id: 2 });
    expect((await take(stream, 1))[0]!['documentKey']).to.deep.equal({ _id: 2 });
    await stream.close();
  });

  it('looks up the document of an update, null when it is gone', async () => {
    await notes.insertOne({ _id: 1, a: 1 });
    const stream = await opened(notes.watch([], { fullDocument: 'updateLookup', ...quick }));
    await notes.updateOne({ _id: 1 }, { $set: { a: 2 } });
    await notes.updateOne({ _id: 1 }, { $set: { a: 3 } });
    expect((await take(stream, 1))[0]!['fullDocument']).to.deep.equal({ _id: 1, a: 3 });
    await take(stream, 1);
    await notes.updateOne({ _id: 1 }, { $set: { a: 4 } });
    await notes.deleteOne({ _id: 1 });
    expect((await take(stream, 1))[0]!['fullDocument']).to.equal(null);
    await stream.close();
  });

  it('goes on after its token when the store was restarted', async () => {
    const stream = await opened(notes.watch([], quick));
    await notes.insertOne({ _id: 1 });
    await take(stream, 1);
    const token = stream.resumeToken;
    await stream.close();
    await notes.insertOne({ _id: 2 });
    await running.stop();
    running = await startTestStore({ dataDir: running.dataDir });
    notes = running.client.db('linli').collection<Note>('notes');
    await notes.insertOne({ _id: 3 });
    const again = notes.watch([], { resumeAfter: token });
    expect((await take(again, 2)).map(({ documentKey }) => documentKey)).to.deep.equal([
      { _id: 2 },
      { _id: 3 },
    ]);
    await again.close();
  });

  it('starts at an operation time', async () => {
    const stream = await opened(notes.watch([], quick));
    await notes.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    const [, second] = await take(stream, 3);
    await stream.close();
    const later = notes.watch([], { startAtOperationTime: second!['clusterTime'] });
    expect((await take(later, 2)).map(({ documentKey }) => documentKey)).to.deep.equal([
      { _id: 2 },
      { _id: 3 },
    ]);
    await later.close();
  });

  it('filters and shapes events, as the Socket.IO adapter asks', async () => {
    const stream = await opened(notes.watch([{ $match: { 'fullDocument.uid': { $ne: 'me' } } }], quick));
    await notes.insertMany([
      { _id: 1, uid: 'me' },
      { _id: 2, uid: 'you' },
    ]);
    expect((await take(stream, 1))[0]!['fullDocument']).to.deep.equal({ _id: 2, uid: 'you' });
    await stream.close();
    expect(await errorOf(notes.watch([{ $group: { _id: 1 } }]).next())).to.include({ code: 20 });
    const noToken = await opened(notes.watch([{ $project: { _id: 0 } }], quick));
    await notes.insertOne({ _id: 3 });
    expect(await errorOf(noToken.next())).to.include({ code: 280 });
  });

  it('watches a database, and ends with an invalidate when its collection is dropped', async () => {
    const whole = await opened(db.watch([], quick));
    const one = await opened(notes.watch([], quick));
    await db.collection<Note>('others').insertOne({ _id: 1 });
    await notes.insertOne({ _id: 1 });
    await notes.drop();
    expect((await take(whole, 3)).map((event) => [event['operationType'], event['ns'].coll])).to.deep.equal([
      ['insert', 'others'],
      ['insert', 'notes'],
      ['drop', 'notes'],
    ]);
    expect((await take(one, 3)).map(({ operationType }) => operationType)).to.deep.equal([
      'insert',
      'drop',
      'invalidate',
    ]);
    expect(await one.hasNext().catch(() => false)).to.equal(false);
    await whole.close();
  });

  it('ends again when it is resumed after the event that ended it, and starts after an invalidate', async () => {
    await notes.insertOne({ _id: 1 });
    const stream = await opened(notes.watch([], quick));
    await notes.drop();
    const [dropped, invalidated] = await take(stream, 2);
    const again = notes.watch([], { resumeAfter: dropped!['_id'] as ResumeToken });
    expect((await take(again, 1))[0]).to.include({ operationType: 'invalidate' });
    const wrongly = notes.watch([], { resumeAfter: invalidated!['_id'] as ResumeToken });
    expect(await errorOf(wrongly.next())).to.include({ code: 260 });
    const anew = await opened(notes.watch([], { ...quick, startAfter: invalidated!['_id'] as ResumeToken }));
    await notes.insertOne({ _id: 2 });
    expect((await take(anew, 1))[0]).to.deep.include({ operationType: 'insert', fullDocument: { _id: 2 } });
    await anew.close();
  });

  it('refuses a read concern below majority, expanded events, and stages nobody knows', async () => {
    const local = db.collection('notes', { readConcern: { level: 'local' } });
    expect(await errorOf(local.watch().next())).to.include({ code: 72 });
    expect(await errorOf(notes.watch([], { showExpandedEvents: true }).next())).to.include({ code: 115 });
    expect(await errorOf(notes.watch([{ $unknown: {} }]).next())).to.include({ code: 40324 });
  });

  it('refuses foreign tokens and pre-images', async () => {
    const foreign = notes.watch([], { resumeAfter: { _data: 'nonsense' } as ResumeToken });
    expect(await errorOf(foreign.next())).to.include({ code: 280 });
    expect(await errorOf(notes.watch([], { fullDocumentBeforeChange: 'required' }).next())).to.include({
      code: 115,
    });
  });

  it('tells a stream whose place was trimmed away that history is lost', async () => {
    const stream = await opened(notes.watch([], quick));
    await notes.insertOne({ _id: 1 });
    await take(stream, 1);
    const token = stream.resumeToken;
    await stream.close();
    await notes.insertMany([{ _id: 2 }, { _id: 3 }]);
    await running.stop();
    const opened2 = await openEngine({
      dataDir: running.dataDir,
      address: () => '',
      quotaBytes: undefined,
      ballastBytes: 0,
      history: { keepMs: 0, keepBytes: 0 },
      log() {},
      now: () => new Date(),
      onFatal() {},
    });
    const { engine } = opened2;
    const later = Date.now() + 60_000;
    expect(engine.changes.needsTrim(later)).to.equal(true);
    // The making of the collection, the change the token stands on, and one behind it.
    expect(await submitWrite(engine, ({ writer }) => engine.changes.trim(writer, later, 3))).to.equal(3);
    await opened2.close();
    running = await startTestStore({ dataDir: running.dataDir });
    notes = running.client.db('linli').collection<Note>('notes');
    expect(await errorOf(notes.watch([], { resumeAfter: token }).next())).to.include({ code: 286 });
  });

  it('lets go of waiting streams at once when the store stops', async () => {
    const watcher = await MongoClient.connect(running.uri, { serverSelectionTimeoutMS: 50 });
    const stream = watcher.db().collection<Note>('notes').watch([], { maxAwaitTimeMS: 60_000 });
    const waiting = stream.next().catch(() => 'ended');
    await notes.insertOne({ _id: 1 });
    const started = performance.now();
    await running.stop();
    expect(performance.now() - started).to.be.below(5000);
    await waiting;
    await watcher.close();
    rmSync(running.dataDir, { recursive: true, force: true });
    running = await startTestStore({ dataDir: makeDataDir() });
  });
});
