import { seededRandom } from './seeded-hash.ts';

/**
 * The notification model of Manshadi and Rodilitz (EC'20; Management Science 2022), in its stationary form:
 * one task per period, of type s with probability `rates[s]`; an attentive volunteer v who is told accepts with
 * `chances[v][s]`; whoever is told stops paying attention and comes back each period with chance `hazard`.
 */
export interface AttentionInstance {
  readonly rates: readonly number[];
  readonly chances: readonly (readonly number[])[];
  readonly hazard: number;
}

export interface InstanceShape {
  readonly volunteers: number;
  readonly types: number;
  readonly hazard: number;
}

/** Chances of 0.05..0.45 on a quarter of all pairs, 0 elsewhere; rates at random. */
export function randomInstance(
  { volunteers, types, hazard }: InstanceShape,
  seed: number,
): AttentionInstance {
  const random = seededRandom(seed);
  const weights = Array.from({ length: types }, () => 0.2 + random());
  const total = weights.reduce((sum, one) => sum + one, 0);
  return {
    rates: weights.map((one) => one / total),
    chances: Array.from({ length: volunteers }, () =>
      Array.from({ length: types }, () => (random() < 0.25 ? 0.05 + 0.4 * random() : 0)),
    ),
    hazard,
  };
}

/** What a policy sees: the type of the task, who was told when. Attention itself is hidden. */
export interface PolicyView {
  readonly instance: AttentionInstance;
  readonly type: number;
  readonly period: number;
  /** Period of the last alert, −1 never. */
  readonly toldAt: Int32Array;
  /** Tasks done so far by volunteer. */
  readonly load: Float64Array;
  /** Alerts sent and tasks accepted so far. */
  readonly totals: { readonly alerts: number; readonly accepted: number };
  readonly random: () => number;
}

/** Gives the waves for one task, one after the other; it is not asked for more once somebody has accepted. */
export type AttentionPolicy = (view: PolicyView) => Iterable<readonly number[]>;

export interface AttentionResult {
  /** Share of tasks that somebody accepted. */
  readonly done: number;
  /** Alerts per accepted task. */
  readonly alertsPerAccept: number;
  readonly wavesPerAccept: number;
  /** Gini coefficient of tasks done by volunteer, and of alerts received. */
  readonly loadGini: number;
  readonly alertGini: number;
}

/**
 * Plays `tasks` periods of one policy. Answers within a wave are immediate; of several who accept, one drawn at
 * random does it. The same seed gives every policy the same tasks.
 */
export function playPolicy(
  instance: AttentionInstance,
  policy: AttentionPolicy,
  tasks: number,
  seed: number,
): AttentionResult {
  const volunteers = instance.chances.length;
  const random = seededRandom(seed ^ 0x5f3759df);
  const taskRandom = seededRandom(seed);
  const isAttentive = new Uint8Array(volunteers).fill(1);
  const toldAt = new Int32Array(volunteers).fill(-1);
  const load = new Float64Array(volunteers);
  const alerts = new Float64Array(volunteers);
  const totals = { alerts: 0, accepted: 0 };
  let waves = 0;
  for (let period = 0; period < tasks; period += 1) {
    const type = drawType(instance.rates, taskRandom());
    for (let v = 0; v < volunteers; v += 1) {
      if (isAttentive[v] === 0 && random() < instance.hazard) isAttentive[v] = 1;
    }
    for (const wave of policy({ instance, type, period, toldAt, load, totals, random })) {
      waves += 1;
      const accepting: number[] = [];
      for (const v of wave) {
        alerts[v] = alerts[v]! + 1;
        totals.alerts += 1;
        toldAt[v] = period;
        if (isAttentive[v] === 1 && random() < instance.chances[v]![type]!) accepting.push(v);
        isAttentive[v] = 0;
      }
      if (accepting.length === 0) continue;
      const doer = accepting[Math.floor(random() * accepting.length)]!;
      load[doer] = load[doer]! + 1;
      totals.accepted += 1;
      break;
    }
  }
  return {
    done: totals.accepted / tasks,
    alertsPerAccept: totals.alerts / Math.max(1, totals.accepted),
    wavesPerAccept: waves / Math.max(1, totals.accepted),
    loadGini: gini(load),
    alertGini: gini(alerts),
  };
}

function drawType(rates: readonly number[], at: number): number {
  let left = at;
  for (let type = 0; type < rates.length - 1; type += 1) {
    left -= rates[type]!;
    if (left < 0) return type;
  }
  return rates.length - 1;
}

/** Belief that a volunteer pays attention: exact in this model, whatever was observed. */
export function beliefOf(view: PolicyView, volunteer: number): number {
  const told = view.toldAt[volunteer]!;
  return told < 0 ? 1 : 1 - (1 - view.instance.hazard) ** (view.period - told);
}

/** Gini coefficient of non-negative numbers: 0 all equal, near 1 one has all; 0 when all are 0. */
export function gini(values: Float64Array | readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const total = sumOf(sorted);
  if (total === 0) return 0;
  let weighted = 0;
  sorted.forEach((value, at) => {
    weighted += (2 * (at + 1) - sorted.length - 1) * value;
  });
  return weighted / (sorted.length * total);
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
