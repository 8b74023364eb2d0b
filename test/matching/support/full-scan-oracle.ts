import type { Helper, MatchRequest, Moment, Refusal } from '../../../src/matching/match-types.ts';
import { scoreOf, scoreParts } from '../../../src/matching/score-parts.ts';
import { hashText, querySeedOf, tieOf } from '../../../src/matching/seeded-hash.ts';

/**
 * The readable matcher: looks at everybody, one rule after the other, with the haversine formula. It shares
 * only the table of points and the tie hash with the engine; constraints, distance and order are its own.
 */
export interface OracleAnswer {
  readonly ids: readonly string[];
  readonly scores: readonly number[];
  readonly eligibleCount: number;
  readonly refusedCounts: Readonly<Partial<Record<Refusal, number>>>;
  /** Some distance lies so near to half a metre that rounding may go either way. */
  readonly isAmbiguous: boolean;
}

export function fullScan(
  helpers: Iterable<Helper>,
  request: MatchRequest,
  moment: Moment,
  limit: number,
  seed: number,
): OracleAnswer {
  const rows: { id: string; score: number; tie: number }[] = [];
  const refusedCounts: Partial<Record<Refusal, number>> = {};
  const querySeed = querySeedOf(request.requestId, seed);
  let isAmbiguous = false;
  for (const helper of helpers) {
    const exact = haversine(request.point, helper.point);
    if (Math.abs((exact % 1) - 0.5) < 1e-6) isAmbiguous = true;
    const metres = Math.round(exact);
    const refusal = refusalOf(helper, request, moment, metres);
    if (refusal !== undefined) {
      refusedCounts[refusal] = (refusedCounts[refusal] ?? 0) + 1;
      continue;
    }
    const score = scoreOf(scoreParts(helper, request, metres));
    rows.push({ id: helper.helperId, score, tie: tieOf(hashText(helper.helperId), querySeed) });
  }
  rows.sort((a, b) => b.score - a.score || a.tie - b.tie || (a.id < b.id ? -1 : 1));
  const top = rows.slice(0, limit);
  return {
    ids: top.map((row) => row.id),
    scores: top.map((row) => row.score),
    eligibleCount: rows.length,
    refusedCounts,
    isAmbiguous,
  };
}

/** Why this helper must not be offered this request; undefined when it may be. */
export function refusalOf(
  helper: Helper,
  request: MatchRequest,
  moment: Moment,
  metres: number,
): Refusal | undefined {
  return RULES.find(([, applies]) => applies(helper, request, moment, metres))?.[0];
}

export function haversine(a: readonly [number, number], b: readonly [number, number]): number {
  const rad = Math.PI / 180;
  const dLat = (b[1] - a[1]) * rad;
  const dLon = (b[0] - a[0]) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(h)));
}

type Rule = (helper: Helper, request: MatchRequest, moment: Moment, metres: number) => boolean;

const RULES: readonly (readonly [Refusal, Rule])[] = [
  ['own_request', (h, r) => new Set(r.partyIds).has(h.helperId)],
  ['same_household', (h, r) => h.householdId !== null && r.householdId === h.householdId],
  ['suspended', (h) => h.isSuspended],
  ['off_duty', (h) => !h.isOnDuty],
  ['missing_skill', (h, r) => r.requiredSkills.some((n) => h.skills.every((s) => s.skillId !== n.skillId))],
  [
    'skill_not_verified',
    (h, r) =>
      r.requiredSkills.some(
        (n) => n.mustBeVerified && h.skills.some((s) => s.skillId === n.skillId && !s.verified),
      ),
  ],
  ['trust_tier', (h, r) => r.tier > h.trustTier],
  ['gender_wish', (h, r) => r.genderWish !== null && r.genderWish !== h.gender],
  [
    'language',
    (h, r) => r.languages.length > 0 && r.languages.every((language) => !h.languages.includes(language)),
  ],
  ['not_available_then', (h, r) => !freeByMinutes(h, r)],
  ['too_far', (h, _r, _m, metres) => metres > h.radiusMetres],
  ['too_many_tasks', (h) => h.activeTasks >= h.maxTasks],
  ['asked_too_often_today', (h) => h.offersToday >= h.maxOffersPerDay],
  ['resting', (h, r, m) => r.urgency !== 'critical' && h.nextOfferNotBefore > m.now],
  ['quiet_hours', (h, r, m) => isQuiet(h, r, m)],
  ['blocked', (h, r) => h.blocked.some((id) => r.partyIds.includes(id))],
  ['does_not_do_kind', (h, r) => h.kindsNotDone.some((kind) => kind === r.kindId)],
  ['already_asked', (h, r) => r.excludedHelperIds.some((id) => id === h.helperId)],
];

/** Paints the plan minute by minute on a week and slides the task over it. */
function freeByMinutes(helper: Helper, request: MatchRequest): boolean {
  if (helper.weekly.length === 0) return true;
  const week = new Uint8Array(10_080);
  for (const span of helper.weekly) week.fill(1, span.from, span.to);
  const last = request.startWeekMinute + (request.isAsap ? 240 : 0);
  let run = 0;
  for (let minute = request.startWeekMinute; minute < last + request.minutes; minute += 1) {
    run = week[minute % 10_080] === 1 ? run + 1 : 0;
    if (run >= request.minutes) return true;
  }
  return false;
}

function isQuiet(helper: Helper, request: MatchRequest, moment: Moment): boolean {
  const quiet = helper.quietHours;
  if (quiet === null || (request.urgency === 'critical' && helper.breaksQuietHoursForCritical)) return false;
  for (let minute = quiet.from; minute % 1440 !== quiet.to % 1440; minute = (minute + 1) % 1440) {
    if (minute % 1440 === moment.weekMinute % 1440) return true;
  }
  return false;
}
