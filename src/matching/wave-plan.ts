import type { RankedHelper, Ranking, Urgency, WaveHistory, WavePlan } from './match-types.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';
import { SMALLEST_CHANCE, TURN_POWER, waveRules, type WaveRule } from './wave-rules.ts';

/** What may change a plan besides the ranking. */
export interface WaveContext {
  /** Households told already in this request's open wave. */
  readonly householdsTold?: readonly string[];
  /** Extra weight by area (floors per area, see `areaBoosts`); 1 when absent. */
  readonly areaBoosts?: Readonly<Record<string, number>>;
  /** Names kept as reserve behind the wave. Default 5. */
  readonly reserveSize?: number;
}

/**
 * Who is told next. Helpers are taken by p·b·u times their turn (equals keep the ranking's seeded order), at most
 * one per household, as few as reach the urgency's target within its smallest and largest size; nobody with p·b
 * under 0.05 is disturbed, unless it is the first wave and there is nobody better. One place goes to the helper
 * who has waited longest for an offer, a week at least. Critical requests know no stop rule, and after two waves
 * everybody eligible is told at once.
 * Source: belief-tracked waves after Manshadi and Rodilitz (EC'20); phased alerts, Van den Berg et al. 2026.
 */
export function planWave(
  ranking: Ranking,
  history: WaveHistory,
  urgency: Urgency,
  context: WaveContext = {},
): WavePlan {
  const rule = waveRules[urgency];
  const isRing = rule.wholeRing && history.wavesSent === rule.waves;
  if (history.wavesSent >= rule.waves && !isRing) return { kind: 'stop', reason: 'waves_used_up' };
  if (ranking.ranked.length === 0) return { kind: 'stop', reason: 'nobody_eligible' };
  const inOrder = byWaveOrder(ranking.ranked, context.areaBoosts ?? {});
  const likely = inOrder.filter((one) => chanceOf(one) >= SMALLEST_CHANCE);
  // The first wave goes to the best there are: a request that nobody heard of would be silence, not restraint.
  const worth = rule.wholeRing || (likely.length === 0 && history.wavesSent === 0) ? inOrder : likely;
  if (worth.length === 0) return { kind: 'stop', reason: 'chance_too_small' };
  const told = new Set(context.householdsTold ?? []);
  const single = isRing ? worth : onePerHousehold(worth, told);
  if (single.length === 0) return { kind: 'stop', reason: 'nobody_eligible' };
  const size = isRing ? single.length : waveSize(single, rule, history);
  const helpers = isRing ? single : withLongestIdle(single, size);
  const chosen = new Set(helpers);
  const reserve = single.filter((one) => !chosen.has(one)).slice(0, context.reserveSize ?? 5);
  return {
    kind: 'wave',
    waveNo: history.wavesSent + 1,
    helpers,
    expectedAcceptance: chanceOfAtLeast(helpers, 1),
    waitMs: rule.waitMs,
    reserve,
  };
}

/** Chance that an offer to this helper is noticed and accepted: p·b. */
export function chanceOf(one: RankedHelper): number {
  return one.acceptance * one.attention;
}

/**
 * Chance that at least `wanted` of the helpers accept, each on their own: the tail of a Poisson-binomial
 * distribution, by the usual recursion over helpers. Never NaN; 0 when fewer helpers than wanted.
 */
export function chanceOfAtLeast(helpers: readonly RankedHelper[], wanted: number): number {
  const below = new Float64Array(wanted);
  if (wanted <= 0) return 1;
  below[0] = 1;
  for (const one of helpers) {
    const chance = chanceOf(one);
    for (let count = wanted - 1; count >= 0; count -= 1) {
      below[count] = below[count]! * (1 - chance) + (count > 0 ? below[count - 1]! * chance : 0);
    }
  }
  let missed = 0;
  for (const part of below) missed += part;
  return Math.max(0, 1 - missed);
}

function byWaveOrder(
  ranked: readonly RankedHelper[],
  boosts: Readonly<Record<string, number>>,
): readonly RankedHelper[] {
  const weight = (one: RankedHelper): number => {
    const turn = one.parts.fairTurn / SCORE_WEIGHTS.points.fairTurn;
    const boost = one.areaId === undefined ? 1 : (boosts[one.areaId] ?? 1);
    return one.order * turn ** TURN_POWER * boost;
  };
  return [...ranked].sort((a, b) => weight(b) - weight(a));
}

function onePerHousehold(inOrder: readonly RankedHelper[], told: Set<string>): readonly RankedHelper[] {
  return inOrder.filter((one) => {
    const household = one.householdId ?? null;
    if (household === null) return true;
    if (told.has(household)) return false;
    told.add(household);
    return true;
  });
}

/** The fewest that reach the target for the free slots, less those whose answer is still awaited. */
function waveSize(inOrder: readonly RankedHelper[], rule: WaveRule, history: WaveHistory): number {
  const slots = Math.max(1, history.slotsFree);
  const largest = Math.max(1, rule.largest * slots - history.openOffers);
  const smallest = Math.min(Math.max(1, rule.smallest + slots - 1 - history.openOffers), largest);
  let size = Math.min(smallest, inOrder.length);
  while (size < largest && size < inOrder.length) {
    if (chanceOfAtLeast(inOrder.slice(0, size), slots) >= rule.target) break;
    size += 1;
  }
  return size;
}

/** The first `size`, with the last place given to the longest idle helper if none of them is idle. */
function withLongestIdle(inOrder: readonly RankedHelper[], size: number): readonly RankedHelper[] {
  const first = inOrder.slice(0, size);
  if (size < 2 || first.some((one) => isIdle(one))) return first;
  let longest: RankedHelper | undefined;
  for (const one of inOrder.slice(size)) {
    if (!isIdle(one)) continue;
    if (longest === undefined || one.idleSince! < longest.idleSince!) longest = one;
  }
  return longest === undefined ? first : [...first.slice(0, size - 1), longest];
}

function isIdle(one: RankedHelper): boolean {
  return one.idleSince !== undefined && one.idleSince !== null;
}
