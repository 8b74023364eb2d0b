import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { startEmbeddedStore } from '../../../src/storage/embedded/host.ts';
import { errorOf, makeDataDir } from './support.ts';

describe('the embedded store in its worker', () => {
  it('starts, refuses a second owner, drains on stop and keeps what was written', async () => {
    const dataDir = makeDataDir();
    const store = await startEmbeddedStore({ dataDir, ballastBytes: 0 });
    const client = await MongoClient.connect(store.uri);
    const notes = client.db().collection<{ _id: number }>('notes');
    await notes.insertOne({ _id: 1 });
    expect((await errorOf(startEmbeddedStore({ dataDir }))).message).to.match(/in use by process/);
    await client.close();
    await store.stop();
    expect(existsSync(join(dataDir, 'store.sock'))).to.equal(false);
    const again = await startEmbeddedStore({ dataDir, ballastBytes: 0 });
    const second = await MongoClient.connect(again.uri);
    expect(await second.db().collection<{ _id: number }>('notes').find().toArray()).to.deep.equal([
      { _id: 1 },
    ]);
    await second.close();
    await again.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }).timeout(60_000);

  it('takes a socket under the temporary folder when the path of its directory is long', async () => {
    const parent = makeDataDir();
    const store = await startEmbeddedStore({ dataDir: join(parent, 'x'.repeat(120)), ballastBytes: 0 });
    expect(store.uri).not.to.include('xxxx');
    const client = await MongoClient.connect(store.uri);
    expect(await client.db().command({ ping: 1 })).to.include({ ok: 1 });
    await client.close();
    await store.stop();
    rmSync(parent, { recursive: true, force: true });
  }).timeout(60_000);
});
