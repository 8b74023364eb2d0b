import fc from 'fast-check';
import { type Collection, MongoClient } from 'mongodb';
import type { Doc } from './naive-model.ts';
import { INDEXES, runProgram, step, type Step } from './programs.ts';
import { startTestStore, type TestStore } from './support.ts';

/** `all` runs programs for every subset of the indexes, else that many programs for subsets drawn at random. */
const PROGRAMS = process.env['STORE_PROGRAMS'] ?? '30';
/** For each subset, when all are run: about 30 operations each. */
const PROGRAMS_PER_SUBSET = 9;
const NUMBERS = INDEXES.map((_, i) => i);
const program = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });

describe('random programs against a plain model', () => {
  let running: TestStore;
  let operations = 0;

  before(async () => {
    running = await startTestStore();
  });

  after(async () => {
    await running.end();
    console.log(`      ${operations} operations`);
  });

  async function collectionWith(label: string, chosen: readonly number[]): Promise<Collection<Doc>> {
    const name = `${label}-${chosen.join('-')}`;
    const collection = running.client.db('programs').collection<Doc>(name);
    for (const i of chosen) {
      const { key, ...options } = INDEXES[i]!;
      await collection.createIndex(key, { ...options, name: `i${i}` });
    }
    return collection;
  }

  async function run(collections: readonly Collection<Doc>[], steps: readonly Step[]): Promise<void> {
    operations += collections.length * steps.length;
    await runProgram(collections, steps);
  }

  if (PROGRAMS === 'all') {
    it('answers the same with every subset of the indexes', async () => {
      for (let subset = 0; subset < 2 ** NUMBERS.length; subset++) {
        const chosen = NUMBERS.filter((i) => (subset & (1 << i)) !== 0);
        const some = await collectionWith('some', chosen);
        await fc.assert(
          fc.asyncProperty(program, (steps) => run([some], steps)),
          { numRuns: PROGRAMS_PER_SUBSET },
        );
        await some.drop();
      }
    }).timeout(0);
    return;
  }

  // Only with a second server to compare with; src/storage/embedded/README.md says how.
  const uri = process.env['MONGODB_URI'];
  if (uri === undefined) return;
  it('answers as the server of MONGODB_URI does', async () => {
    const client = await MongoClient.connect(uri);
    const own = await collectionWith('own', []);
    const other = client.db(`linli-differential-${process.pid}`).collection<Doc>('programs');
    await fc.assert(
      fc.asyncProperty(program, (steps) => run([own, other], steps)),
      { numRuns: Number(PROGRAMS) },
    );
    await client.db(`linli-differential-${process.pid}`).dropDatabase();
    await client.close();
  }).timeout(60_000 + Number(PROGRAMS) * 5000);

  it('answers the same with no index, with all, and with any subset', async () => {
    const none = await collectionWith('none', []);
    const all = await collectionWith('all', NUMBERS);
    await fc.assert(
      fc.asyncProperty(fc.subarray(NUMBERS), program, async (chosen, steps) => {
        await run([none, all, await collectionWith('some', chosen)], steps);
      }),
      { numRuns: Number(PROGRAMS) },
    );
  }).timeout(60_000 + Number(PROGRAMS) * 5000);
});
