import { seededRandom } from '../../src/matching/seeded-hash.ts';

/** A mean with its 95 % bootstrap interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const ROUNDS = 2000;

/**
 * Mean and percentile interval of paired differences, one per seed: the same neighbourhood under two policies,
 * so that what the seeds differ in cancels out. Source: Efron and Tibshirani (1993), percentile method.
 */
export function bootstrap(values: readonly number[], seed = 1): Interval {
  const random = seededRandom(seed);
  const means: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    let sum = 0;
    for (let i = 0; i < values.length; i += 1) sum += values[Math.floor(random() * values.length)]!;
    means.push(sum / values.length);
  }
  means.sort((a, b) => a - b);
  return {
    mean: values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length),
    low: means[Math.floor(0.025 * ROUNDS)]!,
    high: means[Math.ceil(0.975 * ROUNDS) - 1]!,
  };
}
