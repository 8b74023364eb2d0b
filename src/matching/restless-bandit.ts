/**
 * Volunteers as restless two-state arms with one reward for all, after Raman, Shi and Fang, "Global Rewards in
 * Restless Multi-Armed Bandits" (NeurIPS 2024). A volunteer is engaged (1) or not (0); `engaged[s][a]` is the
 * chance of being engaged next when in state s and told (a = 1) or not (a = 0); `chance` is the chance of a
 * match when engaged and told. Per step, `budget` volunteers are told.
 */
export interface BanditArm {
  readonly engaged: readonly [readonly [number, number], readonly [number, number]];
  readonly chance: number;
}

export interface Bandit {
  readonly arms: readonly BanditArm[];
  readonly budget: number;
  /** Linear: the sum of the chances told; probability: the chance that at least one matches. */
  readonly reward: 'linear' | 'probability';
  readonly discount: number;
  /** Weight of the mean engagement against the reward for all. */
  readonly alpha: number;
}

/** Arms whose four chances of being engaged next and whose chance of a match are uniform; half may be told. */
export function randomBandit(size: number, reward: Bandit['reward'], random: () => number): Bandit {
  const arms = Array.from({ length: size }, (): BanditArm => ({
    engaged: [
      [random(), random()],
      [random(), random()],
    ],
    chance: random(),
  }));
  return { arms, budget: size / 2, reward, discount: 0.9, alpha: 0.5 };
}

/** Reward of one step before discounting. */
export function stepReward(bandit: Bandit, states: readonly number[], told: ReadonlySet<number>): number {
  const { arms, alpha } = bandit;
  let sum = 0;
  let missed = 1;
  for (const arm of told) {
    const chance = states[arm]! * arms[arm]!.chance;
    sum += chance;
    missed *= 1 - chance;
  }
  const forAll = bandit.reward === 'linear' ? sum : 1 - missed;
  const engaged = states.reduce((total, one) => total + one, 0) / arms.length;
  return (1 - alpha) * forAll + alpha * engaged;
}

/**
 * Exact value of a deterministic policy that depends on the state only, averaged over all starts: fixed-point
 * iteration over 2^N states. For small N; no luck in it.
 */
export function exactValue(
  bandit: Bandit,
  policy: (states: readonly number[]) => ReadonlySet<number>,
): number {
  const all = statesOf(bandit.arms.length);
  const told = all.map((states) => policy(states));
  const rewards = all.map((states, at) => stepReward(bandit, states, told[at]!));
  const next = all.map((states, at) => nextChances(bandit, states, told[at]!));
  return meanOf(fixedPoint(bandit, (value, at) => rewards[at]! + bandit.discount * dot(next[at]!, value)));
}

/** Exact optimum by value iteration over states and sets of `budget` volunteers; mean over all starts. */
export function optimalValue(bandit: Bandit): number {
  const all = statesOf(bandit.arms.length);
  const sets = subsetsOf(bandit.arms.length, bandit.budget);
  const rewards = all.map((states) => sets.map((told) => stepReward(bandit, states, told)));
  const next = all.map((states) => sets.map((told) => nextChances(bandit, states, told)));
  return meanOf(
    fixedPoint(bandit, (value, at) => {
      let best = -Infinity;
      sets.forEach((_, set) => {
        best = Math.max(best, rewards[at]![set]! + bandit.discount * dot(next[at]![set]!, value));
      });
      return best;
    }),
  );
}

/** Exact value of telling a random set in every step; mean over all starts. */
export function randomValue(bandit: Bandit): number {
  const all = statesOf(bandit.arms.length);
  const sets = subsetsOf(bandit.arms.length, bandit.budget);
  const rewards = all.map((states) => meanOf(sets.map((told) => stepReward(bandit, states, told))));
  const next = all.map((states) => {
    const mean = new Float64Array(all.length);
    for (const told of sets)
      nextChances(bandit, states, told).forEach((p, at) => (mean[at]! += p / sets.length));
    return mean;
  });
  return meanOf(fixedPoint(bandit, (value, at) => rewards[at]! + bandit.discount * dot(next[at]!, value)));
}

function fixedPoint(bandit: Bandit, improve: (value: Float64Array, at: number) => number): Float64Array {
  let value = new Float64Array(2 ** bandit.arms.length);
  for (let round = 0; round < 1000; round += 1) {
    const better = value.map((_, at) => improve(value, at));
    const moved = better.reduce((most, one, at) => Math.max(most, Math.abs(one - value[at]!)), 0);
    value = better;
    if (moved < 1e-9) break;
  }
  return value;
}

function statesOf(size: number): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** size }, (_, code) =>
    Array.from({ length: size }, (_, i) => (code >> i) & 1),
  );
}

/** All sets of `wanted` out of `size`. */
export function subsetsOf(size: number, wanted: number): readonly ReadonlySet<number>[] {
  const sets: ReadonlySet<number>[] = [];
  for (let code = 0; code < 2 ** size; code += 1) {
    const set = new Set<number>();
    for (let i = 0; i < size; i += 1) if (((code >> i) & 1) === 1) set.add(i);
    if (set.size === wanted) sets.push(set);
  }
  return sets;
}

function nextChances(bandit: Bandit, states: readonly number[], told: ReadonlySet<number>): Float64Array {
  let chances = Float64Array.of(1);
  for (let i = bandit.arms.length - 1; i >= 0; i -= 1) {
    const up = bandit.arms[i]!.engaged[states[i] as 0 | 1][told.has(i) ? 1 : 0];
    const wider = new Float64Array(2 * chances.length);
    chances.forEach((p, at) => {
      wider[2 * at] = p * (1 - up);
      wider[2 * at + 1] = p * up;
    });
    chances = wider;
  }
  return chances;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum / values.length;
}
