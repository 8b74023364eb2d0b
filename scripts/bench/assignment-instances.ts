import type { AssignmentProblem } from '../../src/matching/assignment-state.ts';
import { seededRandom } from '../../src/matching/seeded-hash.ts';

/**
 * A spatial instance: `size` requests and helpers uniform on a square with one helper per unit of area, the
 * `degree` nearest of each request, weights from distance, the helper's reliability and the fit of the pair,
 * whole numbers up to 10,000.
 */
export function spatialInstance(size: number, degree: number, seed: number): AssignmentProblem {
  const random = seededRandom(seed);
  const side = Math.sqrt(size);
  const xs = Float64Array.from({ length: size }, () => random() * side);
  const ys = Float64Array.from({ length: size }, () => random() * side);
  const reliability = Float64Array.from({ length: size }, () => random());
  const cells = new Map<string, number[]>();
  for (let column = 0; column < size; column += 1) {
    const key = `${Math.floor(xs[column]!)} ${Math.floor(ys[column]!)}`;
    const known = cells.get(key);
    if (known === undefined) cells.set(key, [column]);
    else known.push(column);
  }
  return build(size, (add) => {
    const x = random() * side;
    const y = random() * side;
    const near: { column: number; distance: number }[] = [];
    const reach = Math.ceil(Math.sqrt(degree)) + 1;
    for (let dx = -reach; dx <= reach; dx += 1) {
      for (let dy = -reach; dy <= reach; dy += 1) {
        for (const column of cells.get(`${Math.floor(x) + dx} ${Math.floor(y) + dy}`) ?? []) {
          near.push({ column, distance: Math.hypot(xs[column]! - x, ys[column]! - y) });
        }
      }
    }
    near.sort((a, b) => a.distance - b.distance);
    for (const { column, distance } of near.slice(0, degree)) {
      const worth = 0.5 * Math.exp(-distance / 3) + 0.3 * reliability[column]! + 0.2 * random();
      add(column, Math.round(10_000 * worth));
    }
  });
}

/** `degree` random partners per request with random whole weights up to 10,000. */
export function randomInstanceOf(size: number, degree: number, seed: number): AssignmentProblem {
  const random = seededRandom(seed);
  return build(size, (add) => {
    for (let i = 0; i < degree; i += 1) add(Math.floor(random() * size), Math.floor(random() * 10_001));
  });
}

function build(
  size: number,
  fill: (add: (column: number, weight: number) => void) => void,
): AssignmentProblem {
  const rowStart = new Int32Array(size + 1);
  const edgeColumn: number[] = [];
  const edgeWeight: number[] = [];
  for (let row = 0; row < size; row += 1) {
    fill((column, weight) => {
      edgeColumn.push(column);
      edgeWeight.push(weight);
    });
    rowStart[row + 1] = edgeColumn.length;
  }
  return {
    rows: size,
    columns: size,
    rowStart,
    edgeColumn: Int32Array.from(edgeColumn),
    edgeWeight: Float64Array.from(edgeWeight),
  };
}

/**
 * The instance as a DIMACS minimum-cost flow: source 1, rows, columns, sink; one unit per row, cost −weight on
 * the edges, 0 for staying alone (row to sink). The optimal cost is minus the largest weight.
 */
export function asDimacs(problem: AssignmentProblem, name: string): string {
  const { rows, columns } = problem;
  const row = (at: number): number => 2 + at;
  const column = (at: number): number => 2 + rows + at;
  const sink = 2 + rows + columns;
  const arcs = 2 * rows + problem.edgeColumn.length + columns;
  const lines = [`c ${name}`, `p min ${sink} ${arcs}`, `n 1 ${rows}`, `n ${sink} -${rows}`];
  for (let r = 0; r < rows; r += 1) {
    lines.push(`a 1 ${row(r)} 0 1 0`, `a ${row(r)} ${sink} 0 1 0`);
    for (let edge = problem.rowStart[r]!; edge < problem.rowStart[r + 1]!; edge += 1) {
      lines.push(`a ${row(r)} ${column(problem.edgeColumn[edge]!)} 0 1 ${-problem.edgeWeight[edge]!}`);
    }
  }
  for (let c = 0; c < columns; c += 1) lines.push(`a ${column(c)} ${sink} 0 1 0`);
  return `${lines.join('\n')}\n`;
}
