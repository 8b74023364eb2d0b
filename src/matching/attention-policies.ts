import {
  beliefOf,
  type AttentionInstance,
  type AttentionPolicy,
  type PolicyView,
} from './attention-model.ts';
import { SMALLEST_CHANCE } from './wave-rules.ts';

/** Everybody whose chance is not 0, at once. */
export const notifyAll: AttentionPolicy = (view) => [ableIn(view)];

/** The `size` likeliest at once, and nobody else. */
export function topByChance(size: number): AttentionPolicy {
  return (view) => [
    ableIn(view)
      .sort((a, b) => chanceIn(view, b) - chanceIn(view, a))
      .slice(0, size),
  ];
}

/** Waves of `size` in a fixed order (as by distance), at most `most`. */
export function fixedOrderWaves(size: number, most: number): AttentionPolicy {
  return (view) => wavesOf(ableIn(view), size, most);
}

/** Waves of `size` in random order, at most `most`. */
export function randomWaves(size: number, most: number): AttentionPolicy {
  return (view) => {
    const order = ableIn(view).map((v) => ({ v, at: view.random() }));
    return wavesOf(
      order.sort((a, b) => a.at - b.at).map(({ v }) => v),
      size,
      most,
    );
  };
}

/** How belief waves are tuned. */
export interface BeliefOptions {
  readonly size: number;
  readonly most: number;
  /** Nobody whose p·b (less the price of attention) is under it is told. Default 0.05. */
  readonly stopAt?: number;
  /**
   * Budget of alerts per accepted task, kept in the long run by raising the stop as the running figure comes
   * near it. Default none.
   */
  readonly alertsPerAccept?: number;
  /** 0: order by chance alone; 1: those with the mean load count half against those with none. Default 0. */
  readonly fairness?: number;
  /** Worth of one unit of each volunteer's attention elsewhere. Default none. */
  readonly prices?: readonly number[];
}

/**
 * The production rule in this model: waves by p·b·u, where u is the fair turn alone, and nobody who is not
 * worth an alert. With prices the order is by b·(p − price): telling somebody uses up the attention b, so p
 * must exceed what that attention earns elsewhere (the bid price of the capacity row of the ex-ante program).
 * Beliefs are taken anew for each wave.
 */
export function beliefWaves(options: BeliefOptions): AttentionPolicy {
  const { size, most, stopAt = SMALLEST_CHANCE, alertsPerAccept, fairness = 0, prices } = options;
  return function* beliefs(view) {
    const mean = 1e-9 + view.load.reduce((sum, one) => sum + one, 0) / view.load.length;
    const worths = view.instance.chances.map((own, v) => own[view.type]! - (prices?.[v] ?? 0));
    // Never so high that nobody could reach it even with full attention: the figure could not recover.
    const reachable = 0.8 * Math.max(0, ...worths);
    const floor = Math.max(stopAt, Math.min(reachable, stopAt * pressure(view, alertsPerAccept)));
    for (let wave = 0; wave < most; wave += 1) {
      const worth = ableIn(view)
        .map((v) => {
          const gain = beliefOf(view, v) * (chanceIn(view, v) - (prices?.[v] ?? 0));
          return { v, gain, order: gain / (1 + (fairness * view.load[v]!) / mean) };
        })
        .filter(({ gain }) => gain > 0 && gain >= floor)
        .sort((a, b) => b.order - a.order);
      if (worth.length === 0) return;
      yield worth.slice(0, size).map(({ v }) => v);
    }
  };
}

/**
 * SN of Manshadi and Rodilitz in stationary form. From a solution x of the ex-ante program, each volunteer in
 * turn keeps the notifications that earn most per unit of attention, counting what those before already
 * cover; the kept ones are sent independently with probability x. One wave. Its completion is at least
 * (1 − 1/e) / (2 − hazard) of the program's value.
 */
export function sparseNotification(
  instance: AttentionInstance,
  x: readonly (readonly number[])[],
): AttentionPolicy {
  const keep = sparsify(instance, x);
  return (view) => [
    ableIn(view).filter((v) => keep[v]![view.type]! > 0 && view.random() < keep[v]![view.type]!),
  ];
}

function sparsify(
  instance: AttentionInstance,
  x: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const { rates, chances, hazard } = instance;
  const uncovered = rates.map(() => 1);
  return chances.map((own, v) => {
    const types = rates
      .map((rate, s) => ({ s, load: rate * x[v]![s]!, worth: own[s]! * uncovered[s]! }))
      .filter(({ load, worth }) => load > 0 && worth > 0)
      .sort((a, b) => b.worth - a.worth);
    const kept = rates.map(() => 0);
    let reward = 0;
    let load = 0;
    let active = 1;
    for (const one of types) {
      const nextReward = reward + one.load * one.worth;
      const nextActive = 1 / (1 + ((load + one.load) * (1 - hazard)) / hazard);
      if (nextReward * nextActive < reward * active) break;
      reward = nextReward;
      load += one.load;
      active = nextActive;
      kept[one.s] = x[v]![one.s]!;
    }
    kept.forEach((probability, s) => {
      uncovered[s]! *= 1 - own[s]! * probability * active;
    });
    return kept;
  });
}

function ableIn(view: PolicyView): number[] {
  const able: number[] = [];
  view.instance.chances.forEach((own, v) => {
    if (own[view.type]! > 0) able.push(v);
  });
  return able;
}

function chanceIn(view: PolicyView, volunteer: number): number {
  return view.instance.chances[volunteer]![view.type]!;
}

function wavesOf(order: readonly number[], size: number, most: number): readonly (readonly number[])[] {
  const waves: (readonly number[])[] = [];
  for (let at = 0; at < order.length && waves.length < most; at += size)
    waves.push(order.slice(at, at + size));
  return waves;
}

/**
 * What one unit of each volunteer's attention earns elsewhere: `share` of the mean chance over the types they
 * can do, weighted by how often those come. A cheap stand-in for the dual of the ex-ante program.
 */
export function attentionPrices(instance: AttentionInstance, share: number): readonly number[] {
  return instance.chances.map((own) => {
    let weighted = 0;
    let rates = 0;
    instance.rates.forEach((rate, s) => {
      if (own[s]! <= 0) return;
      weighted += rate * own[s]!;
      rates += rate;
    });
    return rates === 0 ? 0 : (share * weighted) / rates;
  });
}

/** 1 up to nine tenths of the budget, then doubling with every twenty-fifth part of it. */
function pressure(view: PolicyView, budget: number | undefined): number {
  if (budget === undefined) return 1;
  const used = view.totals.alerts / (budget * (view.totals.accepted + 1));
  return used < 0.9 ? 1 : 2 ** (25 * (used - 0.9));
}
