import { parseArgs } from 'node:util';
import { backupStore, compactStore, restoreStore } from '../src/storage/embedded/tools/backup.ts';
import { verifyStore } from '../src/storage/embedded/tools/verify.ts';

const USAGE = `npm run store:backup  -- --data DIR --to DIR      copy a store, also while it runs
npm run store:restore -- --from DIR --data DIR [--replace]   put a backup in its place, while stopped
npm run store:verify  -- --data DIR                compare every index entry with its document
npm run store:compact -- --data DIR                give free pages back, while stopped`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    to: { type: 'string' },
    from: { type: 'string' },
    replace: { type: 'boolean', default: false },
  },
});

try {
  process.exitCode = await run(positionals[0]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function run(command: string | undefined): Promise<number> {
  const { data, to, from, replace } = values;
  if (command === 'backup' && data !== undefined && to !== undefined) {
    await backupStore(data, to);
    console.log(`backup of ${data} is in ${to}`);
    return 0;
  }
  if (command === 'restore' && data !== undefined && from !== undefined) {
    await restoreStore(from, data, replace);
    console.log(`${data} holds the backup of ${from}`);
    return 0;
  }
  if (command === 'compact' && data !== undefined) {
    await compactStore(data);
    console.log(`${data} is compact`);
    return 0;
  }
  if (command === 'verify' && data !== undefined) {
    const { collections, documents, entries, problems } = await verifyStore(data);
    for (const problem of problems) console.error(problem);
    console.log(
      `${collections} collections, ${documents} documents, ${entries} entries, ${problems.length} problems`,
    );
    return problems.length === 0 ? 0 : 1;
  }
  console.error(USAGE);
  return 2;
}
