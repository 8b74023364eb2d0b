import type { HelpRequestView, MatchView } from '../shared/api-types.ts';
import type { MatchRecord } from './match-record.ts';

/** The offer as the asked helper sees it: why you, how far, when, until when. `request` is already theirs to read. */
export function presentMatch(match: MatchRecord, request: HelpRequestView): MatchView {
  const { id, shortNumber, kindId, title, language, urgency, status, when, place, aboutMetres } = request;
  const { helpersNeeded, helpersFound, isReviewed, createdAt, openedAt, canVolunteer } = request;
  const { text, minutes, skillIds, constraints } = request;
  return {
    id: match._id,
    status: match.status,
    request: {
      id,
      shortNumber,
      kindId,
      title,
      language,
      urgency,
      status,
      when,
      place,
      aboutMetres,
      helpersNeeded,
      helpersFound,
      isReviewed,
      createdAt,
      openedAt,
      canVolunteer,
      text,
      minutes,
      skillIds,
      constraints,
    },
    offeredAt: match.offeredAt.toISOString(),
    answerBy: match.answerBy.toISOString(),
    proposedStartsAt: match.proposedStartsAt.toISOString(),
    reasons: [...match.reasons],
    helpedThisNeighbourBefore: match.helpedBefore,
  };
}
