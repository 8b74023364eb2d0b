import { Schema } from 'mongoose';
import type { MatchRecord, MatchRunRecord } from './match-record.ts';

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

export const matchRunSchema = new Schema<MatchRunRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    requestId: { type: String, required: true },
    waveNo: { type: Number, required: true },
    at: { type: Date, required: true },
    digest: { type: String, required: true },
    run: { type: String, required: true },
  },
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
matchRunSchema.index({ communityId: 1, requestId: 1, waveNo: 1 });
