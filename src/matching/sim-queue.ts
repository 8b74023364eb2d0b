import { createDistanceHeap, popDistance, pushDistance } from './distance-heap.ts';

/** Events of a simulation in the order of their times. */
export interface SimQueue {
  now(): number;
  /** An event in the past happens now. */
  add(at: number, event: () => void): void;
  /** Runs everything up to a moment, events added on the way too. */
  runUntil(end: number): void;
}

export function createSimQueue(): SimQueue {
  const heap = createDistanceHeap();
  const events: (() => void)[] = [];
  const free: number[] = [];
  let clock = -Infinity;
  return {
    now: () => clock,
    add(at, event) {
      const place = free.pop() ?? events.length;
      events[place] = event;
      pushDistance(heap, Math.max(at, clock), place);
    },
    runUntil(end) {
      while (heap.count > 0 && heap.keys[0]! <= end) {
        clock = heap.keys[0]!;
        const place = heap.nodes[0]!;
        popDistance(heap);
        const event = events[place]!;
        free.push(place);
        event();
      }
    },
  };
}
