import { acceptanceChance, attentionBelief } from './acceptance.ts';
import { reasonsOf } from './match-reasons.ts';
import type { Helper, MatchRequest, Moment, RankedHelper } from './match-types.ts';
import { scoreOf, scoreParts } from './score-parts.ts';

const WEEK = 7 * 24 * 3_600_000;

/**
 * One entry of a ranking with everything that explains it: parts, reasons, chance of acceptance, belief of
 * attention and p·b·u, the order of waves. `metres` is the whole-metre distance that eligibility used.
 */
export function rankedHelper(
  helper: Helper,
  request: MatchRequest,
  moment: Moment,
  metres: number,
  isNearest: boolean,
): RankedHelper {
  const parts = scoreParts(helper, request, metres);
  const score = scoreOf(parts);
  const features = {
    metres,
    level: lowestLevel(helper, request),
    helpedBefore: request.helpedBeforeIds.includes(helper.helperId),
    urgency: request.urgency,
    weekMinute: moment.weekMinute,
    now: moment.now,
  };
  const uses = helper.automaticRanking;
  const acceptance = acceptanceChance(helper.history, features, uses);
  const attention = attentionBelief(helper.history, moment.now, helper.reachability, uses);
  const lastOfferedAt = helper.history.lastOfferedAt;
  return {
    helperId: helper.helperId,
    metres,
    score,
    parts,
    reasons: reasonsOf(helper, request, metres, parts, isNearest),
    acceptance,
    attention,
    order: acceptance * attention * (score / 100),
    householdId: helper.householdId,
    areaId: helper.areaId,
    idleSince: lastOfferedAt === null || moment.now - lastOfferedAt >= WEEK ? (lastOfferedAt ?? 0) : null,
  };
}

/** The lowest own level among the required skills; 1 when none is required or ranking is plain. */
function lowestLevel(helper: Helper, request: MatchRequest): number {
  if (!helper.automaticRanking || request.requiredSkills.length === 0) return 1;
  let lowest = 3;
  for (const need of request.requiredSkills) {
    const own = helper.skills.find((skill) => skill.skillId === need.skillId);
    if (own !== undefined && own.level < lowest) lowest = own.level;
  }
  return lowest;
}
