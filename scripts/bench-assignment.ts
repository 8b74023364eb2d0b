import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssignmentProblem } from '../src/matching/assignment-state.ts';
import { createLiveAssignment } from '../src/matching/live-assignment.ts';
import { solveAssignment } from '../src/matching/solve-assignment.ts';
import { highsOptimum } from '../test/matching/support/highs-optimum.ts';
import { asDimacs, randomInstanceOf, spatialInstance } from './bench/assignment-instances.ts';
import { benchCity, benchHelper, benchRequest } from './bench/bench-city.ts';
import { compileLemon } from './bench/lemon-peer.ts';
import { machineLine } from './bench/machine-line.ts';

/**
 * `npm run bench:assignment [-- --sizes 1000,5000,20000 --rounds 4 --highs 1000 --export <folder>]`: our solver,
 * greedy, the insertion of one more request, LEMON where it is installed, and HiGHS from npm up to the size given. `--export` writes the
 * instances as DIMACS minimum-cost flows, and helpers and queries of bench:matching as CSV, for other solvers.
 */
const words = process.argv.slice(2);
const sizes = textAfter('--sizes', '1000,5000,20000').split(',').map(Number);
const rounds = Number(textAfter('--rounds', '4'));
const highsUpTo = Number(textAfter('--highs', '1000'));
const folder = textAfter('--export', '');

console.log(machineLine());
const lemon = compileLemon();
if (folder !== '') mkdirSync(folder, { recursive: true });
for (const size of sizes) {
  for (const [name, problem] of [
    ['spatial', spatialInstance(size, 30, 1)],
    ['random', randomInstanceOf(size, 30, 1)],
  ] as const) {
    await measure(`${name} ${size} x ${size} x 30`, problem);
    if (folder !== '') {
      writeFileSync(join(folder, `${name}-${size}.min`), asDimacs(problem, `${name} ${size}`));
    }
  }
}
if (typeof lemon !== 'string') lemon.stop();
if (folder !== '') exportQueries(Number(textAfter('--export-helpers', '100000')));

async function measure(name: string, problem: AssignmentProblem): Promise<void> {
  const first = timed(() => solveAssignment(problem));
  let best = first.cpu;
  for (let round = 1; round < rounds; round += 1)
    best = Math.min(best, timed(() => solveAssignment(problem)).cpu);
  const { value, gap } = first.result;
  const greedy = timed(() => greedyValue(problem));
  console.log(`${name}: optimum ${value}, certificate ${gap.toFixed(3)} (below 1 is proof)`);
  console.log(`  auction + augmentation\t${best.toFixed(1)} ms CPU\tcold ${first.cpu.toFixed(1)} ms`);
  const lost = (100 * (value - greedy.result)) / value;
  console.log(`  greedy by weight\t${greedy.cpu.toFixed(1)} ms CPU\t${lost.toFixed(2)} % below`);
  insertTail(problem, best);
  measureLemon(problem, value, best);
  if (problem.rows > highsUpTo) {
    console.log(`  HiGHS\tnot run above ${highsUpTo} rows (--highs)`);
    return;
  }
  const cpu = process.cpuUsage();
  const optimum = await highsOptimum(problem);
  const { user, system } = process.cpuUsage(cpu);
  const ms = (user + system) / 1000;
  console.log(`  HiGHS 1.15 (npm)\t${ms.toFixed(0)} ms CPU\t${(ms / best).toFixed(0)}x\tvalue ${optimum}`);
}

function measureLemon(problem: AssignmentProblem, optimum: number, ownMs: number): void {
  if (typeof lemon === 'string') {
    console.log(`  LEMON\tmissing, not measured: ${lemon}`);
    return;
  }
  for (const { name, ms, value } of lemon.solve(problem, 2)) {
    const same = value === optimum ? 'same optimum' : `OTHER VALUE ${value}`;
    console.log(`  LEMON ${name}\t${ms.toFixed(1)} ms CPU\t${(ms / ownMs).toFixed(1)}x\t${same}`);
  }
}

/** Solves nine tenths, inserts the rest one by one, and compares with the full solve. */
function insertTail(problem: AssignmentProblem, solveMs: number): void {
  const kept = Math.floor(0.9 * problem.rows);
  const edges = problem.rowStart[kept]!;
  const live = createLiveAssignment({
    rows: kept,
    columns: problem.columns,
    rowStart: problem.rowStart.slice(0, kept + 1),
    edgeColumn: problem.edgeColumn.slice(0, edges),
    edgeWeight: problem.edgeWeight.slice(0, edges),
  });
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let row = kept; row < problem.rows; row += 1) {
    const own = [];
    for (let edge = problem.rowStart[row]!; edge < problem.rowStart[row + 1]!; edge += 1) {
      own.push({ column: problem.edgeColumn[edge]!, weight: problem.edgeWeight[edge]! });
    }
    const from = performance.now();
    live.addRow(own);
    times.push((performance.now() - from) * 1000);
  }
  const { user, system } = process.cpuUsage(cpu);
  const answer = live.answer();
  times.sort((a, b) => a - b);
  const mean = (user + system) / times.length;
  const at = (share: number): string => times[Math.floor(share * (times.length - 1))]!.toFixed(0);
  console.log(
    `  one more request\tmean ${mean.toFixed(0)} µs CPU; p50 ${at(0.5)}, p99 ${at(0.99)} µs by the clock\t${((1000 * solveMs) / mean).toFixed(0)}x cheaper than a solve\tcertificate ${answer.gap.toFixed(3)}`,
  );
}

function greedyValue(problem: AssignmentProblem): number {
  const rowOf = new Int32Array(problem.edgeColumn.length);
  for (let row = 0; row < problem.rows; row += 1)
    rowOf.fill(row, problem.rowStart[row]!, problem.rowStart[row + 1]!);
  const order = Int32Array.from(rowOf.keys()).sort((a, b) => problem.edgeWeight[b]! - problem.edgeWeight[a]!);
  const rowTaken = new Uint8Array(problem.rows);
  const columnTaken = new Uint8Array(problem.columns);
  let value = 0;
  for (const edge of order) {
    const row = rowOf[edge]!;
    const column = problem.edgeColumn[edge]!;
    if (rowTaken[row] === 1 || columnTaken[column] === 1) continue;
    rowTaken[row] = 1;
    columnTaken[column] = 1;
    value += problem.edgeWeight[edge]!;
  }
  return value;
}

function timed<Result>(act: () => Result): { result: Result; cpu: number } {
  const before = process.cpuUsage();
  const result = act();
  const { user, system } = process.cpuUsage(before);
  return { result, cpu: (user + system) / 1000 };
}

function exportQueries(size: number): void {
  const city = benchCity(1);
  const helpers = ['id,longitude,latitude,onDuty,radiusMetres,skills'];
  for (let no = 0; no < size; no += 1) {
    const one = benchHelper(city, no);
    const skills = one.skills.map((skill) => skill.skillId).join(' ');
    helpers.push(
      [one.helperId, one.point[0], one.point[1], one.isOnDuty ? 1 : 0, one.radiusMetres, skills].join(','),
    );
  }
  const queries = ['id,longitude,latitude,skill'];
  for (let no = 0; no < 3000; no += 1) {
    const one = benchRequest(city, no);
    queries.push([one.requestId, one.point[0], one.point[1], one.requiredSkills[0]!.skillId].join(','));
  }
  writeFileSync(join(folder, 'helpers.csv'), `${helpers.join('\n')}\n`);
  writeFileSync(join(folder, 'queries.csv'), `${queries.join('\n')}\n`);
}

function textAfter(flag: string, otherwise: string): string {
  const at = words.indexOf(flag);
  return at < 0 ? otherwise : (words[at + 1] ?? otherwise);
}
