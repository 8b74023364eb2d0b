import { existsSync, readFileSync } from 'node:fs';
import mongoose from 'mongoose';
import { replayRun, type MatchingRun } from '../src/matching/matching-run.ts';

/**
 * `npm run replay -- <runId or file.json>`: recomputes a stored matching run from what it kept and says whether
 * the result is the same. A run id is looked up in the database of MONGODB_URI (collection `matchRuns`;
 * for the embedded store see `npm run store:serve`); a file holds one run as JSON. Exits 0 when it is
 * the same, 1 when not, 2 when there is nothing to replay.
 */
const [wanted] = process.argv.slice(2).filter((word) => word !== '--');
if (wanted === undefined) {
  console.error('Usage: npm run replay -- <runId or file.json>');
  process.exit(2);
}

const run = existsSync(wanted)
  ? (JSON.parse(readFileSync(wanted, 'utf8')) as MatchingRun)
  : await fromStore(wanted);
if (run === null) {
  console.error(`No replayable run ${wanted}.`);
  process.exit(2);
}
const replay = replayRun(run);
console.log(
  `run ${run.runId}, request ${run.request.requestId}, seed ${run.seed}, ${run.considered.length} entries kept`,
);
console.log(
  `versions then: ${Object.values(run.versions).join(', ')}; now: ${Object.values(replay.ranking.versions).join(', ')}`,
);
for (const [at, one] of replay.ranking.ranked.entries()) {
  const then = run.ranked[at];
  const mark = then?.helperId === one.helperId && then.score === one.score ? ' ' : '*';
  console.log(
    `${mark} ${at + 1}\t${one.helperId}\tscore ${one.score.toFixed(3)}\torder ${one.order.toFixed(4)}\t${one.metres} m`,
  );
}
if (replay.kind === 'same') console.log('The same result, and the same digest.');
else if (replay.kind === 'other_version')
  console.log(`Other versions run now: ${replay.differs.join(', ')}.`);
else console.log(`Different from entry ${replay.firstDifference + 1} on.`);
process.exit(replay.kind === 'same' ? 0 : 1);

async function fromStore(runId: string): Promise<MatchingRun | null> {
  const uri = process.env['MONGODB_URI'];
  if (uri === undefined) {
    console.error('MONGODB_URI names the database of stored runs; or give a file.');
    return null;
  }
  const connection = await mongoose.createConnection(uri).asPromise();
  try {
    const found = await connection.collection('matchRuns').findOne({ _id: runId as never });
    const kept: unknown = found?.['run'];
    return typeof kept === 'string' ? (JSON.parse(kept) as MatchingRun) : null;
  } finally {
    await connection.close();
  }
}
