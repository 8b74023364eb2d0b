import { Schema } from 'mongoose';
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

const mixed = { type: Schema.Types.Mixed, required: true };

export const matchSchema = new Schema<MatchRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    requestId: { type: String, required: true },
    helperId: { type: String, required: true },
    waveNo: { type: Number, required: true },
    source: { type: String, enum: ['engine', 'staff', 'helper'], required: true },
    status: { type: String, required: true },
    offeredAt: { type: Date, required: true },
    answerBy: { type: Date, required: true },
    proposedStartsAt: { type: Date, required: true },
    seenAt: { type: Date, default: null },
    answeredAt: { type: Date, default: null },
    metres: { type: Number, required: true },
    score: { type: Number, required: true },
    parts: mixed,
    reasons: mixed,
    acceptance: { type: Number, required: true },
    attention: { type: Number, required: true },
    reached: { type: Boolean, required: true },
    helpedBefore: { type: Boolean, required: true },
  },
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
matchSchema.index({ communityId: 1, helperId: 1, _id: -1 });
matchSchema.index({ communityId: 1, requestId: 1, _id: 1 });

/** What one ranking considered; ids and numbers only, so that it can be replayed and never names anybody. */
export interface MatchRunRecord extends CommunityDocument {
  requestId: string;
  waveNo: number;
  at: Date;
  weekMinute: number;
  eligibleCount: number;
  ranked: readonly (readonly [string, number, number, number, number])[];
  refusedCounts: Readonly<Record<string, number>>;
  versions: Readonly<Record<string, string>>;
  seed: number;
  digest: string;
}

export const matchRunSchema = new Schema<MatchRunRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    requestId: { type: String, required: true },
    waveNo: { type: Number, required: true },
    at: { type: Date, required: true },
    weekMinute: { type: Number, required: true },
    eligibleCount: { type: Number, required: true },
    ranked: mixed,
    refusedCounts: mixed,
    versions: mixed,
    seed: { type: Number, required: true },
    digest: { type: String, required: true },
  },
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
matchRunSchema.index({ communityId: 1, requestId: 1, waveNo: 1 });
