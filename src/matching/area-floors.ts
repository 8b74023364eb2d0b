/** What an area got lately: offers sent to its helpers, and helpers there who are on duty. */
export interface AreaCount {
  readonly areaId: string;
  readonly offers: number;
  readonly helpersOnDuty: number;
}

/** Every area gets at least this share of the offers that its helpers would get by head. */
const FLOOR_SHARE = 0.5;
/** A boost never does more than this. */
const LARGEST_BOOST = 3;

/**
 * Weights for `planWave` that lift areas under their floor: 1 for areas above it, up to 3 below. Areas without
 * helpers on duty are left out. Source: the per-area floors of the Contextual Budget Bandit (Tang, Raman, Fang
 * and Shi, 2025), as a proportional rule.
 */
export function areaBoosts(areas: readonly AreaCount[]): Readonly<Record<string, number>> {
  let offers = 0;
  let helpers = 0;
  for (const area of areas) {
    offers += area.offers;
    helpers += area.helpersOnDuty;
  }
  const boosts: Record<string, number> = {};
  for (const area of areas) {
    if (area.helpersOnDuty === 0) continue;
    const floor = (FLOOR_SHARE * offers * area.helpersOnDuty) / helpers;
    const lack = floor / Math.max(area.offers, floor / LARGEST_BOOST, Number.EPSILON);
    boosts[area.areaId] = Math.min(LARGEST_BOOST, Math.max(1, lack));
  }
  return boosts;
}
