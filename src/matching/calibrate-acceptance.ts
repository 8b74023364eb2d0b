/** One offer that was noticed: what the model said, and what happened. */
export interface AcceptanceSample {
  readonly predicted: number;
  readonly accepted: boolean;
}

/** How predictions have to be moved in log-odds to be right on average. */
export interface Calibration {
  readonly intercept: number;
  readonly slope: number;
  /** Mean log-loss before and after, in nats; after is never larger. */
  readonly lossBefore: number;
  readonly lossAfter: number;
}

const NOTHING: Pick<Calibration, 'intercept' | 'slope'> = { intercept: 0, slope: 1 };
/** Weight of the belief that nothing has to move, in offers: few samples change little. */
const PRIOR_OFFERS = 20;

/**
 * Fits p' = 1 / (1 + exp(−(intercept + slope · logit p))) to what happened, by Newton's method on the
 * penalised likelihood; without samples, nothing moves. The result is for a new version of the coefficients,
 * set by people who read it; the engine never changes itself. Source: Platt (1999), with the Newton steps of
 * Lin, Lin and Weng (2007) and a ridge towards (0, 1).
 */
export function calibrateAcceptance(samples: readonly AcceptanceSample[]): Calibration {
  const odds = samples.map((one) => logit(one.predicted));
  const lossBefore = lossOf(samples, odds, NOTHING);
  let fit = NOTHING;
  for (let round = 0; round < 50; round += 1) {
    const next = newtonStep(samples, odds, fit);
    const moved = Math.abs(next.intercept - fit.intercept) + Math.abs(next.slope - fit.slope);
    fit = next;
    if (moved < 1e-10) break;
  }
  const lossAfter = lossOf(samples, odds, fit);
  if (!(lossAfter <= lossBefore)) return { ...NOTHING, lossBefore, lossAfter: lossBefore };
  return { ...fit, lossBefore, lossAfter };
}

function newtonStep(
  samples: readonly AcceptanceSample[],
  odds: readonly number[],
  fit: Pick<Calibration, 'intercept' | 'slope'>,
): Pick<Calibration, 'intercept' | 'slope'> {
  const ridge = PRIOR_OFFERS / 4;
  let g0 = ridge * fit.intercept;
  let g1 = ridge * (fit.slope - 1);
  let h00 = ridge;
  let h01 = 0;
  let h11 = ridge;
  samples.forEach((one, at) => {
    const x = odds[at]!;
    const p = chance(fit.intercept + fit.slope * x);
    const miss = p - (one.accepted ? 1 : 0);
    g0 += miss;
    g1 += miss * x;
    const spread = p * (1 - p);
    h00 += spread;
    h01 += spread * x;
    h11 += spread * x * x;
  });
  const det = h00 * h11 - h01 * h01;
  const d0 = (h11 * g0 - h01 * g1) / det;
  const d1 = (h00 * g1 - h01 * g0) / det;
  const damp = Math.min(1, 2 / Math.max(Math.abs(d0), Math.abs(d1), 1e-12));
  return { intercept: fit.intercept - damp * d0, slope: fit.slope - damp * d1 };
}

function lossOf(
  samples: readonly AcceptanceSample[],
  odds: readonly number[],
  fit: Pick<Calibration, 'intercept' | 'slope'>,
): number {
  if (samples.length === 0) return 0;
  let loss = 0;
  samples.forEach((one, at) => {
    const p = chance(fit.intercept + fit.slope * odds[at]!);
    loss -= Math.log(Math.max(1e-12, one.accepted ? p : 1 - p));
  });
  return loss / samples.length;
}

function logit(p: number): number {
  const kept = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(kept / (1 - kept));
}

function chance(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
