import type { CandidateView, ReasonView } from '../shared/api-types.ts';
import type { MatchStatus } from '../shared/vocabulary.ts';
import type { CommunityDocument } from '../storage/community-collection.ts';

/** One request offered to one helper, with what the engine saw when it chose. Follows from the request. */
export interface MatchRecord extends CommunityDocument {
  requestId: string;
  helperId: string;
  waveNo: number;
  source: 'engine' | 'staff' | 'helper';
  status: MatchStatus;
  offeredAt: Date;
  answerBy: Date;
  proposedStartsAt: Date;
  seenAt: Date | null;
  answeredAt: Date | null;
  metres: number;
  score: number;
  parts: CandidateView['parts'];
  reasons: readonly ReasonView[];
  acceptance: number;
  attention: number;
  /** Whether a live channel of the helper was open when the offer went out. */
  reached: boolean;
  helpedBefore: boolean;
}

/** What one ranking considered; ids and numbers only, so that it can be replayed and never names anybody. */
export interface MatchRunRecord extends CommunityDocument {
  requestId: string;
  waveNo: number;
  at: Date;
  digest: string;
  /** A `MatchingRun` as JSON, for `npm run replay`: nothing of it is ever searched for. */
  run: string;
}
