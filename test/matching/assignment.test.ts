import { expect } from 'chai';
import * as fc from 'fast-check';
import type { AssignmentProblem } from '../../src/matching/assignment-state.ts';
import { createLiveAssignment } from '../../src/matching/live-assignment.ts';
import { MatchingInputError } from '../../src/matching/matching-error.ts';
import { seededRandom } from '../../src/matching/seeded-hash.ts';
import { solveAssignment } from '../../src/matching/solve-assignment.ts';
import { highsOptimum } from './support/highs-optimum.ts';
import { KINDS, randomProblem } from './support/random-problem.ts';

/** Adds up the weights of an assignment after checking that it is one. */
function valueOf(problem: AssignmentProblem, columnOfRow: Int32Array): number {
  const taken = new Set<number>();
  let value = 0;
  columnOfRow.forEach((column, row) => {
    if (column < 0) return;
    expect(taken.has(column), `column ${column} once`).to.equal(false);
    taken.add(column);
    let best = -1;
    for (let edge = problem.rowStart[row]!; edge < problem.rowStart[row + 1]!; edge += 1) {
      if (problem.edgeColumn[edge] === column) best = Math.max(best, problem.edgeWeight[edge]!);
    }
    expect(best, `row ${row} knows column ${column}`).to.be.at.least(0);
    value += best;
  });
  return value;
}

describe('the optimal assignment', () => {
  it('equals HiGHS on 42 random instances and proves it', async () => {
    for (let seed = 0; seed < 42; seed += 1) {
      const kind = KINDS[seed % KINDS.length]!;
      const problem = randomProblem(kind, seed, seed < 28 ? 60 : 300);
      const answer = solveAssignment(problem);
      const name = `${kind}, seed ${seed}`;
      expect(valueOf(problem, answer.columnOfRow), name).to.equal(answer.value);
      expect(answer.gap, name).to.be.within(0, 1 - 1e-9);
      expect(answer.value, name).to.be.closeTo(await highsOptimum(problem), 1e-3);
    }
  }).timeout(60_000);

  it('carries a certificate below 1 in every answer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.integer(), (kind, seed) => {
        const answer = solveAssignment(randomProblem(kind, seed, 80));
        expect(answer.gap).to.be.within(0, 1 - 1e-9);
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('stays optimal while requests and helpers come and go', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.integer(), (kind, seed) => changeLive(kind, seed)),
      { numRuns: 120 },
    );
  }).timeout(60_000);

  it('names the field of a bad problem', () => {
    const good = randomProblem('plain', 1, 5);
    const bad = { ...good, rows: 1, rowStart: Int32Array.of(0, 1), edgeColumn: Int32Array.of(0) };
    for (const weight of [-1, 0.5, NaN, Infinity, 2 ** 60]) {
      expect(() => solveAssignment({ ...bad, edgeWeight: Float64Array.of(weight) }))
        .to.throw(MatchingInputError)
        .with.property('field', 'edgeWeight[0]');
    }
    expect(() => solveAssignment({ ...bad, edgeColumn: Int32Array.of(99), edgeWeight: Int32Array.of(1) }))
      .to.throw(MatchingInputError)
      .with.property('field', 'edgeColumn[0]');
  });
});

function changeLive(kind: (typeof KINDS)[number], seed: number): void {
  const problem = randomProblem(kind, seed, 30);
  const random = seededRandom(seed ^ 0x5bd1);
  const live = createLiveAssignment(problem);
  const edgesOf = new Map<number, { column: number; weight: number }[]>();
  for (let row = 0; row < problem.rows; row += 1) {
    const edges = [];
    for (let edge = problem.rowStart[row]!; edge < problem.rowStart[row + 1]!; edge += 1) {
      edges.push({ column: problem.edgeColumn[edge]!, weight: problem.edgeWeight[edge]! });
    }
    edgesOf.set(row, edges);
  }
  const columns = new Set(Array.from({ length: problem.columns }, (_, column) => column));
  for (let step = 0; step < 25; step += 1) {
    const kindOfStep = random();
    if (kindOfStep < 0.4) {
      const edges = [...columns]
        .filter(() => random() < 0.2)
        .map((column) => ({ column, weight: Math.floor(random() * 50) }));
      edgesOf.set(live.addRow(edges), edges);
    } else if (kindOfStep < 0.65) {
      const row = [...edgesOf.keys()][Math.floor(random() * edgesOf.size)];
      if (row === undefined) continue;
      live.removeRow(row);
      edgesOf.delete(row);
    } else if (kindOfStep < 0.85) {
      const column = [...columns][Math.floor(random() * columns.size)];
      if (column === undefined) continue;
      live.removeColumn(column);
      columns.delete(column);
    } else if (kindOfStep < 0.92) {
      const rows = [...edgesOf.keys()].filter(() => random() < 0.3);
      const edges = rows.map((row) => ({ row, weight: Math.floor(random() * 50) }));
      const column = live.addColumn(edges);
      columns.add(column);
      for (const { row, weight } of edges) edgesOf.set(row, [...edgesOf.get(row)!, { column, weight }]);
    } else {
      const row = [...edgesOf.keys()].find((one) => live.columnOf(one) >= 0);
      if (row === undefined) continue;
      columns.delete(live.columnOf(row));
      live.takePair(row);
      edgesOf.delete(row);
    }
    const answer = live.answer();
    expect(answer.gap, `gap after step ${step}`).to.be.within(0, 1 - 1e-9);
    expect(answer.value, `value after step ${step}`).to.equal(freshValue(edgesOf, columns));
  }
}

function freshValue(
  edgesOf: ReadonlyMap<number, readonly { column: number; weight: number }[]>,
  columns: ReadonlySet<number>,
): number {
  const kept = [...edgesOf.values()].map((edges) => edges.filter((edge) => columns.has(edge.column)));
  const flat = kept.flat();
  const rowStart = new Int32Array(kept.length + 1);
  kept.forEach((edges, row) => {
    rowStart[row + 1] = rowStart[row]! + edges.length;
  });
  return solveAssignment({
    rows: kept.length,
    columns: Math.max(0, ...columns) + 1,
    rowStart,
    edgeColumn: Int32Array.from(flat, (edge) => edge.column),
    edgeWeight: Float64Array.from(flat, (edge) => edge.weight),
  }).value;
}
