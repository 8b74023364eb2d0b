import type { OnlineInstance } from './online-instance.ts';
import { createMeetings, wholeWeights } from './online-meeting.ts';
import { solveAssignment } from './solve-assignment.ts';

/** Result of one policy on one instance. */
export interface OnlineResult {
  readonly pairs: number;
  readonly value: number;
}

/** The offline optimum: everybody is known in advance. Exact within the rounding of weights; certified. */
export function offlineOptimum(instance: OnlineInstance): OnlineResult & { readonly gap: number } {
  const { arrivals } = instance;
  const meetings = createMeetings(instance);
  const whole = wholeWeights(instance);
  const rowOf: number[] = [];
  const columnOf = new Map<number, number>();
  arrivals.forEach((one, at) => {
    if (one.side === 'request') rowOf.push(at);
    else columnOf.set(at, columnOf.size);
  });
  const rowStart = new Int32Array(rowOf.length + 1);
  const edgeColumn: number[] = [];
  const edgeWeight: number[] = [];
  const values: number[] = [];
  rowOf.forEach((at, row) => {
    meetings.partnersOf(at, (other, value) => {
      edgeColumn.push(columnOf.get(other)!);
      edgeWeight.push(whole(value));
      values.push(value);
    });
    rowStart[row + 1] = edgeColumn.length;
  });
  const answer = solveAssignment({
    rows: rowOf.length,
    columns: columnOf.size,
    rowStart,
    edgeColumn: Int32Array.from(edgeColumn),
    edgeWeight: Float64Array.from(edgeWeight),
  });
  let value = 0;
  let pairs = 0;
  answer.columnOfRow.forEach((column, row) => {
    for (let edge = rowStart[row]!; edge < rowStart[row + 1]!; edge += 1) {
      if (edgeColumn[edge] !== column) continue;
      value += values[edge]!;
      pairs += 1;
      break;
    }
  });
  return { pairs, value, gap: answer.gap };
}

/**
 * Greedy on arrival, in the order of `order`: whoever comes takes the most valuable free partner there is (the
 * first of equals), at once and for good. Source: the Greedy of Tong et al., ICDE'16.
 */
export function greedyOnArrival(
  instance: OnlineInstance,
  order: readonly number[] = instance.arrivals.map((_, at) => at),
): OnlineResult {
  const meetings = createMeetings(instance);
  const rank = new Int32Array(instance.arrivals.length);
  order.forEach((at, position) => {
    rank[at] = position;
  });
  const isTaken = new Uint8Array(rank.length);
  let pairs = 0;
  let total = 0;
  for (const at of order) {
    let best = -1;
    let bestValue = 0;
    meetings.partnersOf(at, (other, value) => {
      if (isTaken[other] === 1 || rank[other]! >= rank[at]!) return;
      if (value > bestValue || (value === bestValue && best >= 0 && rank[other]! < rank[best]!)) {
        best = other;
        bestValue = value;
      }
    });
    if (best < 0) continue;
    isTaken[at] = 1;
    isTaken[best] = 1;
    pairs += 1;
    total += bestValue;
  }
  return { pairs, value: total };
}

/** Positions of the arrivals in the order of their true times; the file's order among equals. */
export function inTrueTime({ arrivals }: OnlineInstance): readonly number[] {
  return arrivals.map((_, at) => at).sort((a, b) => arrivals[a]!.arrival - arrivals[b]!.arrival || a - b);
}
