import { weekMinuteOf } from '../communities/community-clock.ts';
import type { Community } from '../communities/community-types.ts';
import type { MatchRequest } from '../matching/match-types.ts';
import { openOffers } from './request-facts.ts';
import { proposedStart } from './request-times.ts';
import type { HelpRequestRecord } from './request-types.ts';

/**
 * A request in the words of the engine, as of `now`: the public place, every needed skill (checked where the
 * centre asks for it), and nobody who said no or nothing before, left or is party to it. `askedAgain` may be asked although
 * they were asked before: staff choose them by hand. Pure.
 */
export function toMatchRequest(
  request: HelpRequestRecord,
  community: Community,
  options: { readonly now: Date; readonly helpedBeforeIds: readonly string[]; readonly askedAgain?: string },
): MatchRequest {
  const startsAt = proposedStart(request, options.now);
  const excluded = new Set([
    // Who was only slower than a neighbour may be asked again when that neighbour cannot come.
    ...request.offers.filter(({ state }) => state !== 'superseded').map(({ helperId }) => helperId),
    ...request.formerHelpers.map(({ helperId }) => helperId),
    ...request.slots.map(({ helperId }) => helperId),
  ]);
  const holds = [...openOffers(request), ...request.slots].some(
    ({ helperId }) => helperId === options.askedAgain,
  );
  if (options.askedAgain !== undefined && !holds) excluded.delete(options.askedAgain);
  return {
    requestId: request._id,
    kindId: request.kindId,
    tier: request.tier,
    urgency: request.urgency,
    areaId: request.place.id,
    point: request.place.point,
    partyIds: [...new Set([request.beneficiaryId, request.authorId])],
    householdId: request.householdId,
    requiredSkills: request.skillIds.map((skillId) => ({
      skillId,
      mustBeVerified: community.skills.find(({ id }) => id === skillId)?.mustBeVerified ?? false,
    })),
    preferredSkills: [],
    languages: [...request.languages],
    genderWish: request.constraints.genderWish,
    startsAt: startsAt.getTime(),
    minutes: request.minutes,
    startWeekMinute: weekMinuteOf(community, startsAt),
    isAsap: request.asap,
    excludedHelperIds: [...excluded],
    helpedBeforeIds: [...options.helpedBeforeIds],
  };
}
