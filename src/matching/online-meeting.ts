import { pairValue, type OnlineArrival, type OnlineInstance } from './online-instance.ts';

/** Who may meet whom, by a grid of squares as wide as the largest radius. */
export interface Meetings {
  /** Positions in `arrivals` of the other side that may meet the one at `at`, with the value of the pair. */
  partnersOf(at: number, visit: (other: number, value: number) => void): void;
}

/**
 * Looks partners up by place and checks each pair by `pairValue`. Pairs of value 0 are left out. When no
 * radius limits anybody, all of the other side are looked at.
 */
export function createMeetings({ arrivals }: OnlineInstance): Meetings {
  let side = 0;
  let isUnlimited = false;
  for (const one of arrivals) {
    if (one.radius !== null) side = Math.max(side, one.radius);
    else if (one.side === 'helper') isUnlimited = true;
  }
  const cellOf = (value: number): number => (isUnlimited || side === 0 ? 0 : Math.floor(value / side));
  const cells = new Map<string, number[]>();
  arrivals.forEach((one, at) => {
    const key = `${one.side} ${cellOf(one.x)} ${cellOf(one.y)}`;
    const known = cells.get(key);
    if (known === undefined) cells.set(key, [at]);
    else known.push(at);
  });
  return {
    partnersOf(at, visit) {
      const one = arrivals[at]!;
      const wanted = one.side === 'request' ? 'helper' : 'request';
      const reach = isUnlimited || side === 0 ? 0 : 1;
      for (let dx = -reach; dx <= reach; dx += 1) {
        for (let dy = -reach; dy <= reach; dy += 1) {
          const key = `${wanted} ${cellOf(one.x) + dx} ${cellOf(one.y) + dy}`;
          for (const other of cells.get(key) ?? []) visitPair(arrivals, at, other, visit);
        }
      }
    },
  };
}

function visitPair(
  arrivals: readonly OnlineArrival[],
  at: number,
  other: number,
  visit: (other: number, value: number) => void,
): void {
  const one = arrivals[at]!;
  const value = one.side === 'request' ? pairValue(one, arrivals[other]!) : pairValue(arrivals[other]!, one);
  if (value > 0) visit(other, value);
}

/** Whole-numbered weights for the solver: values times the largest power of ten that stays exact. */
export function wholeWeights(instance: OnlineInstance): (value: number) => number {
  const most = { request: 0, helper: 0 };
  for (const one of instance.arrivals) most[one.side] = Math.max(most[one.side], one.weight);
  const largest = Math.max(most.request * most.helper, 1e-9) * (instance.arrivals.length + 1);
  let factor = 1e7;
  while (factor > 1e-3 && largest * factor > 2 ** 49) factor /= 10;
  return (value) => Math.round(value * factor);
}
