import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { STORE_FILE } from '../../../src/storage/embedded/kv/env.ts';
import { verifyStore } from '../../../src/storage/embedded/tools/verify.ts';
import { startStoreProcess } from './store-process.ts';
import { makeDataDir, startTestStore } from './support.ts';

const KILLS = Number(process.env['STORE_TOOL_KILLS'] ?? 1);
const TOOL = fileURLToPath(new URL('../../../scripts/store-tool.ts', import.meta.url));

describe('a tool that is killed', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = makeDataDir();
    folders.push(made);
    return made;
  };
  let dataDir: string;
  let digest: string;

  before(async () => {
    dataDir = folder();
    const running = await startTestStore({ dataDir });
    const things = running.client.db('linli').collection<{ _id: number; text: string }>('things');
    await things.createIndex({ text: 1 });
    const texts = Array.from({ length: 4000 }, (_, i) => ({ _id: i, text: `${i} ${'x'.repeat(2000)}` }));
    await things.insertMany(texts);
    await things.deleteMany({ _id: { $mod: [3, 0] } });
    await running.stop();
    ({ digest } = await verifyStore(dataDir));
  });

  after(() => {
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  /** Runs the tool; `at` undefined lets it end, else it is killed as soon as that file is there. */
  async function runTool(args: readonly string[], at?: string): Promise<number | null> {
    const child = spawn(process.execPath, ['--import', 'tsx', TOOL, ...args], { stdio: 'ignore' });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    while (at !== undefined && !existsSync(at) && child.exitCode === null) await nextTurn();
    if (at !== undefined) child.kill('SIGKILL');
    return (await ended)[0];
  }

  /**
   * Runs the tool again and again until it was killed at that file `KILLS` times: on a busy machine it may end before
   * the kill arrives, and then it has to be right as well.
   */
  async function killManyTimes(
    argsOf: (target: string) => readonly string[],
    fileOf: (target: string) => string,
    afterwards: (target: string, isKilled: boolean) => Promise<void>,
  ): Promise<void> {
    let kills = 0;
    for (let tries = 0; kills < KILLS; tries += 1) {
      expect(tries, 'tries until a kill met the tool at work').to.be.below(KILLS * 20);
      const target = folder();
      const code = await runTool(argsOf(target), fileOf(target));
      expect(code).to.be.oneOf([null, 0]);
      if (code === null) kills += 1;
      await afterwards(target, code === null);
    }
  }

  async function expectWhole(): Promise<void> {
    const found = await verifyStore(dataDir);
    expect(found.problems).to.deep.equal([]);
    expect(found.digest).to.equal(digest);
  }

  it('leaves the store as it was when it was compacting, and compacts it the next time', async () => {
    await killManyTimes(
      () => ['compact', '--data', dataDir],
      () => join(dataDir, `${STORE_FILE}.part`),
      expectWhole,
    );
    expect(await runTool(['compact', '--data', dataDir])).to.equal(0);
    await expectWhole();
  }).timeout(30_000 + KILLS * 10_000);

  it('harms neither a running store nor its writes when it was backing up, and leaves no half backup', async () => {
    const store = await startStoreProcess(dataDir);
    await killManyTimes(
      (target) => ['backup', '--data', dataDir, '--to', target],
      (target) => join(target, `${STORE_FILE}.part`),
      async (target, isKilled) => {
        // Nothing or all of it: a kill may also come between the last byte and the end of the tool.
        const isThere = existsSync(join(target, STORE_FILE));
        if (isThere) expect((await verifyStore(target)).digest).to.equal(digest);
        else expect(isKilled).to.equal(true);
        await expectWhole();
        const whole = isThere ? folder() : target;
        expect(await runTool(['backup', '--data', dataDir, '--to', whole])).to.equal(0);
        expect((await verifyStore(whole)).digest).to.equal(digest);
      },
    );
    await store.kill();
    await expectWhole();
  }).timeout(60_000 + KILLS * 15_000);

  it('leaves a store that can be restored again when it was restoring', async () => {
    const backup = folder();
    expect(await runTool(['backup', '--data', dataDir, '--to', backup])).to.equal(0);
    const home = folder();
    for (let i = 0; i < KILLS; i++) {
      await runTool(['restore', '--from', backup, '--data', home, '--replace'], join(home, 'owner.json'));
      expect(await runTool(['restore', '--from', backup, '--data', home, '--replace'])).to.equal(0);
      expect((await verifyStore(home)).digest).to.equal(digest);
    }
  }).timeout(60_000 + KILLS * 10_000);
});
