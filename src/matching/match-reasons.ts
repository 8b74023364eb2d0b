import type { Helper, MatchRequest, Reason, ScoreParts } from './match-types.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';

const { points } = SCORE_WEIGHTS;
const NEAR_METRES = 1000;

/**
 * Why this helper is asked, most telling first, as keys with values; the reader's dictionary makes sentences.
 * Reasons come from the parts and the profile only, so they can never claim what the score did not use.
 */
export function reasonsOf(
  helper: Helper,
  request: MatchRequest,
  metres: number,
  parts: ScoreParts,
  isNearest: boolean,
): readonly Reason[] {
  const reasons: Reason[] = [];
  if (isNearest) reasons.push({ key: 'nearest', metres });
  else if (metres <= NEAR_METRES) reasons.push({ key: 'near', metres });
  else if (request.requiredSkills.length > 0) reasons.push({ key: 'far_but_skilled', metres });
  if (!helper.automaticRanking) return [...reasons, { key: 'free_then' }];
  if (request.helpedBeforeIds.includes(helper.helperId)) reasons.push({ key: 'helped_before' });
  reasons.push(...skillReasons(helper, request));
  const language = request.languages.find((wanted) => helper.languages.includes(wanted));
  if (language !== undefined) reasons.push({ key: 'same_language', language });
  if (helper.history.offered === 0) reasons.push({ key: 'newcomer' });
  else if (parts.fairTurn >= 0.7 * points.fairTurn) reasons.push({ key: 'fair_turn' });
  if (helper.history.promised >= 3 && parts.keepsPromises >= 0.85 * points.keepsPromises) {
    reasons.push({ key: 'keeps_promises' });
  }
  reasons.push({ key: 'free_then' });
  return reasons;
}

function skillReasons(helper: Helper, request: MatchRequest): readonly Reason[] {
  const reasons: Reason[] = [];
  const wanted = [...request.requiredSkills.map((need) => need.skillId), ...request.preferredSkills];
  for (const skillId of new Set(wanted)) {
    const own = helper.skills.find((skill) => skill.skillId === skillId);
    if (own === undefined) continue;
    if (own.level === 3 && own.verified) reasons.push({ key: 'expert', skillId });
    else reasons.push({ key: own.verified ? 'skill_verified' : 'skill_unverified', skillId });
  }
  return reasons;
}
