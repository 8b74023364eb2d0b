import type { AssignmentState } from './assignment-state.ts';
import { createDistanceHeap, popDistance, pushDistance, type DistanceHeap } from './distance-heap.ts';

/** Working memory of augmentations: reused, sized to the larger side. */
export interface AugmentMemory {
  distance: Float64Array;
  /** Round in which a node was reached (even) or settled (odd). */
  round: Int32Array;
  from: Int32Array;
  settled: Int32Array;
  readonly heap: DistanceHeap;
  present: number;
}

export function createAugmentMemory(size: number): AugmentMemory {
  return {
    distance: new Float64Array(size),
    round: new Int32Array(size),
    from: new Int32Array(size),
    settled: new Int32Array(size),
    heap: createDistanceHeap(),
    present: 0,
  };
}

/** Makes room for `size` nodes. */
export function growAugmentMemory(memory: AugmentMemory, size: number): void {
  if (size <= memory.distance.length) return;
  const next = createAugmentMemory(Math.max(size, 2 * memory.distance.length));
  memory.distance = next.distance;
  memory.round = next.round;
  memory.from = next.from;
  memory.settled = next.settled;
  memory.present = 0;
}

/** The best end of the path under search. Module state, because an augmentation runs to its end in one go. */
let endDistance = 0;
let endColumn = -1;
let endRow = -1;

/**
 * Takes one free row into an optimal assignment and keeps it optimal: the shortest alternating path by reduced
 * costs that ends at a free column, or at a row (this one too) that is better left alone. Dijkstra's method,
 * cut off at the best end found. Source: Jonker and Volgenant (1987), augmentation step; sparse as in
 * Volgenant (1996). Worst case O(edges log columns), usually a few hundred edges.
 */
export function augmentRow(state: AssignmentState, memory: AugmentMemory, start: number): void {
  const { price, gain, rowOfColumn } = state;
  const { heap, distance, round, settled } = memory;
  gain[start] = bestGain(state, start);
  heap.count = 0;
  memory.present += 2;
  const reached = memory.present;
  endDistance = Infinity;
  endColumn = -1;
  endRow = -1;
  let settledCount = 0;
  scanRow(state, memory, start, 0);
  while (heap.count > 0 && heap.keys[0]! < endDistance) {
    const column = heap.nodes[0]!;
    const key = heap.keys[0]!;
    popDistance(heap);
    if (round[column] !== reached || key > distance[column]!) continue;
    round[column] = reached + 1;
    settled[settledCount++] = column;
    scanRow(state, memory, rowOfColumn[column]!, key);
  }
  gain[start] -= endDistance;
  for (let i = 0; i < settledCount; i += 1) {
    const column = settled[i]!;
    const by = endDistance - distance[column]!;
    price[column] = price[column]! + by;
    const owner = rowOfColumn[column]!;
    gain[owner] = gain[owner]! - by;
  }
  turnPath(state, memory, start);
}

/** The best a row can gain at present prices, 0 at least. */
export function bestGain(state: AssignmentState, row: number): number {
  let best = 0;
  for (let edge = state.rowFrom[row]!; edge < state.rowTo[row]!; edge += 1) {
    const column = state.edgeColumn[edge]!;
    if (state.columnIsOut[column] === 1) continue;
    const value = state.edgeWeight[edge]! - state.price[column]!;
    if (value > best) best = value;
  }
  return best;
}

function scanRow(state: AssignmentState, memory: AugmentMemory, row: number, at: number): void {
  const { edgeColumn, edgeWeight, price, rowOfColumn, columnIsOut } = state;
  const { distance, round, from, present } = memory;
  const offset = at + state.gain[row]!;
  if (offset < endDistance) {
    endDistance = offset;
    endRow = row;
    endColumn = -1;
  }
  const to = state.rowTo[row]!;
  for (let edge = state.rowFrom[row]!; edge < to; edge += 1) {
    const column = edgeColumn[edge]!;
    const next = offset + price[column]! - edgeWeight[edge]!;
    if (next >= endDistance || columnIsOut[column] === 1) continue;
    if (rowOfColumn[column]! < 0) {
      endDistance = next;
      endColumn = column;
      endRow = -1;
      from[column] = row;
    } else if (round[column]! < present || (round[column] === present && next < distance[column]!)) {
      round[column] = present;
      distance[column] = next;
      from[column] = row;
      pushDistance(memory.heap, next, column);
    }
  }
}

/** Matches along the path found, from its end back to the row that began it. */
function turnPath(state: AssignmentState, memory: AugmentMemory, start: number): void {
  const { columnOfRow, rowOfColumn } = state;
  let column = endColumn;
  if (endRow >= 0) {
    if (endRow === start) return;
    column = columnOfRow[endRow]!;
    columnOfRow[endRow] = -1;
  }
  for (;;) {
    const row = memory.from[column]!;
    const next = columnOfRow[row]!;
    columnOfRow[row] = column;
    rowOfColumn[column] = row;
    if (row === start) return;
    column = next;
  }
}
