import { MatchingInputError } from './matching-error.ts';

/**
 * An assignment problem: rows (slots of requests) want at most one column (helper) each, at a whole weight of
 * 0 or more per edge; staying alone counts 0. Row r has the edges rowStart[r] .. rowStart[r + 1] − 1.
 * Edges may repeat; rows and columns may have none.
 */
export interface AssignmentProblem {
  readonly rows: number;
  readonly columns: number;
  readonly rowStart: Int32Array;
  readonly edgeColumn: Int32Array;
  readonly edgeWeight: Float64Array | Int32Array;
}

export interface AssignmentAnswer {
  /** Column of each row, −1 alone. */
  readonly columnOfRow: Int32Array;
  readonly value: number;
  /** What no assignment can exceed, from the dual prices. */
  readonly bound: number;
  /** bound − value; below 1 is a proof of optimality, because weights are whole numbers. */
  readonly gap: number;
}

/**
 * Everything a running assignment keeps. Weights are scaled by `scale`, so that prices are whole numbers and
 * one step of the auction is 1. Duals: row gains u ≥ 0 and column prices p ≥ 0 with u + p ≥ weight on every
 * edge, equal on matched ones; a free column costs 0, a lonely row gains 0.
 */
export interface AssignmentState {
  scale: number;
  rows: number;
  columns: number;
  edges: number;
  rowFrom: Int32Array;
  rowTo: Int32Array;
  edgeColumn: Int32Array;
  /** As given, for the certificate. */
  weight: Float64Array;
  /** Scaled; an edge matched by the auction may be raised by up to 1 (see `settleAuction`). */
  edgeWeight: Float64Array;
  gain: Float64Array;
  price: Float64Array;
  columnOfRow: Int32Array;
  rowOfColumn: Int32Array;
  rowIsOut: Uint8Array;
  columnIsOut: Uint8Array;
}

/** Weights times scale must stay below this, so that sums of prices are exact. */
const LARGEST = 2 ** 50;

/** A state with nothing matched, after checking the problem. Scales by rows + 1. Copies the edges. */
export function createAssignmentState(problem: AssignmentProblem): AssignmentState {
  checkProblem(problem);
  const scale = problem.rows + 1;
  const edges = problem.edgeColumn.length;
  const edgeWeight = new Float64Array(edges);
  for (let edge = 0; edge < edges; edge += 1) edgeWeight[edge] = problem.edgeWeight[edge]! * scale;
  return {
    scale,
    rows: problem.rows,
    columns: problem.columns,
    edges,
    rowFrom: problem.rowStart.slice(0, problem.rows),
    rowTo: problem.rowStart.slice(1, problem.rows + 1),
    edgeColumn: problem.edgeColumn.slice(),
    weight: Float64Array.from(problem.edgeWeight),
    edgeWeight,
    gain: new Float64Array(problem.rows),
    price: new Float64Array(problem.columns),
    columnOfRow: new Int32Array(problem.rows).fill(-1),
    rowOfColumn: new Int32Array(problem.columns).fill(-1),
    rowIsOut: new Uint8Array(problem.rows),
    columnIsOut: new Uint8Array(problem.columns),
  };
}

function checkProblem({ rows, columns, rowStart, edgeColumn, edgeWeight }: AssignmentProblem): void {
  if (rowStart.length !== rows + 1 || rowStart[0] !== 0 || rowStart[rows] !== edgeColumn.length) {
    throw new MatchingInputError('rowStart', 'rows + 1 positions from 0 to the number of edges');
  }
  for (let row = 0; row < rows; row += 1) {
    if (rowStart[row]! > rowStart[row + 1]!) throw new MatchingInputError(`rowStart[${row}]`, 'never falls');
  }
  if (edgeWeight.length !== edgeColumn.length) {
    throw new MatchingInputError('edgeWeight', 'one weight for each edge');
  }
  for (let edge = 0; edge < edgeColumn.length; edge += 1) {
    const column = edgeColumn[edge]!;
    if (column < 0 || column >= columns) {
      throw new MatchingInputError(`edgeColumn[${edge}]`, `between 0 and ${columns - 1}`);
    }
    checkWeight(edgeWeight[edge]!, rows + 1, `edgeWeight[${edge}]`);
  }
}

/** Throws MatchingInputError unless the weight is a whole number from 0 that stays exact when scaled. */
export function checkWeight(weight: number, scale: number, field: string): void {
  if (!Number.isInteger(weight) || weight < 0 || weight * scale > LARGEST) {
    throw new MatchingInputError(field, 'a whole number of 0 or more, small enough to stay exact');
  }
}

/**
 * The answer with its certificate, computed from the problem and the prices alone, without trusting anything
 * the algorithm kept: weak duality of linear programming makes `bound` a bound whatever the prices are.
 * O(edges).
 */
export function answerOf(state: AssignmentState): AssignmentAnswer {
  let value = 0;
  let dual = 0;
  for (let column = 0; column < state.columns; column += 1) {
    if (state.columnIsOut[column] === 0) dual += Math.max(0, state.price[column]!);
  }
  for (let row = 0; row < state.rows; row += 1) {
    if (state.rowIsOut[row] === 1) continue;
    let gain = 0;
    let own = -1;
    for (let edge = state.rowFrom[row]!; edge < state.rowTo[row]!; edge += 1) {
      const column = state.edgeColumn[edge]!;
      if (state.columnIsOut[column] === 1) continue;
      const weight = state.weight[edge]!;
      gain = Math.max(gain, weight * state.scale - Math.max(0, state.price[column]!));
      if (column === state.columnOfRow[row]) own = Math.max(own, weight);
    }
    dual += gain;
    value += Math.max(0, own);
  }
  const bound = dual / state.scale;
  return { columnOfRow: state.columnOfRow.slice(0, state.rows), value, bound, gap: bound - value };
}
