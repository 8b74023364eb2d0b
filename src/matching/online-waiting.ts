import { createLiveAssignment, type LiveAssignment } from './live-assignment.ts';
import type { OnlineInstance } from './online-instance.ts';
import { createMeetings, wholeWeights, type Meetings } from './online-meeting.ts';
import type { OnlineResult } from './online-policies.ts';

/** The people who are there now, in an assignment that is kept optimal while they come and go. */
interface Present {
  readonly live: LiveAssignment;
  /** Row of a request, column of a helper, by position; −1 when not there. */
  readonly place: Int32Array;
  readonly atRow: Int32Array;
  readonly atColumn: Int32Array;
  readonly meetings: Meetings;
  readonly whole: (value: number) => number;
  pairs: number;
  value: number;
}

function nobodyYet(instance: OnlineInstance): Present {
  const none = new Int32Array(0);
  const size = instance.arrivals.length;
  return {
    live: createLiveAssignment({
      rows: 0,
      columns: 0,
      rowStart: new Int32Array(1),
      edgeColumn: none,
      edgeWeight: none,
    }),
    place: new Int32Array(size).fill(-1),
    atRow: new Int32Array(size),
    atColumn: new Int32Array(size),
    meetings: createMeetings(instance),
    whole: wholeWeights(instance),
    pairs: 0,
    value: 0,
  };
}

function arrive(present: Present, instance: OnlineInstance, at: number): void {
  const partners: { other: number; weight: number }[] = [];
  present.meetings.partnersOf(at, (other, value) => {
    if (present.place[other]! >= 0)
      partners.push({ other: present.place[other]!, weight: present.whole(value) });
  });
  if (instance.arrivals[at]!.side === 'request') {
    const row = present.live.addRow(partners.map(({ other, weight }) => ({ column: other, weight })));
    present.place[at] = row;
    present.atRow[row] = at;
  } else {
    const column = present.live.addColumn(partners.map(({ other, weight }) => ({ row: other, weight })));
    present.place[at] = column;
    present.atColumn[column] = at;
  }
}

/** Partner of a present one in the optimum of the moment; −1 alone. */
function partnerOf(present: Present, instance: OnlineInstance, at: number): number {
  const place = present.place[at]!;
  if (instance.arrivals[at]!.side === 'request') {
    const column = present.live.columnOf(place);
    return column < 0 ? -1 : present.atColumn[column]!;
  }
  const row = present.live.rowOf(place);
  return row < 0 ? -1 : present.atRow[row]!;
}

function commit(present: Present, instance: OnlineInstance, at: number, other: number): void {
  const request = instance.arrivals[at]!.side === 'request' ? at : other;
  const helper = request === at ? other : at;
  present.live.takePair(present.place[request]!);
  present.place[at] = -1;
  present.place[other] = -1;
  present.pairs += 1;
  present.value += instance.arrivals[request]!.weight * instance.arrivals[helper]!.weight;
}

function leave(present: Present, instance: OnlineInstance, at: number): void {
  if (instance.arrivals[at]!.side === 'request') present.live.removeRow(present.place[at]!);
  else present.live.removeColumn(present.place[at]!);
  present.place[at] = -1;
}

interface Step {
  readonly time: number;
  readonly at: number;
  readonly isDeparture: boolean;
}

/** Comings and goings in true time; at one moment, goings first, because stays must overlap. */
function stepsOf({ arrivals }: OnlineInstance): readonly Step[] {
  const steps: Step[] = [];
  arrivals.forEach((one, at) => {
    if (one.departure <= one.arrival) return;
    steps.push({ time: one.arrival, at, isDeparture: false }, { time: one.departure, at, isDeparture: true });
  });
  const first = (step: Step): number => (step.isDeparture ? 0 : 1);
  return steps.sort((a, b) => a.time - b.time || first(a) - first(b) || a.at - b.at);
}

/**
 * Waits as long as it may, in true time order: keeps the best assignment of those present, and when somebody
 * is about to leave commits that person's pair only; all others stay free for whoever comes next. One
 * augmentation per coming or going. Knows nothing of the future.
 */
export function lookAhead(instance: OnlineInstance): OnlineResult {
  const present = nobodyYet(instance);
  for (const step of stepsOf(instance)) {
    if (!step.isDeparture) {
      arrive(present, instance, step.at);
      continue;
    }
    if (present.place[step.at]! < 0) continue;
    const other = partnerOf(present, instance, step.at);
    if (other >= 0) commit(present, instance, step.at, other);
    else leave(present, instance, step.at);
  }
  return { pairs: present.pairs, value: present.value };
}

/**
 * Batches: at the end of every window of `window` time units the best assignment of those present is
 * committed whole. Source: the batch policy of Li et al. (GeoInformatica 2020).
 */
export function inBatches(instance: OnlineInstance, window: number): OnlineResult {
  const present = nobodyYet(instance);
  const { arrivals } = instance;
  let end = -Infinity;
  const here = new Set<number>();
  for (const step of stepsOf(instance)) {
    if (step.time >= end) {
      for (const at of here) {
        if (arrivals[at]!.side !== 'request' || present.place[at]! < 0) continue;
        const other = partnerOf(present, instance, at);
        if (other < 0) continue;
        commit(present, instance, at, other);
        here.delete(at);
        here.delete(other);
      }
      end = (Math.floor(step.time / window) + 1) * window;
    }
    if (!step.isDeparture) {
      arrive(present, instance, step.at);
      here.add(step.at);
    } else if (present.place[step.at]! >= 0) {
      leave(present, instance, step.at);
      here.delete(step.at);
    }
  }
  for (const at of here) {
    const other = arrivals[at]!.side === 'request' ? partnerOf(present, instance, at) : -1;
    if (other >= 0) commit(present, instance, at, other);
  }
  return { pairs: present.pairs, value: present.value };
}
