import { stepReward, type Bandit, type BanditArm } from './restless-bandit.ts';

/** A policy that depends on the state alone. */
export type IndexPolicy = (states: readonly number[]) => ReadonlySet<number>;

/** Tells the engaged with the largest chances now. */
export function greedyBandit(bandit: Bandit): IndexPolicy {
  return (states) => topOf(bandit, (arm) => states[arm]! * bandit.arms[arm]!.chance);
}

/** Linear-Whittle: Whittle's index of each arm on its own, with its chance as its reward. */
export function linearWhittle(bandit: Bandit): IndexPolicy {
  return indexPolicy(
    bandit,
    bandit.arms.map((arm) => arm.chance),
  );
}

/** Shapley-Whittle: the same with the arm's Shapley share of the reward for all when everybody is engaged. */
export function shapleyWhittle(bandit: Bandit): IndexPolicy {
  return indexPolicy(bandit, shapleyShares(bandit));
}

/**
 * Iterative Whittle: arms are told one after the other; the index of each counts what it adds now to those told
 * already, and `worth` (its chance, or its Shapley share) from the next step on.
 */
export function iterativeWhittle(bandit: Bandit, worth: readonly number[]): IndexPolicy {
  const cache = new Map<string, ReadonlySet<number>>();
  return (states) => {
    const key = states.join('');
    let told = cache.get(key);
    if (told === undefined) cache.set(key, (told = tellOneByOne(bandit, worth, states)));
    return told;
  };
}

function tellOneByOne(
  bandit: Bandit,
  worth: readonly number[],
  states: readonly number[],
): ReadonlySet<number> {
  const told = new Set<number>();
  while (told.size < bandit.budget) {
    const before = stepReward(bandit, states, told);
    let best = -1;
    let bestIndex = -Infinity;
    bandit.arms.forEach((arm, i) => {
      if (told.has(i)) return;
      const now = stepReward(bandit, states, new Set([...told, i])) - before;
      const index = whittleIndex(bandit, arm, worth[i]!, states[i]!, now);
      if (index > bestIndex) {
        bestIndex = index;
        best = i;
      }
    });
    told.add(best);
  }
  return told;
}

function indexPolicy(bandit: Bandit, worth: readonly number[]): IndexPolicy {
  const indices = bandit.arms.map((arm, i) =>
    [0, 1].map((state) =>
      whittleIndex(bandit, arm, worth[i]!, state, (1 - bandit.alpha) * worth[i]! * state),
    ),
  );
  return (states) => topOf(bandit, (arm) => indices[arm]![states[arm]!]!);
}

function topOf(bandit: Bandit, score: (arm: number) => number): ReadonlySet<number> {
  const order = bandit.arms.map((_, arm) => arm).sort((a, b) => score(b) - score(a) || b - a);
  return new Set(order.slice(0, bandit.budget));
}

/**
 * Whittle's index: the subsidy for not telling at which telling and not telling are equally good in `state`,
 * when telling earns `now` in this step and (1 − alpha)·worth when engaged in later steps. By bisection over
 * subsidies. Source: Whittle (1988).
 */
export function whittleIndex(
  bandit: Bandit,
  arm: BanditArm,
  worth: number,
  state: number,
  now: number,
): number {
  let low = -3;
  let high = 3;
  for (let round = 0; round < 40; round += 1) {
    const subsidy = (low + high) / 2;
    const value = armValue(bandit, arm, worth, subsidy);
    const [passive, active] = arm.engaged[state as 0 | 1];
    const later = (up: number): number => bandit.discount * (up * value[1] + (1 - up) * value[0]);
    if (now + later(active) > subsidy + later(passive)) low = subsidy;
    else high = subsidy;
  }
  return (low + high) / 2;
}

/** Optimal value of one arm by state under a subsidy: the best of its four stationary policies, each solved exactly. */
function armValue(bandit: Bandit, arm: BanditArm, worth: number, subsidy: number): [number, number] {
  const { alpha, discount } = bandit;
  const base = alpha / bandit.arms.length;
  const best: [number, number] = [-Infinity, -Infinity];
  for (let policy = 0; policy < 4; policy += 1) {
    const toldWhenIdle = policy & 1;
    const toldWhenEngaged = policy >> 1;
    const r0 = toldWhenIdle === 1 ? 0 : subsidy;
    const r1 = base + (toldWhenEngaged === 1 ? (1 - alpha) * worth : subsidy);
    const a = discount * arm.engaged[0][toldWhenIdle as 0 | 1];
    const b = discount * arm.engaged[1][toldWhenEngaged as 0 | 1];
    // v0 = r0 + (d − a)·v0 + a·v1 and v1 = r1 + (d − b)·v0 + b·v1, solved for both.
    const determinant = (1 - discount + a) * (1 - b) - a * (discount - b);
    best[0] = Math.max(best[0], (r0 * (1 - b) + a * r1) / determinant);
    best[1] = Math.max(best[1], ((1 - discount + a) * r1 + (discount - b) * r0) / determinant);
  }
  return best;
}

/**
 * Shapley share of each arm in the reward for all, over orders cut at the budget, when everybody is engaged
 * (the smallest share over the others' states, because the rewards are submodular).
 */
export function shapleyShares(bandit: Bandit): readonly number[] {
  const { arms, budget } = bandit;
  if (bandit.reward === 'linear') return arms.map((arm) => arm.chance);
  return arms.map((arm, i) => {
    // Chance that nobody of a random set of k others matches: elementary symmetric sums of the misses.
    const sums = new Float64Array(budget);
    sums[0] = 1;
    arms.forEach((other, j) => {
      if (j === i) return;
      for (let k = budget - 1; k > 0; k -= 1) sums[k] = sums[k]! + sums[k - 1]! * (1 - other.chance);
    });
    let share = 0;
    for (let k = 0; k < budget; k += 1)
      share += (arm.chance * sums[k]!) / choose(arms.length - 1, k) / budget;
    return share;
  });
}

function choose(n: number, k: number): number {
  let value = 1;
  for (let i = 0; i < k; i += 1) value = (value * (n - i)) / (i + 1);
  return value;
}
