import { expect } from 'chai';
import type { Collection, Document } from 'mongodb';
import { errorOf, startTestStore, type TestStore } from './support.ts';

describe('a server under test, with fail points', () => {
  let running: TestStore;
  let items: Collection<{ _id: number; n: number }>;

  const configure = (configureFailPoint: string, mode: unknown, data?: Document) =>
    running.client.db('admin').command({ configureFailPoint, mode, ...(data === undefined ? {} : { data }) });

  before(async () => {
    running = await startTestStore({ isTest: true });
    items = running.client.db().collection('items');
  });

  beforeEach(() => items.deleteMany({}));
  after(() => running.end());

  it('gives an error the labels asked for, and else those of its code', async () => {
    await configure('failCommand', { times: 1 }, { failCommands: ['insert'], errorCode: 11600 });
    await items.insertOne({ _id: 1, n: 0 });
    const data = { failCommands: ['insert'], errorCode: 11600, errorLabels: [] };
    await configure('failCommand', { times: 1 }, data);
    expect(await errorOf(items.insertOne({ _id: 2, n: 0 }))).to.include({ code: 11600 });
    expect(await items.countDocuments()).to.equal(1);
  });

  it('skips as often as told', async () => {
    await configure('failCommand', { skip: 1 }, { failCommands: ['ping'], errorCode: 8 });
    const ping = () => running.client.db().command({ ping: 1 });
    expect(await ping()).to.include({ ok: 1 });
    expect(await errorOf(ping())).to.include({ code: 8 });
    await configure('failCommand', 'off');
    expect(await ping()).to.include({ ok: 1 });
  });

  it('cuts the connection after a retryable write has happened, or before', async () => {
    const add = () => items.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { upsert: true });
    await configure('onPrimaryTransactionalWrite', { times: 1 });
    await add();
    expect(await items.findOne({ _id: 1 })).to.include({ n: 1 });
    await configure('onPrimaryTransactionalWrite', { times: 1 }, { failBeforeCommitExceptionCode: 1 });
    await add();
    expect(await items.findOne({ _id: 1 })).to.include({ n: 2 });
    await configure('onPrimaryTransactionalWrite', { times: 2 }, { failBeforeCommitExceptionCode: 1 });
    await errorOf(add());
    expect(await items.findOne({ _id: 1 })).to.include({ n: 2 });
  });

  it('puts a write concern error beside what was done', async () => {
    const writeConcernError = { code: 91, errmsg: 'going down' };
    await configure('failCommand', { times: 1 }, { failCommands: ['insert'], writeConcernError });
    await items.insertOne({ _id: 1, n: 0 });
    await configure('failCommand', { times: 2 }, { failCommands: ['insert'], writeConcernError });
    const error = await errorOf(items.insertOne({ _id: 2, n: 0 }));
    expect(error).to.include({ code: 91 });
    expect(error['errorLabels']).to.include('RetryableWriteError');
    expect(await items.countDocuments()).to.equal(2);
  });

  it('refuses fail points and data it does not know', async () => {
    expect(await errorOf(configure('pauseEverything', 'alwaysOn'))).to.include({ code: 27 });
    const data = { failCommands: ['ping'], blockConnection: true };
    expect(await errorOf(configure('failCommand', 'alwaysOn', data))).to.include({ code: 2 });
  });
});
