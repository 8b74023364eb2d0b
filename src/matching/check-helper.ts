import type { Helper, HelperHistory, HelperLoad, MatchRequest, Moment, Point } from './match-types.ts';
import { MatchingInputError } from './matching-error.ts';

const WEEK_MINUTES = 10_080;
const DAY_MINUTES = 1440;
const URGENCIES: readonly unknown[] = ['critical', 'high', 'normal', 'low'];
/** More than this on one record is a mistake or an attack, not a person. */
export const LIMITS = {
  skills: 64,
  languages: 16,
  spans: 100,
  blocked: 10_000,
  kinds: 200,
  parties: 20,
  excluded: 100_000,
  text: 200,
} as const;

/** Throws MatchingInputError naming the first field that makes no sense; otherwise does nothing. */
export function checkHelper(helper: Helper): void {
  record(helper, 'helper');
  text(helper.helperId, 'helperId');
  if (helper.householdId !== null) text(helper.householdId, 'householdId');
  text(helper.areaId, 'areaId');
  point(helper.point, 'point');
  within(helper.radiusMetres, 'radiusMetres', 0, 20_100_000);
  atMost(helper.skills, 'skills', LIMITS.skills);
  checkSkills(helper);
  whole(helper.trustTier, 'trustTier', 0, 3);
  texts(helper.languages, 'languages', LIMITS.languages);
  gender(helper.gender, 'gender');
  weekly(helper);
  if (helper.quietHours !== null) {
    record(helper.quietHours, 'quietHours');
    whole(helper.quietHours.from, 'quietHours.from', 0, DAY_MINUTES);
    whole(helper.quietHours.to, 'quietHours.to', 0, DAY_MINUTES);
  }
  flag(helper.breaksQuietHoursForCritical, 'breaksQuietHoursForCritical');
  flag(helper.isOnDuty, 'isOnDuty');
  flag(helper.isSuspended, 'isSuspended');
  for (const field of ['maxTasks', 'activeTasks', 'openOffers', 'offersToday', 'maxOffersPerDay'] as const) {
    whole(helper[field], field, 0, 1_000_000);
  }
  finite(helper.nextOfferNotBefore, 'nextOfferNotBefore');
  texts(helper.blocked, 'blocked', LIMITS.blocked);
  texts(helper.kindsNotDone, 'kindsNotDone', LIMITS.kinds);
  flag(helper.automaticRanking, 'automaticRanking');
  within(helper.reachability, 'reachability', 0, 1);
  record(helper.history, 'history');
  checkHistory(helper.history);
}

function checkSkills({ skills }: Helper): void {
  for (let at = 0; at < skills.length; at += 1) {
    if (!isRecord(skills[at])) record(skills[at], `skills[${at}]`);
    const { skillId, level, verified } = skills[at]!;
    if (!isText(skillId)) text(skillId, `skills[${at}].skillId`);
    if (level !== 1 && level !== 2 && level !== 3) whole(level, `skills[${at}].level`, 1, 3);
    if (typeof verified !== 'boolean') flag(verified, `skills[${at}].verified`);
    for (let other = 0; other < at; other += 1) {
      if (skills[other]!.skillId === skillId) fail('skills', 'no entry twice');
    }
  }
}

function checkHistory(history: HelperHistory): void {
  const counts = [
    'offered',
    'accepted',
    'declined',
    'lapsed',
    'promised',
    'kept',
    'offersLast7Days',
  ] as const;
  for (const field of counts) whole(history[field], `history.${field}`, 0, 1e9);
  within(history.minutesLast28Days, 'history.minutesLast28Days', 0, 1e9);
  for (const field of ['lastOfferedAt', 'lastSeenAt'] as const) {
    if (history[field] !== null) finite(history[field], `history.${field}`);
  }
}

function weekly(helper: Helper): void {
  atMost(helper.weekly, 'weekly', LIMITS.spans);
  helper.weekly.forEach((span, at) => {
    record(span, `weekly[${at}]`);
    whole(span.from, `weekly[${at}].from`, 0, WEEK_MINUTES - 1);
    whole(span.to, `weekly[${at}].to`, 1, WEEK_MINUTES);
    if (span.to <= span.from) throw new MatchingInputError(`weekly[${at}].to`, 'a span ends after it starts');
  });
}

/** Throws MatchingInputError naming the first field of a request that makes no sense. */
export function checkRequest(request: MatchRequest): void {
  record(request, 'request');
  text(request.requestId, 'requestId');
  text(request.kindId, 'kindId');
  text(request.areaId, 'areaId');
  whole(request.tier, 'tier', 0, 3);
  if (!URGENCIES.includes(request.urgency)) {
    throw new MatchingInputError('urgency', 'one of critical, high, normal, low');
  }
  point(request.point, 'point');
  texts(request.partyIds, 'partyIds', LIMITS.parties);
  if (request.householdId !== null) text(request.householdId, 'householdId');
  atMost(request.requiredSkills, 'requiredSkills', LIMITS.skills);
  checkNeeds(request);
  texts(request.preferredSkills, 'preferredSkills', LIMITS.skills);
  unique(request.preferredSkills, 'preferredSkills');
  texts(request.languages, 'languages', LIMITS.languages);
  gender(request.genderWish, 'genderWish');
  finite(request.startsAt, 'startsAt');
  whole(request.minutes, 'minutes', 1, WEEK_MINUTES);
  whole(request.startWeekMinute, 'startWeekMinute', 0, WEEK_MINUTES - 1);
  flag(request.isAsap, 'isAsap');
  texts(request.excludedHelperIds, 'excludedHelperIds', LIMITS.excluded);
  texts(request.helpedBeforeIds, 'helpedBeforeIds', LIMITS.excluded);
}

function checkNeeds({ requiredSkills }: MatchRequest): void {
  for (let at = 0; at < requiredSkills.length; at += 1) {
    if (!isRecord(requiredSkills[at])) record(requiredSkills[at], `requiredSkills[${at}]`);
    const { skillId, mustBeVerified } = requiredSkills[at]!;
    if (!isText(skillId)) text(skillId, `requiredSkills[${at}].skillId`);
    if (typeof mustBeVerified !== 'boolean') flag(mustBeVerified, `requiredSkills[${at}].mustBeVerified`);
    for (let other = 0; other < at; other += 1) {
      if (requiredSkills[other]!.skillId === skillId) fail('requiredSkills', 'no entry twice');
    }
  }
}

/** Throws MatchingInputError naming the first field of a load that makes no sense. */
export function checkLoad(load: Partial<HelperLoad>): void {
  record(load, 'load');
  if (load.isOnDuty !== undefined) flag(load.isOnDuty, 'isOnDuty');
  for (const field of ['activeTasks', 'openOffers', 'offersToday'] as const) {
    if (load[field] !== undefined) whole(load[field], field, 0, 1_000_000);
  }
  if (load.nextOfferNotBefore !== undefined) finite(load.nextOfferNotBefore, 'nextOfferNotBefore');
}

/** Throws MatchingInputError when a place to search around makes no sense. */
export function checkPlace(
  place: Point,
  options: { readonly limit: number; readonly withinMetres: number },
): void {
  point(place, 'point');
  record(options, 'options');
  whole(options.limit, 'limit', 0, 1_000_000);
  within(options.withinMetres, 'withinMetres', 0, 20_100_000);
}

/** Throws MatchingInputError when the moment or the options of a ranking make no sense. */
export function checkQuery(moment: Moment, options: { readonly limit: number; readonly seed: number }): void {
  record(moment, 'moment');
  record(options, 'options');
  finite(moment.now, 'moment.now');
  whole(moment.weekMinute, 'moment.weekMinute', 0, WEEK_MINUTES - 1);
  whole(options.limit, 'limit', 0, 1_000_000);
  finite(options.seed, 'seed');
}

function fail(field: string, message: string): never {
  throw new MatchingInputError(field, message);
}

function finite(value: unknown, field: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) fail(field, 'a finite number');
}

function isWithin(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && value >= from && value <= to;
}

function within(value: unknown, field: string, from: number, to: number): void {
  finite(value, field);
  if ((value as number) < from || (value as number) > to) fail(field, `between ${from} and ${to}`);
}

function whole(value: unknown, field: string, from: number, to: number): void {
  if (!Number.isInteger(value)) fail(field, 'a whole number');
  within(value, field, from, to);
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function record(value: unknown, field: string): void {
  if (!isRecord(value)) fail(field, 'a record with fields');
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= LIMITS.text;
}

function text(value: unknown, field: string): void {
  if (!isText(value)) fail(field, `a text of 1 to ${LIMITS.text} characters`);
}

function flag(value: unknown, field: string): void {
  if (typeof value !== 'boolean') fail(field, 'true or false');
}

function atMost(value: unknown, field: string, most: number): void {
  if (!Array.isArray(value)) fail(field, 'a list');
  if ((value as readonly unknown[]).length > most) fail(field, `at most ${most} entries`);
}

function texts(value: readonly string[], field: string, most: number): void {
  atMost(value, field, most);
  // The name of a place in the list is only made when it is needed: queries allocate nothing.
  for (let at = 0; at < value.length; at += 1) if (!isText(value[at])) text(value[at], `${field}[${at}]`);
}

function unique(values: readonly string[], field: string): void {
  if (values.length > 1 && new Set(values).size !== values.length) fail(field, 'no entry twice');
}

function gender(value: unknown, field: string): void {
  if (value !== 'woman' && value !== 'man' && value !== null) fail(field, 'woman, man or null');
}

function point(value: Point, field: string): void {
  if (!Array.isArray(value) || value.length !== 2) fail(field, 'a position [longitude, latitude]');
  if (!isWithin(value[0], -180, 180)) within(value[0], `${field}[0]`, -180, 180);
  if (!isWithin(value[1], -90, 90)) within(value[1], `${field}[1]`, -90, 90);
}
