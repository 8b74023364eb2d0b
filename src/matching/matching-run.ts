import { createMatchingIndex } from './matching-index.ts';
import type { Helper, MatchingIndex, MatchRequest, Moment, RankedHelper, Ranking } from './match-types.ts';
import { VERSIONS } from './engine-version.ts';
import { MatchingInputError } from './matching-error.ts';

/** At most this many entries of a run are kept. */
export const RUN_ENTRIES = 200;

/**
 * What a run keeps, so that it can be recomputed: the request, the moment, and the records of the ranked
 * helpers as they were. Ids and measures only, no names; lists of blocked accounts are left out, because
 * ranked helpers passed them.
 */
export interface MatchingRun {
  readonly runId: string;
  readonly request: MatchRequest;
  readonly moment: Moment;
  readonly seed: number;
  readonly limit: number;
  readonly considered: readonly Helper[];
  readonly ranked: readonly Pick<RankedHelper, 'helperId' | 'score' | 'order'>[];
  readonly eligibleCount: number;
  readonly refusedCounts: Ranking['refusedCounts'];
  readonly versions: Ranking['versions'];
  readonly digest: string;
}

/**
 * The record of a ranking that was just made. `runId` is the caller's. Throws MatchingInputError for a ranking
 * of more than `RUN_ENTRIES`: its digest speaks of all of them, and a run keeps no more.
 */
export function recordRun(
  runId: string,
  index: MatchingIndex,
  request: MatchRequest,
  moment: Moment,
  ranking: Ranking,
): MatchingRun {
  if (ranking.ranked.length > RUN_ENTRIES) {
    throw new MatchingInputError('ranking', `at most ${RUN_ENTRIES} entries`);
  }
  const considered = ranking.ranked.map((one) => ({ ...index.get(one.helperId)!, blocked: [] }));
  return {
    runId,
    request,
    moment,
    seed: ranking.seed,
    limit: ranking.ranked.length,
    considered,
    ranked: ranking.ranked.map(({ helperId, score, order }) => ({ helperId, score, order })),
    eligibleCount: ranking.eligibleCount,
    refusedCounts: ranking.refusedCounts,
    versions: ranking.versions,
    digest: ranking.digest,
  };
}

export type Replay =
  | { readonly kind: 'same'; readonly ranking: Ranking }
  /** Another version of the engine, coefficients or weights is running than the run was made with. */
  | { readonly kind: 'other_version'; readonly ranking: Ranking; readonly differs: readonly string[] }
  | { readonly kind: 'different'; readonly ranking: Ranking; readonly firstDifference: number };

/**
 * Recomputes a run from what it kept, in a fresh index, and compares order, scores and digest. With the same
 * versions it is the same, bit by bit; `firstDifference` is the place in the list where it is not (the length
 * of the list when only the digest differs).
 */
export function replayRun(run: MatchingRun): Replay {
  const index = createMatchingIndex();
  for (const helper of run.considered) index.put(helper);
  const ranking = index.rank(run.request, run.moment, { limit: run.limit, seed: run.seed });
  const differs = (['engine', 'coefficients', 'weights'] as const).filter(
    (part) => run.versions[part] !== VERSIONS[part],
  );
  if (differs.length > 0) return { kind: 'other_version', ranking, differs };
  const length = Math.max(run.ranked.length, ranking.ranked.length);
  let at = 0;
  while (at < length && isSame(run.ranked[at], ranking.ranked[at])) at += 1;
  if (at === length && ranking.digest === run.digest) return { kind: 'same', ranking };
  return { kind: 'different', ranking, firstDifference: at };
}

function isSame(kept: MatchingRun['ranked'][number] | undefined, now: RankedHelper | undefined): boolean {
  return kept?.helperId === now?.helperId && kept?.score === now?.score && kept?.order === now?.order;
}
