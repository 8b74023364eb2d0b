import type { Helper, MatchRequest, Moment, Refusal, WeekSpan } from './match-types.ts';

export const WEEK_MINUTES = 10_080;
const DAY_MINUTES = 1440;
/** "As soon as possible" means that the help may begin up to this many minutes after `startWeekMinute`. */
export const ASAP_SLACK_MINUTES = 240;

/**
 * Every hard constraint that speaks against asking this helper, in the order of `REFUSALS`; empty when the
 * helper may be asked. `metres` is the whole-metre distance. Constraints are never traded for score.
 */
export function refusalsOf(
  helper: Helper,
  request: MatchRequest,
  moment: Moment,
  metres: number,
): readonly Refusal[] {
  const found: Refusal[] = [];
  const add = (refusal: Refusal, applies: boolean): void => {
    if (applies) found.push(refusal);
  };
  add('own_request', request.partyIds.includes(helper.helperId));
  add('same_household', helper.householdId !== null && helper.householdId === request.householdId);
  add('suspended', helper.isSuspended);
  add('off_duty', !helper.isOnDuty);
  const skills = skillFit(helper, request);
  add('missing_skill', skills.isMissing);
  add('skill_not_verified', skills.isUnverified);
  add('trust_tier', helper.trustTier < request.tier);
  add('gender_wish', request.genderWish !== null && helper.gender !== request.genderWish);
  add('language', !sharesLanguage(helper, request));
  add('not_available_then', !isFree(helper.weekly, request));
  add('too_far', metres > helper.radiusMetres);
  add('too_many_tasks', helper.activeTasks >= helper.maxTasks);
  add('asked_too_often_today', helper.offersToday >= helper.maxOffersPerDay);
  add('resting', request.urgency !== 'critical' && moment.now < helper.nextOfferNotBefore);
  add('quiet_hours', isQuiet(helper, request, moment));
  add(
    'blocked',
    request.partyIds.some((partyId) => helper.blocked.includes(partyId)),
  );
  add('does_not_do_kind', helper.kindsNotDone.includes(request.kindId));
  add('already_asked', request.excludedHelperIds.includes(helper.helperId));
  return found;
}

/** Whether a needed skill is missing, or there but not verified where the request asks for it. */
function skillFit(helper: Helper, request: MatchRequest): { isMissing: boolean; isUnverified: boolean } {
  let isMissing = false;
  let isUnverified = false;
  for (const need of request.requiredSkills) {
    const own = helper.skills.find((skill) => skill.skillId === need.skillId);
    if (own === undefined) isMissing = true;
    else if (need.mustBeVerified && !own.verified) isUnverified = true;
  }
  return { isMissing, isUnverified };
}

function sharesLanguage(helper: Helper, request: MatchRequest): boolean {
  if (request.languages.length === 0) return true;
  return request.languages.some((language) => helper.languages.includes(language));
}

/**
 * Whether the weekly plan holds the whole task. An empty plan means "whenever I am on duty". Spans that touch
 * (across Sunday night too) count as one. An "as soon as possible" request fits when the task fits somewhere
 * in the first hours after its start.
 */
export function isFree(weekly: readonly WeekSpan[], request: MatchRequest): boolean {
  if (weekly.length === 0) return true;
  const slack = request.isAsap ? ASAP_SLACK_MINUTES : 0;
  return freeFrom(weekly, request.startWeekMinute, request.startWeekMinute + slack, request.minutes);
}

/** True when a task of `minutes` can begin at some minute in [earliest, latest] and stay inside the plan. */
function freeFrom(weekly: readonly WeekSpan[], earliest: number, latest: number, minutes: number): boolean {
  if (coveredUntil(weekly, earliest) >= earliest + minutes) return true;
  for (const span of weekly) {
    const start = span.from < earliest ? span.from + WEEK_MINUTES : span.from;
    if (start > latest) continue;
    if (coveredUntil(weekly, start) >= start + minutes) return true;
  }
  return false;
}

/** The first minute after `start` (counted on past the week's end) at which the plan no longer holds. */
function coveredUntil(weekly: readonly WeekSpan[], start: number): number {
  let until = start;
  for (let grew = true; grew && until < start + WEEK_MINUTES;) {
    grew = false;
    const at = until % WEEK_MINUTES;
    for (const span of weekly) {
      if (span.from <= at && at < span.to) {
        until += span.to - at;
        grew = true;
        break;
      }
    }
  }
  return until;
}

/** Quiet hours hold unless the request is critical and this helper agreed to be woken. */
function isQuiet(helper: Helper, request: MatchRequest, moment: Moment): boolean {
  if (helper.quietHours === null) return false;
  if (request.urgency === 'critical' && helper.breaksQuietHoursForCritical) return false;
  return inDaySpan(moment.weekMinute % DAY_MINUTES, helper.quietHours.from, helper.quietHours.to);
}

/** True when a minute of the day lies in a half-open span that may cross midnight; equal ends: never. */
export function inDaySpan(minute: number, from: number, to: number): boolean {
  if (from === to) return false;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}
