import { linkRow, type ColumnEdges } from './assignment-release.ts';
import type { AssignmentState } from './assignment-state.ts';

/** Appends a free row with its edges to a state; returns its number. Lists, when there are any, follow. */
export function appendRow(
  state: AssignmentState,
  edges: readonly { readonly column: number; readonly weight: number }[],
  lists: ColumnEdges | null,
): number {
  const row = state.rows;
  growState(state, row + 1, state.columns, state.edges + edges.length);
  state.rowFrom[row] = state.edges;
  for (const { column, weight } of edges) writeEdge(state, column, weight, weight * state.scale);
  state.rowTo[row] = state.edges;
  state.columnOfRow[row] = -1;
  state.rows += 1;
  if (lists !== null) {
    growLists(state, lists);
    linkRow(state, lists, row);
  }
  return row;
}

/**
 * Adds one edge to an existing row. A row whose edges do not end the pool is moved to its end first, with the
 * old places dead; rows that grow stay last in turn, so this is cheap for rows of a few dozen edges.
 */
export function appendToRow(
  state: AssignmentState,
  lists: ColumnEdges,
  row: number,
  column: number,
  weight: number,
): void {
  const from = state.rowFrom[row]!;
  const to = state.rowTo[row]!;
  if (to !== state.edges) {
    growState(state, state.rows, state.columns, state.edges + to - from + 1);
    growLists(state, lists);
    state.rowFrom[row] = state.edges;
    for (let edge = from; edge < to; edge += 1) {
      lists.rowOfEdge[edge] = -1;
      writeEdge(state, state.edgeColumn[edge]!, state.weight[edge]!, state.edgeWeight[edge]!);
    }
    state.rowTo[row] = state.edges;
    linkRow(state, lists, row);
  }
  growState(state, state.rows, state.columns, state.edges + 1);
  growLists(state, lists);
  const edge = state.edges;
  writeEdge(state, column, weight, weight * state.scale);
  state.rowTo[row] = state.edges;
  lists.rowOfEdge[edge] = row;
  lists.next[edge] = lists.first[column]!;
  lists.first[column] = edge;
}

function writeEdge(state: AssignmentState, column: number, weight: number, scaled: number): void {
  state.edgeColumn[state.edges] = column;
  state.weight[state.edges] = weight;
  state.edgeWeight[state.edges] = scaled;
  state.edges += 1;
}

/** Makes the lists as long as the arrays of the state. */
export function growLists(state: AssignmentState, lists: ColumnEdges): void {
  const before = lists.first.length;
  lists.first = grownInts(lists.first, state.price.length);
  lists.first.fill(-1, before);
  lists.next = grownInts(lists.next, state.edgeColumn.length);
  lists.rowOfEdge = grownInts(lists.rowOfEdge, state.edgeColumn.length);
}

/** Makes room for so many rows, columns and edges; what is new is 0. */
export function growState(state: AssignmentState, rows: number, columns: number, edges: number): void {
  state.rowFrom = grownInts(state.rowFrom, rows);
  state.rowTo = grownInts(state.rowTo, rows);
  state.gain = grownReals(state.gain, rows);
  state.columnOfRow = grownInts(state.columnOfRow, rows);
  state.rowIsOut = grownBytes(state.rowIsOut, rows);
  state.price = grownReals(state.price, columns);
  state.rowOfColumn = grownInts(state.rowOfColumn, columns);
  state.columnIsOut = grownBytes(state.columnIsOut, columns);
  state.edgeColumn = grownInts(state.edgeColumn, edges);
  state.edgeWeight = grownReals(state.edgeWeight, edges);
  state.weight = grownReals(state.weight, edges);
}

function grownInts(array: Int32Array, size: number): Int32Array {
  if (size <= array.length) return array;
  const grown = new Int32Array(Math.max(size, Math.ceil(1.5 * array.length)));
  grown.set(array);
  return grown;
}

function grownReals(array: Float64Array, size: number): Float64Array {
  if (size <= array.length) return array;
  const grown = new Float64Array(Math.max(size, Math.ceil(1.5 * array.length)));
  grown.set(array);
  return grown;
}

function grownBytes(array: Uint8Array, size: number): Uint8Array {
  if (size <= array.length) return array;
  const grown = new Uint8Array(Math.max(size, Math.ceil(1.5 * array.length)));
  grown.set(array);
  return grown;
}
