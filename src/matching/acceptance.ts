import { ACCEPTANCE } from './acceptance-coefficients.ts';
import type { HelperHistory, Urgency } from './match-types.ts';

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
const DAY_MINUTES = 1440;

/** What the acceptance model looks at besides the helper's history. */
export interface OfferFeatures {
  readonly metres: number;
  /** The lowest level among the skills that the request needs; 1 when it needs none. */
  readonly level: number;
  readonly helpedBefore: boolean;
  readonly urgency: Urgency;
  /** Minute of the local week at which the offer is made. */
  readonly weekMinute: number;
  readonly now: number;
}

/**
 * Chance in [floor, ceiling] that a helper who notices the offer accepts it: a Beta posterior of the own rate
 * (shared prior for newcomers), moved in log-odds by the features, plus optimism for the rarely asked.
 * A decline and a lapse count the same: saying no is never worse than saying nothing.
 * Someone who switched automatic ranking off is treated as a newcomer, whatever the history says.
 */
export function acceptanceChance(
  history: HelperHistory,
  features: OfferFeatures,
  usesHistory: boolean,
): number {
  const { prior, logOdds } = ACCEPTANCE;
  const offered = usesHistory ? history.offered : 0;
  const accepted = usesHistory ? Math.min(history.accepted, offered) : 0;
  const rate = (accepted + prior.mean * prior.offers) / (offered + prior.offers);
  let odds = Math.log(rate / (1 - rate));
  odds += ACCEPTANCE.optimism / Math.sqrt(1 + offered);
  const wayMinutes = Math.min(features.metres / ACCEPTANCE.metresPerMinute, ACCEPTANCE.mostMinutesOfWay);
  odds += logOdds.perMinuteOfWay * wayMinutes;
  odds += logOdds.perSkillLevelAboveOne * (features.level - 1);
  if (features.helpedBefore) odds += logOdds.helpedBefore;
  if (isNight(features.weekMinute)) odds += logOdds.atNight;
  if (features.urgency === 'critical') odds += logOdds.critical;
  if (usesHistory && history.lastSeenAt !== null) {
    const weeks = Math.max(0, features.now - history.lastSeenAt) / WEEK;
    odds += logOdds.perWeekUnseen * Math.min(weeks, ACCEPTANCE.mostWeeksUnseen);
  }
  const chance = 1 / (1 + Math.exp(-odds));
  return Math.min(ACCEPTANCE.ceiling, Math.max(ACCEPTANCE.floor, chance));
}

/**
 * Belief in [floor, 1] that a notification is noticed now: 1 − (1 − q)^hours since the last one; 1 for
 * somebody never notified and for somebody who opened the app or answered since. `reachability` multiplies.
 * Source: geometric inactivity with hazard q, Manshadi and Rodilitz, EC'20.
 */
export function attentionBelief(
  history: HelperHistory,
  now: number,
  reachability: number,
  usesHistory: boolean,
): number {
  const floor = ACCEPTANCE.attention.floor;
  const { lastOfferedAt, lastSeenAt } = history;
  const isBack =
    !usesHistory || lastOfferedAt === null || (lastSeenAt !== null && lastSeenAt >= lastOfferedAt);
  if (isBack) return Math.max(floor, reachability);
  const hours = Math.max(0, now - lastOfferedAt) / HOUR;
  const belief = 1 - Math.pow(1 - attentionHazard(history), hours);
  return Math.max(floor, belief * reachability);
}

/**
 * Estimated hourly hazard of coming back, within [floorPerHour, ceilingPerHour]: the prior scaled by how
 * often this helper answers at all, accepted or declined, shrunk to the shared share of answers.
 */
export function attentionHazard(history: HelperHistory): number {
  const prior = ACCEPTANCE.attention;
  const answered = Math.min(history.accepted + history.declined, history.offered);
  const share = (answered + prior.priorAnswered * prior.priorOffers) / (history.offered + prior.priorOffers);
  const hazard = (prior.hazardPerHour * share) / prior.priorAnswered;
  return Math.min(prior.ceilingPerHour, Math.max(prior.floorPerHour, hazard));
}

/** True in the night hours of the coefficients; `weekMinute` is on the community's wall clock. */
export function isNight(weekMinute: number): boolean {
  const minute = weekMinute % DAY_MINUTES;
  return minute >= ACCEPTANCE.night.from || minute < ACCEPTANCE.night.to;
}
