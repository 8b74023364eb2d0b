import {
  augmentRow,
  createAugmentMemory,
  growAugmentMemory,
  type AugmentMemory,
} from './assignment-augment.ts';
import { appendRow, appendToRow, growLists, growState } from './assignment-growth.ts';
import { createColumnEdges, releaseColumn, type ColumnEdges } from './assignment-release.ts';
import {
  answerOf,
  checkWeight,
  type AssignmentAnswer,
  type AssignmentProblem,
  type AssignmentState,
} from './assignment-state.ts';
import { MatchingInputError } from './matching-error.ts';
import { solveState } from './solve-assignment.ts';

export interface RowEdge {
  readonly column: number;
  readonly weight: number;
}

export interface ColumnEdge {
  readonly row: number;
  readonly weight: number;
}

/** An optimal assignment that stays optimal while rows and columns come and go. */
export interface LiveAssignment {
  /** A new row with its edges; returns its number. One augmentation. */
  addRow(edges: readonly RowEdge[]): number;
  /** Takes a row out (request withdrawn or filled otherwise); at most one augmentation. */
  removeRow(row: number): void;
  /** A new column with edges to rows that are there; returns its number. At most one augmentation. */
  addColumn(edges: readonly ColumnEdge[]): number;
  /** Takes a column out (helper off duty); its row looks for another. At most one augmentation. */
  removeColumn(column: number): void;
  /** Takes a matched pair out (somebody accepted); the rest stays optimal without any work. */
  takePair(row: number): void;
  columnOf(row: number): number;
  rowOf(column: number): number;
  /** What one more unit of this column is worth at the optimum; 0 when it is free. */
  priceOf(column: number): number;
  /** What the assignment would lose without this row at present prices. */
  gainOf(row: number): number;
  /** The assignment now with its certificate. O(edges). */
  answer(): AssignmentAnswer;
}

interface Live {
  readonly state: AssignmentState;
  readonly memory: AugmentMemory;
  lists: ColumnEdges | null;
}

/**
 * Solves a problem and keeps prices, so that each later change costs one augmentation instead of a new solve.
 * Rows and columns that are out stay in the answer as alone. Only the first solve raises weights, by less than
 * 1 in all, so the certificate stays below 1 however many come later. Throws MatchingInputError naming the
 * field of bad input; the assignment is then unchanged.
 */
export function createLiveAssignment(problem: AssignmentProblem): LiveAssignment {
  const size = Math.max(problem.rows, problem.columns, 1);
  const live: Live = { state: solveState(problem), memory: createAugmentMemory(size), lists: null };
  const { state } = live;
  return {
    addRow: (edges) => addRow(live, edges),
    removeRow: (row) => removeRow(live, row),
    addColumn: (edges) => addColumn(live, edges),
    removeColumn: (column) => removeColumn(live, column),
    takePair(row) {
      checkIndex(row, state.rows, 'row');
      const column = state.columnOfRow[row]!;
      if (column < 0) throw new MatchingInputError('row', 'a row that is matched');
      cut(state, row, column);
      state.rowIsOut[row] = 1;
      state.columnIsOut[column] = 1;
    },
    columnOf: (row) => state.columnOfRow[row] ?? -1,
    rowOf: (column) => state.rowOfColumn[column] ?? -1,
    priceOf: (column) => (state.price[column] ?? 0) / state.scale,
    gainOf: (row) => (state.gain[row] ?? 0) / state.scale,
    answer: () => answerOf(state),
  };
}

function addRow(live: Live, edges: readonly RowEdge[]): number {
  const { state, memory } = live;
  edges.forEach(({ column, weight }, at) => {
    checkIndex(column, state.columns, `edges[${at}].column`);
    checkWeight(weight, state.scale, `edges[${at}].weight`);
  });
  const row = appendRow(state, edges, live.lists);
  growAugmentMemory(memory, Math.max(state.rows, state.columns));
  augmentRow(state, memory, row);
  return row;
}

function removeRow(live: Live, row: number): void {
  const { state } = live;
  checkIndex(row, state.rows, 'row');
  if (state.rowIsOut[row] === 1) return;
  state.rowIsOut[row] = 1;
  const column = state.columnOfRow[row]!;
  if (column < 0) return;
  cut(state, row, column);
  live.lists ??= createColumnEdges(state);
  if (state.price[column]! > 0) releaseColumn(state, live.memory, live.lists, column);
}

function addColumn(live: Live, edges: readonly ColumnEdge[]): number {
  const { state, memory } = live;
  edges.forEach(({ row, weight }, at) => {
    checkIndex(row, state.rows, `edges[${at}].row`);
    checkWeight(weight, state.scale, `edges[${at}].weight`);
  });
  const column = state.columns;
  growState(state, state.rows, column + 1, state.edges);
  state.rowOfColumn[column] = -1;
  state.columns += 1;
  growAugmentMemory(memory, Math.max(state.rows, state.columns));
  if (edges.length === 0) {
    if (live.lists !== null) growLists(state, live.lists);
    return column;
  }
  live.lists ??= createColumnEdges(state);
  growLists(state, live.lists);
  let price = 0;
  for (const { row, weight } of edges) {
    if (state.rowIsOut[row] === 1) continue;
    appendToRow(state, live.lists, row, column, weight);
    price = Math.max(price, weight * state.scale - state.gain[row]!);
  }
  state.price[column] = price;
  if (price > 0) releaseColumn(state, memory, live.lists, column);
  return column;
}

function removeColumn(live: Live, column: number): void {
  const { state } = live;
  checkIndex(column, state.columns, 'column');
  if (state.columnIsOut[column] === 1) return;
  state.columnIsOut[column] = 1;
  const row = state.rowOfColumn[column]!;
  if (row < 0) return;
  cut(state, row, column);
  augmentRow(state, live.memory, row);
}

function cut(state: AssignmentState, row: number, column: number): void {
  state.columnOfRow[row] = -1;
  state.rowOfColumn[column] = -1;
}

function checkIndex(value: number, end: number, field: string): void {
  if (!Number.isInteger(value) || value < 0 || value >= end) {
    throw new MatchingInputError(field, `between 0 and ${end - 1}`);
  }
}
