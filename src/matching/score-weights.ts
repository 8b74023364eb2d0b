import type { ScoreParts, Urgency } from './match-types.ts';

/**
 * How much each part of a score counts, as data. A part is a number in [0, 1] times its weight, so the five
 * parts add up to a score of 0..100. Changing a number here means a new version.
 */
export const SCORE_WEIGHTS = {
  version: 'weights-1',
  /** Points out of 100. */
  points: { skillAndLanguage: 30, near: 30, free: 10, keepsPromises: 15, fairTurn: 15 },
  /** Shares inside `skillAndLanguage`; they add up to 1. */
  skillShares: { level: 0.4, verified: 0.1, preferred: 0.2, language: 0.15, helpedBefore: 0.15 },
  /** Value of a skill level 1, 2, 3 before `level` is applied. */
  levelValue: [0, 0.6, 0.85, 1],
  /** Distance in metres at which `near` has fallen to 1/e, by urgency: near help matters more in a hurry. */
  nearMetres: { critical: 800, high: 1200, normal: 2000, low: 3000 },
  /** Beta prior of keeping a promise: a newcomer counts as 4 kept of 5. */
  promisePrior: { kept: 4, broken: 1 },
  /** `fairTurn`: half of the load share is gone after this many minutes of help in 28 days. */
  fairMinutes: 480,
  /** `fairTurn`: nothing of the asking share is left at this many offers in 7 days. */
  fairOffers: 14,
  /** Shares inside `fairTurn`; they add up to 1. */
  fairShares: { load: 0.6, asked: 0.4 },
} as const satisfies {
  readonly points: Readonly<Record<keyof ScoreParts, number>>;
  readonly nearMetres: Readonly<Record<Urgency, number>>;
  readonly [more: string]: unknown;
};

/** One row of the table that staff and the page "how helpers are chosen" read. */
export interface WeightRow {
  readonly part: keyof ScoreParts;
  /** Points out of 100. */
  readonly points: number;
  /** The unit of the thing that is measured. */
  readonly unit:
    'level and shared language' | 'metres' | 'open tasks' | 'kept promises' | 'minutes and offers';
}

/** The weights as rows, in the order in which the parts are shown. The points add up to 100. */
export function describeWeights(): readonly WeightRow[] {
  const points = SCORE_WEIGHTS.points;
  return [
    { part: 'skillAndLanguage', points: points.skillAndLanguage, unit: 'level and shared language' },
    { part: 'near', points: points.near, unit: 'metres' },
    { part: 'free', points: points.free, unit: 'open tasks' },
    { part: 'keepsPromises', points: points.keepsPromises, unit: 'kept promises' },
    { part: 'fairTurn', points: points.fairTurn, unit: 'minutes and offers' },
  ];
}
