import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { verifyStore } from '../../../src/storage/embedded/tools/verify.ts';
import { startStoreProcess } from './store-process.ts';
import { makeDataDir, startTestStore } from './support.ts';

/** Whether a program runs here and may do what the test needs. */
const works = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

describe('a disk that fails', () => {
  it('acknowledges nothing whose sync failed, ends the process, and shows none of it afterwards', async function () {
    // Pending where strace is missing or may not trace: without it a failing sync cannot be made.
    if (!works('strace', '-f', '-e', 'trace=fdatasync', 'true')) this.skip();
    this.timeout(120_000);
    const dataDir = makeDataDir();
    const inject = 'inject=fdatasync:error=EIO:when=60+';
    const trace = [
      'strace',
      '-f',
      '-qq',
      '-o',
      join(dataDir, 'trace'),
      '-e',
      'trace=fdatasync',
      '-e',
      inject,
    ];
    const store = await startStoreProcess(dataDir, trace);
    const ended = once(store.child, 'exit');
    const client = await MongoClient.connect(store.uri, {
      retryWrites: false,
      serverSelectionTimeoutMS: 1000,
    });
    const lines = client.db().collection<{ _id: number }>('lines');
    const acknowledged: number[] = [];
    let failed = 0;
    for (let i = 0; failed < 3; i++) {
      try {
        await lines.insertOne({ _id: i });
        acknowledged.push(i);
      } catch {
        failed++;
      }
    }
    const [code] = (await ended) as [number];
    await client.close();
    expect(code).to.equal(3);
    expect(acknowledged.length).to.be.above(5);
    expect((await verifyStore(dataDir)).problems).to.deep.equal([]);
    const again = await startTestStore({ dataDir });
    const found = await again.client.db('linli').collection<{ _id: number }>('lines').find().toArray();
    expect(found.map(({ _id }) => _id)).to.deep.equal(acknowledged);
    await again.end();
  });

  it('refuses writes on a full disk, goes on reading and deleting, and heals', async function () {
    const dataDir = makeDataDir();
    const disk = join(dataDir, 'disk');
    mkdirSync(disk);
    // Pending where a small file system cannot be mounted: only the superuser may.
    if (!works('mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk)) {
      rmSync(dataDir, { recursive: true, force: true });
      this.skip();
    }
    this.timeout(60_000);
    try {
      const running = await startTestStore({ dataDir: disk, ballastBytes: undefined });
      const blobs = running.client.db('linli').collection<{ _id: number; text: string }>('blobs');
      const add = async (i: number) => {
        try {
          await blobs.insertOne({ _id: i, text: 'x'.repeat(200_000) });
          return 0;
        } catch (error) {
          return (error as { code: number }).code;
        }
      };
      let next = 0;
      let code = 0;
      while (code === 0) code = await add(next++);
      expect(code).to.equal(14031);
      const kept = next - 1;
      expect(await blobs.countDocuments()).to.equal(kept);
      expect(await blobs.findOne({ _id: kept - 1 }, { projection: { text: 0 } })).to.deep.equal({
        _id: kept - 1,
      });
      for (let i = 0; i < kept - 10; i++)
        expect((await blobs.deleteOne({ _id: i })).deletedCount).to.equal(1);
      // The store looks again a moment after a failed commit.
      while (code !== 0) code = await add(next++);
      expect(await blobs.countDocuments()).to.equal(11);
      await running.stop();
      expect((await verifyStore(disk)).problems).to.deep.equal([]);
    } finally {
      spawnSync('umount', [disk]);
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('is not opened on a full disk, with a clear word, and is when there is room', async function () {
    const disk = makeDataDir();
    // Pending where a small file system cannot be mounted: only the superuser may.
    if (!works('mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk)) {
      rmSync(disk, { recursive: true, force: true });
      this.skip();
    }
    this.timeout(60_000);
    try {
      spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=4k']);
      const program = `import { openEnv } from '${new URL('../../../src/storage/embedded/kv/env.ts', import.meta.url).href}';
        try { openEnv({ dataDir: process.argv[1] }); } catch (error) { console.log(error.code); }`;
      // In a process of its own: what is prevented here ends the process.
      const args = ['--import', 'tsx', '--input-type=module', '-e', program, disk];
      const { stdout, signal } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      expect({ stdout: stdout.trim(), signal }).to.deep.equal({ stdout: '14031', signal: null });
      rmSync(join(disk, 'filler'));
      const running = await startTestStore({ dataDir: disk });
      await running.client.db().collection('things').insertOne({});
      await running.stop();
    } finally {
      spawnSync('umount', [disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});
