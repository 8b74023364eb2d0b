import { assignBatch } from './batch-assignment.ts';
import type { MatchingIndex, Moment, RankedHelper } from './match-types.ts';
import type { SimRequest } from './sim-world.ts';
import { chanceOf, planWave } from './wave-plan.ts';
import { waveRules } from './wave-rules.ts';

/** One request that still wants helpers, as a policy sees it. */
export interface OpenRequest {
  readonly sim: SimRequest;
  readonly slotsFree: number;
  readonly wavesSent: number;
  readonly excluded: readonly string[];
}

export interface Wave {
  readonly helperIds: readonly string[];
  readonly waitMs: number;
}

/** How a policy sends offers: the next wave of a request, or null to hand it over to staff. */
export interface SimPolicy {
  readonly name: string;
  next(open: OpenRequest, index: MatchingIndex, moment: Moment): Wave | null;
  /** With a batch: normal and low requests wait for it, and it names their first helper. */
  readonly batch?: (
    open: readonly OpenRequest[],
    index: MatchingIndex,
    moment: Moment,
  ) => ReadonlyMap<string, readonly string[]>;
}

/** As in the product; the other policies choose among everybody eligible. */
const OUR_LIMIT = 200;

function ranked(
  open: OpenRequest,
  index: MatchingIndex,
  moment: Moment,
  limit = index.size,
): ReturnType<MatchingIndex['rank']> {
  const request = { ...open.sim.request, excludedHelperIds: open.excluded };
  return index.rank(request, moment, { limit, seed: 1, counts: false });
}

function byDistance(open: OpenRequest, index: MatchingIndex, moment: Moment): readonly RankedHelper[] {
  return ranked(open, index, moment).ranked.toSorted((a, b) => a.metres - b.metres);
}

function waveOf(helpers: readonly RankedHelper[], waitMs: number): Wave | null {
  return helpers.length === 0 ? null : { helperIds: helpers.map((one) => one.helperId), waitMs };
}

/** Everybody eligible, at once. */
export const tellAll: SimPolicy = {
  name: 'notify all',
  next: (open, index, moment) =>
    waveOf(ranked(open, index, moment).ranked, waveRules[open.sim.request.urgency].waitMs),
};

/** The nearest twenty at once, and twenty more on silence, until nobody is left. */
export const nearestBroadcast: SimPolicy = {
  name: 'nearest-first broadcast',
  next: (open, index, moment) =>
    waveOf(byDistance(open, index, moment).slice(0, 20), waveRules[open.sim.request.urgency].waitMs),
};

/** The nearest three, waves and waits as ours. */
export const nearestWaves: SimPolicy = {
  name: 'nearest, waves of 3',
  next(open, index, moment) {
    const rule = waveRules[open.sim.request.urgency];
    if (open.wavesSent >= rule.waves) return null;
    return waveOf(byDistance(open, index, moment).slice(0, 3), rule.waitMs);
  },
};

/**
 * One wave of as many as cover the request once in expectation, likeliest first: the stationary idea of SN
 * without its linear program (Manshadi and Rodilitz, EC'20).
 */
export const sparseOnce: SimPolicy = {
  name: 'SN (one sparse wave)',
  next(open, index, moment) {
    if (open.wavesSent > 0) return null;
    const order = ranked(open, index, moment).ranked.toSorted((a, b) => chanceOf(b) - chanceOf(a));
    let covered = 0;
    const told = order.filter((one) => {
      if (covered >= open.slotsFree) return false;
      covered += chanceOf(one);
      return true;
    });
    return waveOf(told, waveRules[open.sim.request.urgency].waitMs);
  },
};

function ourWave(open: OpenRequest, index: MatchingIndex, moment: Moment): Wave | null {
  const history = { wavesSent: open.wavesSent, slotsFree: open.slotsFree, openOffers: 0 };
  const plan = planWave(ranked(open, index, moment, OUR_LIMIT), history, open.sim.request.urgency);
  return plan.kind === 'stop' ? null : waveOf(plan.helpers, plan.waitMs);
}

/** The product's engine without the batch window. */
export const ours: SimPolicy = { name: 'ours', next: ourWave };

/** The same with the batch: first helpers of normal and low requests come from one optimal assignment. */
export const oursWithBatch: SimPolicy = {
  name: 'ours + batch',
  next: ourWave,
  batch(open, index, moment) {
    const result = assignBatch(
      open.map((one) => ({
        requestId: one.sim.request.requestId,
        urgency: one.sim.request.urgency,
        slotsFree: one.slotsFree,
        allOrNone: false,
        candidates: ranked(one, index, moment, 30).ranked,
        offeredTo: [],
      })),
      { taken: new Set() },
    );
    const first = new Map<string, string[]>();
    for (const pair of result.pairs) {
      const list = first.get(pair.requestId);
      if (list === undefined) first.set(pair.requestId, [pair.helperId]);
      else list.push(pair.helperId);
    }
    return first;
  },
};

export const SIM_POLICIES: readonly SimPolicy[] = [
  nearestBroadcast,
  tellAll,
  nearestWaves,
  sparseOnce,
  ours,
  oursWithBatch,
];
