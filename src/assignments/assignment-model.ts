import { Schema } from 'mongoose';
import type { AssignmentRecord } from './assignment-record.ts';

export const assignmentSchema = new Schema<AssignmentRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    requestId: { type: String, required: true },
    matchId: { type: String, required: true },
    helperId: { type: String, required: true },
    beneficiaryId: { type: String, required: true },
    slot: { type: String, enum: ['primary', 'backup'], required: true },
    status: { type: String, required: true },
    acceptedAt: { type: Date, required: true },
    startsAt: { type: Date, required: true },
    expectedEnd: { type: Date, required: true },
    checkedInAt: { type: Date, default: null },
    doneAt: { type: Date, default: null },
    requestVersion: { type: Number, required: true },
  },
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
assignmentSchema.index({ communityId: 1, helperId: 1, _id: -1 });
assignmentSchema.index({ communityId: 1, requestId: 1, _id: 1 });
assignmentSchema.index({ communityId: 1, beneficiaryId: 1, status: 1 });
