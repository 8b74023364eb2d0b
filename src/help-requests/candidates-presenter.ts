import type { Ranking, WavePlan } from '../matching/match-types.ts';
import type { MatchRecord } from '../matches/match-record.ts';
import type { CandidatesView, CandidateView } from '../shared/api-types.ts';
import type { HelpRequestRecord } from './request-types.ts';

/** Most that a desk looks at; the rest is in the counts. */
const SHOWN = 50;

/**
 * Who could help, best first, with parts and reasons; those asked already come with their answer. The waves so
 * far, and who would be in the next one. For staff only.
 */
export function presentCandidates({
  request,
  ranking,
  plan,
  matches,
  names,
}: {
  readonly request: HelpRequestRecord;
  readonly ranking: Ranking;
  readonly plan: WavePlan;
  readonly matches: readonly MatchRecord[];
  readonly names: ReadonlyMap<string, string>;
}): CandidatesView {
  const nextIds = plan.kind === 'wave' ? plan.helpers.map(({ helperId }) => helperId) : [];
  const asked = matches.map((match): CandidateView => ({
    helperId: match.helperId,
    displayName: names.get(match.helperId) ?? '',
    metres: match.metres,
    score: round(match.score),
    parts: match.parts,
    reasons: [...match.reasons],
    match: {
      id: match._id,
      status: match.status,
      waveNo: match.waveNo,
      at: match.offeredAt.toISOString(),
      reached: match.reached,
    },
    nextWave: false,
  }));
  const ranked = ranking.ranked.slice(0, SHOWN).map((one): CandidateView => ({
    helperId: one.helperId,
    displayName: names.get(one.helperId) ?? '',
    metres: one.metres,
    score: round(one.score),
    parts: { ...one.parts },
    reasons: one.reasons.map((reason) => ({ ...reason })),
    match: null,
    nextWave: nextIds.includes(one.helperId),
  }));
  const dueAt = request.timers.find(({ group }) => group === 'wave')?.dueAt ?? null;
  return {
    requestId: request._id,
    eligibleCount: ranking.eligibleCount,
    // Stable: of two with the same score the one who was asked stands first.
    candidates: [...asked, ...ranked].sort((one, other) => other.score - one.score),
    refusedCounts: { ...ranking.refusedCounts },
    waves: request.waves.map(({ no, sentAt, closesAt, told, reached }) => {
      const of = matches.filter(({ waveNo }) => waveNo === no);
      return {
        no,
        sentAt: sentAt.toISOString(),
        closesAt: closesAt.toISOString(),
        told,
        reached,
        declined: of.filter(({ status }) => status === 'declined').length,
        seen: of.filter(({ seenAt }) => seenAt !== null).length,
        lapsed: of.filter(({ status }) => status === 'lapsed').length,
      };
    }),
    nextWave: {
      no: request.waves.length + 1,
      helperIds: nextIds,
      dueAt: dueAt === null ? null : dueAt.toISOString(),
      stop: plan.kind === 'stop' ? plan.reason : null,
    },
  };
}

function round(score: number): number {
  return Math.round(score * 10) / 10;
}
