import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'bson';
import { expect } from 'chai';
import { openEnv, STORE_FILE } from '../../../src/storage/embedded/kv/env.ts';
import { commitOnce } from '../../../src/storage/embedded/kv/overlay.ts';
import { backupStore, compactStore, restoreStore } from '../../../src/storage/embedded/tools/backup.ts';
import { verifyStore } from '../../../src/storage/embedded/tools/verify.ts';
import { errorOf, makeDataDir, startTestStore, type TestStore } from './support.ts';

describe('running the embedded store', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = makeDataDir();
    folders.push(made);
    return made;
  };

  after(() => {
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  async function fill({ client }: TestStore, count: number): Promise<void> {
    const things = client.db('linli').collection<{ _id: number; name: string; tags: string[] }>('things');
    await things.createIndex({ name: 1 }, { unique: true });
    await things.createIndex({ tags: 1, name: -1 });
    await things.insertMany(
      Array.from({ length: count }, (_, i) => ({
        _id: i,
        name: `name ${i}`,
        tags: [`t${i % 3}`, `u${i % 7}`],
      })),
    );
  }

  it('backs up while writes go on, and the copy holds one moment', async () => {
    const running = await startTestStore({ dataDir: folder() });
    await fill(running, 500);
    const target = folder();
    const pairs = running.client.db('linli').collection<{ _id: number }>('pairs');
    let stopped = false;
    const writing = (async () => {
      for (let i = 0; !stopped; i++) await pairs.insertMany([{ _id: 2 * i }, { _id: 2 * i + 1 }]);
    })();
    await backupStore(running.dataDir, target);
    for (const home of [running.dataDir, target])
      expect(statSync(join(home, STORE_FILE)).mode & 0o777).to.equal(0o600);
    stopped = true;
    await writing;
    await running.end();
    const copy = await verifyStore(target);
    expect(copy.problems).to.deep.equal([]);
    expect(copy.documents % 2).to.equal(0);
    expect(copy.documents).to.be.at.least(500);

    expect(await errorOf(backupStore(target, target))).to.include({ code: 48 });
  });

  it('restores a backup into a stopped store and keeps the old file when told to replace it', async () => {
    const running = await startTestStore({ dataDir: folder() });
    await fill(running, 20);
    const backup = folder();
    await backupStore(running.dataDir, backup);
    const home = folder();
    await restoreStore(backup, home, false);
    expect((await verifyStore(home)).documents).to.equal(20);
    expect(await errorOf(restoreStore(backup, home, false))).to.include({ code: 48 });
    await restoreStore(backup, home, true);
    expect(existsSync(join(home, `${STORE_FILE}.before-restore`))).to.equal(true);
    expect(await errorOf(restoreStore(backup, running.dataDir, true))).to.include({ code: 20 });
    await running.end();
  });

  it('gives room back by compacting', async () => {
    const dataDir = folder();
    const first = await startTestStore({ dataDir });
    await fill(first, 3000);
    await first.client
      .db('linli')
      .collection('things')
      .deleteMany({ tags: { $in: ['t0', 't1'] } });
    const before = await verifyStore(dataDir);
    expect(await errorOf(compactStore(dataDir))).to.include({ code: 20 });
    await first.stop();
    const size = readFileSync(join(dataDir, STORE_FILE)).length;
    await compactStore(dataDir);
    expect(readFileSync(join(dataDir, STORE_FILE)).length).to.be.below(size);
    const after = await verifyStore(dataDir);
    expect(after).to.deep.equal(before);
  });

  it('finds what is wrong with an index', async () => {
    const dataDir = folder();
    const running = await startTestStore({ dataDir });
    await fill(running, 10);
    await running.stop();
    const env = openEnv({ dataDir });
    await commitOnce(env, (writer) => {
      const [first] = writer.range('entries', { from: Uint8Array.of(0), to: Uint8Array.of(0xff) });
      writer.remove('entries', first!.key);
      writer.put('entries', Uint8Array.of(0, 0, 0xff, 0xff, 1), Uint8Array.of(1));
    });
    await env.close();
    const { problems } = await verifyStore(dataDir);
    expect(problems.some((problem) => problem.includes('lacks an entry'))).to.equal(true);
    expect(problems.some((problem) => problem.includes('which the catalog does not know'))).to.equal(true);
  });

  it('refuses a store of a newer format and changes nothing', async () => {
    const dataDir = folder();
    const running = await startTestStore({ dataDir });
    await running.stop();
    const env = openEnv({ dataDir });
    await commitOnce(env, (writer) =>
      writer.put('catalog', Buffer.from('format'), serialize({ version: 999 })),
    );
    await env.close();
    const bytes = readFileSync(join(dataDir, STORE_FILE));
    const refused = await errorOf(startTestStore({ dataDir }));
    expect(refused.message).to.match(/format 999/);
    expect(readFileSync(join(dataDir, STORE_FILE)).equals(bytes)).to.equal(true);
  });

  it('refuses a truncated file and one that is no store', async () => {
    const dataDir = folder();
    const running = await startTestStore({ dataDir });
    await fill(running, 500);
    await running.stop();
    truncateSync(join(dataDir, STORE_FILE), 100_000);
    const bytes = readFileSync(join(dataDir, STORE_FILE));
    expect((await errorOf(startTestStore({ dataDir }))).message).to.match(/cut short|truncated/);
    expect(readFileSync(join(dataDir, STORE_FILE)).equals(bytes)).to.equal(true);
    const other = folder();
    writeFileSync(join(other, STORE_FILE), 'this is not a store at all\n'.repeat(1000));
    expect((await errorOf(startTestStore({ dataDir: other }))).message).to.match(
      /no store|MDB_INVALID|not an LMDB/,
    );
  });

  it('lets only one owner in, and takes over from a dead one', async () => {
    const dataDir = folder();
    const running = await startTestStore({ dataDir });
    expect((await errorOf(startTestStore({ dataDir }))).message).to.match(/in use by process/);
    await running.stop();
    writeFileSync(
      join(dataDir, 'owner.json'),
      JSON.stringify({ pid: 999_999_999, startedAt: '1', bootId: '', socket: '/nowhere', token: 'dead' }),
    );
    const again = await startTestStore({ dataDir });
    await again.end();
  });

  it('removes expired documents by itself', async () => {
    const running = await startTestStore({ dataDir: folder(), expireEveryMs: 20 });
    const visits = running.client
      .db('linli')
      .collection<{ _id: number; at?: Date | Date[] | string }>('visits');
    await visits.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    const past = new Date(Date.now() - 61_000);
    const future = new Date(Date.now() + 3_600_000);
    const stream = visits.watch([{ $match: { operationType: 'delete' } }]);
    await stream.tryNext();
    await visits.insertMany([
      { _id: 1, at: past },
      { _id: 2, at: future },
      { _id: 3, at: [future, past] },
      { _id: 4 },
      { _id: 5, at: 'long ago' },
    ]);
    await stream.next();
    await stream.next();
    await stream.close();
    const left = await visits.find().sort({ _id: 1 }).toArray();
    expect(left.map(({ _id }) => _id)).to.deep.equal([2, 4, 5]);
    await running.end();
  });

  it('refuses writes that add above its quota, but reads and deletes', async () => {
    const running = await startTestStore({ dataDir: folder(), quotaBytes: 2_000_000 });
    const blobs = running.client.db('linli').collection<{ _id: number; text: string }>('blobs');
    let refused: (Error & Record<string, unknown>) | undefined;
    for (let i = 0; refused === undefined && i < 2000; i++) {
      await blobs.insertOne({ _id: i, text: 'x'.repeat(100_000) }).catch((error: unknown) => {
        refused = error as Error & Record<string, unknown>;
      });
    }
    expect(refused).to.include({ code: 14031, codeName: 'OutOfDiskSpace' });
    expect(await blobs.findOne({ _id: 0 })).to.include({ _id: 0 });
    expect((await blobs.deleteOne({ _id: 0 })).deletedCount).to.equal(1);
    await running.end();
  });

  it('has fail points only for tests', async () => {
    const open = (isTest: boolean) => startTestStore({ dataDir: folder(), isTest });
    const failOnce = {
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['ping'], errorCode: 8 },
    };
    const plain = await open(false);
    expect(await errorOf(plain.client.db('admin').command(failOnce))).to.include({ code: 59 });
    const testing = await open(true);
    await testing.client.db('admin').command(failOnce);
    expect(await errorOf(testing.client.db('admin').command({ ping: 1 }))).to.include({ code: 8 });
    expect(await testing.client.db('admin').command({ ping: 1 })).to.include({ ok: 1 });
    await plain.stop();
    await testing.stop();
  });
});
