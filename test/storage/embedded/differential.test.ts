import fc from 'fast-check';
import type { Collection } from 'mongodb';
import type { Doc } from './naive-model.ts';
import { INDEXES, runProgram, step } from './programs.ts';
import { startTestStore, type TestStore } from './support.ts';

describe('random programs against a plain model', () => {
  let running: TestStore;

  before(async () => {
    running = await startTestStore();
  });

  after(async () => {
    await running.end();
  });

  async function collectionWith(label: string, chosen: readonly number[]): Promise<Collection<Doc>> {
    const name = `${label}-${chosen.join('-')}`;
    const collection = running.client.db('programs').collection<Doc>(name);
    for (const i of chosen) await collection.createIndex(INDEXES[i]!.key, withoutKey(INDEXES[i]!));
    return collection;
  }

  function withoutKey({ key: _key, ...options }: (typeof INDEXES)[number]) {
    return { ...options, name: `i${INDEXES.findIndex(({ key }) => key === _key)}` };
  }

  it('answers the same with no index, with all, and with any subset', async () => {
    const none = await collectionWith('none', []);
    const all = await collectionWith(
      'all',
      INDEXES.map((_, i) => i),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(INDEXES.map((_, i) => i)),
        fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
        async (chosen, steps) => {
          const some = await collectionWith('some', chosen);
          await runProgram([none, all, some], steps);
        },
      ),
      { numRuns: 40 },
    );
  }).timeout(120_000);
});
