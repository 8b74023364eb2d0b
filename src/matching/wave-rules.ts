import type { Urgency } from './match-types.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How waves of one urgency work. */
export interface WaveRule {
  /** Aim of one wave: chance that somebody accepts. */
  readonly target: number;
  readonly smallest: number;
  readonly largest: number;
  readonly waitMs: number;
  /** Waves before staff take over; for `wholeRing`, the waves before everybody is told. */
  readonly waves: number;
  /** After the waves, everybody eligible is told at once. */
  readonly wholeRing: boolean;
  /** Gathers in the batch first (milliseconds); null when it does not. */
  readonly batchMs: number | null;
  /** Offers leave only between these minutes of the day; null at any hour (quiet hours still hold). */
  readonly daytime: { readonly from: number; readonly to: number } | null;
}

/**
 * The table of waves, as data. Sizes and waits follow `lifecycle` of the product: phased alerting as in
 * Van den Berg et al. (PLOS ONE 2026) for the urgent, small belief-ordered waves for everything else.
 */
export const waveRules: Readonly<Record<Urgency, WaveRule>> = {
  critical: rule(0.95, 3, 8, 45 * SECOND, 2, { wholeRing: true }),
  high: rule(0.85, 3, 5, 3 * MINUTE, 6, {}),
  normal: rule(0.65, 3, 3, 12 * MINUTE, 6, { batchMs: 30 * SECOND }),
  low: rule(0.5, 2, 3, 60 * MINUTE, 4, {
    batchMs: 30 * SECOND,
    daytime: { from: 8 * 60, to: 20 * 60 },
  }),
};

/** Below this chance p·b a helper is not disturbed, and when nobody is above it the waves stop. */
export const SMALLEST_CHANCE = 0.05;

/**
 * How strongly waves rotate: p·b·u is multiplied by the fair-turn share to this power. Chosen with the simulator
 * (six neighbourhoods, 3 against 0): 93.0 % filled instead of 91.9 %, 5.5 alerts per acceptance instead of 5.9,
 * Gini of work 0.79 instead of 0.84, of alerts 0.45 instead of 0.54, because attention is spread.
 */
export const TURN_POWER = 3;

function rule(
  target: number,
  smallest: number,
  largest: number,
  waitMs: number,
  waves: number,
  more: Partial<Pick<WaveRule, 'wholeRing' | 'batchMs' | 'daytime'>>,
): WaveRule {
  const { wholeRing = false, batchMs = null, daytime = null } = more;
  return { target, smallest, largest, waitMs, waves, wholeRing, batchMs, daytime };
}
