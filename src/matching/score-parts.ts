import type { Helper, HelperHistory, MatchRequest, ScoreParts } from './match-types.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';

const { points, skillShares, levelValue } = SCORE_WEIGHTS;

/**
 * The five parts of one helper's score for one request, already weighted: `scoreOf` adds them up in a fixed
 * order. Personal traits are never looked at here: they are constraints when the author asked, never points.
 */
export function scoreParts(helper: Helper, request: MatchRequest, metres: number): ScoreParts {
  return {
    skillAndLanguage: points.skillAndLanguage * skillAndLanguageShare(helper, request),
    near: points.near * Math.exp(-metres / SCORE_WEIGHTS.nearMetres[request.urgency]),
    free: points.free * freeShare(helper),
    keepsPromises: points.keepsPromises * promiseShare(helper.history, helper.automaticRanking),
    fairTurn: points.fairTurn * fairTurnShare(helper.history, helper.automaticRanking),
  };
}

/** The score, 0..100. The order of the sum is fixed, so that equal parts give equal scores bit by bit. */
export function scoreOf(parts: ScoreParts): number {
  return parts.free + parts.keepsPromises + parts.fairTurn + parts.near + parts.skillAndLanguage;
}

/**
 * How well skills, language and acquaintance fit, in [0, 1]. With nothing required, level and proof count as
 * full: there is nothing to be bad at. A helper who wants plain nearest-first order counts as level 3,
 * verified, never met.
 */
export function skillAndLanguageShare(helper: Helper, request: MatchRequest): number {
  const needs = request.requiredSkills.length;
  let level = 0;
  let verified = 0;
  for (const need of request.requiredSkills) {
    const own = helper.skills.find((skill) => skill.skillId === need.skillId);
    if (own === undefined) continue;
    level += levelValue[helper.automaticRanking ? own.level : 3];
    if (own.verified || !helper.automaticRanking) verified += 1;
  }
  const known = helper.automaticRanking && request.helpedBeforeIds.includes(helper.helperId) ? 1 : 0;
  return (
    skillShares.level * (needs === 0 ? 1 : level / needs) +
    skillShares.verified * (needs === 0 ? 1 : verified / needs) +
    skillShares.preferred * preferredShare(helper, request) +
    skillShares.language * languageShare(helper, request) +
    skillShares.helpedBefore * known
  );
}

/** Share of the preferred skills that the helper has; 1 when none is preferred. */
function preferredShare(helper: Helper, request: MatchRequest): number {
  const wanted = request.preferredSkills.length;
  if (wanted === 0) return 1;
  let has = 0;
  for (const skillId of request.preferredSkills) {
    if (helper.skills.some((skill) => skill.skillId === skillId)) has += 1;
  }
  return has / wanted;
}

/** 1 when the request's first language is shared or none is asked; 0.5 when only a later one is. */
function languageShare(helper: Helper, request: MatchRequest): number {
  const first = request.languages[0];
  return first === undefined || helper.languages.includes(first) ? 1 : 0.5;
}

/** Share of the helper's task places that is free; an open offer takes half a place. */
export function freeShare(helper: Helper): number {
  if (helper.maxTasks <= 0) return 0;
  return Math.max(0, 1 - (helper.activeTasks + 0.5 * helper.openOffers) / helper.maxTasks);
}

/** Beta mean of keeping a promise. Without automatic ranking, the mean of a newcomer. */
export function promiseShare(history: HelperHistory, usesHistory: boolean): number {
  const { kept, broken } = SCORE_WEIGHTS.promisePrior;
  if (!usesHistory) return kept / (kept + broken);
  return (Math.min(history.kept, history.promised) + kept) / (history.promised + kept + broken);
}

/** Falls with the minutes given in 28 days and the offers of 7 days; 1 for somebody with neither. */
export function fairTurnShare(history: HelperHistory, usesHistory: boolean): number {
  if (!usesHistory) return 1;
  const { fairShares, fairMinutes, fairOffers } = SCORE_WEIGHTS;
  const load = 1 / (1 + history.minutesLast28Days / fairMinutes);
  const asked = Math.max(0, 1 - history.offersLast7Days / fairOffers);
  return fairShares.load * load + fairShares.asked * asked;
}
