import type { AssignmentState } from './assignment-state.ts';

/** An auction under way: the rows that wait to bid, in a ring, and those left to the augmentation. */
export interface Auction {
  readonly queue: Int32Array;
  head: number;
  tail: number;
  readonly bids: Uint8Array;
  readonly left: number[];
}

export function createAuction(rows: number): Auction {
  const queue = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row += 1) queue[row] = row;
  return { queue, head: 0, tail: rows, bids: new Uint8Array(rows), left: [] };
}

/**
 * Gauss-Seidel auction with a step of 1 in scaled weights: each free row bids for its best column, raising the
 * price to where the second best (or staying alone) is as good, plus 1; the former owner is free again.
 * A row that has bid `bidsPerRow` times is left to the augmentation. Makes up to `most` bids and returns
 * whether the auction is over. Then every matched row is within 1 of its best choice and free columns cost
 * nothing. Source: Bertsekas, "The auction algorithm" (1988), with the outside option as one more column.
 */
export function runAuction(
  state: AssignmentState,
  auction: Auction,
  bidsPerRow: number,
  most: number,
): boolean {
  const { rows, rowOfColumn, columnOfRow, price } = state;
  const { queue, bids, left } = auction;
  let { head, tail } = auction;
  for (let made = 0; made < most && head !== tail; made += 1) {
    const row = queue[head]!;
    head = head === rows ? 0 : head + 1;
    if (bids[row]! >= bidsPerRow) {
      left.push(row);
      continue;
    }
    bids[row] = bids[row]! + 1;
    const column = bid(state, row);
    if (column < 0) continue;
    const former = rowOfColumn[column]!;
    if (former >= 0) {
      columnOfRow[former] = -1;
      queue[tail] = former;
      tail = tail === rows ? 0 : tail + 1;
    }
    rowOfColumn[column] = row;
    columnOfRow[row] = column;
    price[column] = raised;
  }
  auction.head = head;
  auction.tail = tail;
  return head === tail;
}

/** Price of the last bid; beside the return value, so that bidding allocates nothing. */
let raised = 0;

/** Best column of a row at present prices, −1 when staying alone is as good. */
function bid(state: AssignmentState, row: number): number {
  const { edgeColumn, edgeWeight, price } = state;
  let best = 0;
  let second = 0;
  let column = -1;
  const to = state.rowTo[row]!;
  for (let edge = state.rowFrom[row]!; edge < to; edge += 1) {
    const value = edgeWeight[edge]! - price[edgeColumn[edge]!]!;
    if (value <= second) continue;
    if (value > best) {
      second = edgeColumn[edge] === column ? second : best;
      best = value;
      column = edgeColumn[edge]!;
    } else if (edgeColumn[edge] !== column) {
      second = value;
    }
  }
  if (column >= 0) raised = price[column]! + best - second + 1;
  return column;
}

/**
 * Makes complementary slackness exact: sets gains to the best value and raises the weight of each matched edge
 * by what it lacks, 1 at most. The optimum of the raised weights is worth at most rows·1 < scale more, so an
 * assignment that is optimal for them is optimal for the whole-numbered weights too.
 */
export function settleAuction(state: AssignmentState): void {
  const { edgeColumn, edgeWeight, price, gain } = state;
  for (let row = 0; row < state.rows; row += 1) {
    let best = 0;
    let own = -1;
    let ownWeight = -Infinity;
    for (let edge = state.rowFrom[row]!; edge < state.rowTo[row]!; edge += 1) {
      const column = edgeColumn[edge]!;
      best = Math.max(best, edgeWeight[edge]! - price[column]!);
      if (column === state.columnOfRow[row] && edgeWeight[edge]! > ownWeight) {
        own = edge;
        ownWeight = edgeWeight[edge]!;
      }
    }
    gain[row] = best;
    if (own >= 0) edgeWeight[own] = best + price[edgeColumn[own]!]!;
  }
}
