import type { AugmentMemory } from './assignment-augment.ts';
import type { AssignmentState } from './assignment-state.ts';
import { popDistance, pushDistance } from './distance-heap.ts';

/** The edges of each column as linked lists, for searches that begin at a column. */
export interface ColumnEdges {
  first: Int32Array;
  next: Int32Array;
  rowOfEdge: Int32Array;
}

/** Lists of all edges present. O(edges), once. */
export function createColumnEdges(state: AssignmentState): ColumnEdges {
  const lists: ColumnEdges = {
    first: new Int32Array(state.price.length).fill(-1),
    next: new Int32Array(state.edgeColumn.length),
    rowOfEdge: new Int32Array(state.edgeColumn.length),
  };
  for (let row = 0; row < state.rows; row += 1) linkRow(state, lists, row);
  return lists;
}

/** Adds the edges of one row to the lists of their columns. */
export function linkRow(state: AssignmentState, lists: ColumnEdges, row: number): void {
  for (let edge = state.rowFrom[row]!; edge < state.rowTo[row]!; edge += 1) {
    const column = state.edgeColumn[edge]!;
    lists.rowOfEdge[edge] = row;
    lists.next[edge] = lists.first[column]!;
    lists.first[column] = edge;
  }
}

let endDistance = 0;
let endColumn = -1;
let endRow = -1;

/**
 * Gives back a column that lost its row and still has a price, and keeps the assignment optimal: the shortest
 * alternating path from the column that ends at a lonely row, or at a column (this one too) that may stay
 * free at price 0. The mirror image of `augmentRow`. Source: as there.
 */
export function releaseColumn(
  state: AssignmentState,
  memory: AugmentMemory,
  lists: ColumnEdges,
  start: number,
): void {
  const { price, gain, columnOfRow } = state;
  const { heap, distance, round, settled } = memory;
  heap.count = 0;
  memory.present += 2;
  const reached = memory.present;
  endDistance = Infinity;
  endColumn = -1;
  endRow = -1;
  let settledCount = 0;
  scanColumn(state, memory, lists, start, 0);
  while (heap.count > 0 && heap.keys[0]! < endDistance) {
    const row = heap.nodes[0]!;
    const key = heap.keys[0]!;
    popDistance(heap);
    if (round[row] !== reached || key > distance[row]!) continue;
    round[row] = reached + 1;
    settled[settledCount++] = row;
    scanColumn(state, memory, lists, columnOfRow[row]!, key);
  }
  price[start]! -= endDistance;
  for (let i = 0; i < settledCount; i += 1) {
    const row = settled[i]!;
    const by = endDistance - distance[row]!;
    gain[row] = gain[row]! + by;
    price[columnOfRow[row]!]! -= by;
  }
  turnPath(state, memory, start);
}

function scanColumn(
  state: AssignmentState,
  memory: AugmentMemory,
  lists: ColumnEdges,
  column: number,
  at: number,
): void {
  const { distance, round, from, present } = memory;
  const offset = at + state.price[column]!;
  if (offset < endDistance) {
    endDistance = offset;
    endColumn = column;
    endRow = -1;
  }
  for (let edge = lists.first[column]!; edge >= 0; edge = lists.next[edge]!) {
    const row = lists.rowOfEdge[edge]!;
    if (row < 0) continue;
    const next = offset + state.gain[row]! - state.edgeWeight[edge]!;
    if (next >= endDistance || state.rowIsOut[row] === 1) continue;
    if (state.columnOfRow[row]! < 0) {
      endDistance = next;
      endRow = row;
      endColumn = -1;
      from[row] = column;
    } else if (round[row]! < present || (round[row] === present && next < distance[row]!)) {
      round[row] = present;
      distance[row] = next;
      from[row] = column;
      pushDistance(memory.heap, next, row);
    }
  }
}

function turnPath(state: AssignmentState, memory: AugmentMemory, start: number): void {
  const { columnOfRow, rowOfColumn } = state;
  let row = endRow;
  if (endColumn >= 0) {
    if (endColumn === start) return;
    row = rowOfColumn[endColumn]!;
    rowOfColumn[endColumn] = -1;
  }
  for (;;) {
    const column = memory.from[row]!;
    const next = rowOfColumn[column]!;
    rowOfColumn[column] = row;
    columnOfRow[row] = column;
    if (column === start) return;
    row = next;
  }
}
