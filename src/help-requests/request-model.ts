import { Schema } from 'mongoose';
import { REQUEST_STATUSES, URGENCIES } from '../shared/vocabulary.ts';
import type { CommunityDocument } from '../storage/community-collection.ts';
import type { HelpRequestRecord, TimelineEntry } from './request-types.ts';

/** Small parts that are replaced whole; their shape is the types' and the doors' part. */
const mixed = { type: Schema.Types.Mixed, required: true };
const mixedOrNull = { type: Schema.Types.Mixed, default: null };
const list = { type: [Schema.Types.Mixed], required: true };
const date = { type: Date, default: null };
const text = { type: String, required: true };
const count = { type: Number, required: true };
const flag = { type: Boolean, required: true };

/** Parts of lists that filters reach into. */
const named = (fields: Record<string, unknown>): unknown => [
  new Schema(fields as never, { _id: false, strict: false }),
];

export const helpRequestSchema = new Schema<HelpRequestRecord>(
  {
    _id: text,
    communityId: text,
    shortNumber: count,
    status: { type: String, enum: REQUEST_STATUSES, required: true },
    version: count,
    beneficiaryId: text,
    authorId: text,
    householdId: { type: String, default: null },
    consent: mixedOrNull,
    phoneOnly: flag,
    createKey: text,
    createBodyHash: { type: String, default: null },
    kindId: text,
    tier: count,
    title: text,
    text: { type: String },
    language: text,
    skillIds: { type: [String], required: true },
    urgency: { type: String, enum: URGENCIES, required: true },
    asap: flag,
    windows: list,
    minutes: count,
    languages: { type: [String], required: true },
    constraints: mixed,
    buildingId: { type: String, default: null },
    place: new Schema({ id: text, kind: text, name: mixed, point: { type: [Number] } }, { _id: false }),
    needed: count,
    visit: mixed,
    codeSeed: text,
    createdAt: { type: Date, required: true },
    submittedAt: date,
    openedAt: date,
    completedAt: date,
    endedAt: date,
    review: new Schema(
      {
        state: text,
        since: date,
        dueAt: date,
        afterwards: flag,
        reviewerId: { type: String, default: null },
        reason: { type: String, default: null },
        note: { type: String, default: null },
      },
      { _id: false },
    ),
    isReviewed: flag,
    visibility: { type: String, enum: ['shown', 'hidden'], required: true },
    taken: count,
    slots: named({ helperId: String, assignmentId: String }),
    offers: named({ helperId: String, matchId: String }),
    formerHelpers: list,
    wave: mixedOrNull,
    waves: list,
    searchBase: count,
    needsPerson: mixedOrNull,
    takenOver: mixedOrNull,
    stillNeededAsked: count,
    timers: named({ kind: String, dueAt: Date, assignmentId: { type: String, default: null } }),
    nextDueAt: date,
    nextAction: mixed,
    closingReason: { type: String, default: null },
    closingNote: { type: String, default: null },
    dispute: mixedOrNull,
    thanks: mixedOrNull,
    commands: list,
    outbox: named({ id: String, at: Date }),
    timeline: list,
  } as never,
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
// A repeated create meets its own document.
helpRequestSchema.index({ createKey: 1 }, { unique: true });
helpRequestSchema.index({ communityId: 1, status: 1, _id: -1 });
helpRequestSchema.index({ communityId: 1, beneficiaryId: 1, _id: -1 });
helpRequestSchema.index({ communityId: 1, authorId: 1, _id: -1 });
helpRequestSchema.index({ communityId: 1, 'review.state': 1, 'review.dueAt': 1 });
helpRequestSchema.index({ communityId: 1, completedAt: 1 });
// The one index that the clock reads, and the one that the relay reads.
helpRequestSchema.index({ nextDueAt: 1 });
helpRequestSchema.index({ 'outbox.at': 1 });

/** Entries that left the document, oldest first. */
export interface TimelineRecord extends CommunityDocument, Omit<TimelineEntry, 'id'> {
  readonly requestId: string;
}

export const timelineSchema = new Schema<TimelineRecord>(
  {
    _id: text,
    communityId: text,
    requestId: text,
    at: { type: Date, required: true },
    type: { type: String, required: true },
    actor: text,
    actorId: { type: String, default: null },
    params: mixed,
  },
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
timelineSchema.index({ communityId: 1, requestId: 1, at: 1, _id: 1 });

/** The last short number given in a community; `_id` is the community. */
export interface ShortNumberRecord extends CommunityDocument {
  last: number;
}

export const shortNumberSchema = new Schema<ShortNumberRecord>(
  { _id: text, communityId: text, last: count },
  { strictQuery: 'throw', versionKey: false },
);

/** Somebody read the door and phone; written before they are shown. Never changed. */
export interface AccessLogRecord extends CommunityDocument {
  requestId: string;
  /** Whose data it is. */
  ownerId: string;
  readerId: string;
  readerRole: 'helper' | 'staff';
  fields: readonly string[];
  purpose: string | null;
  at: Date;
}

export const accessLogSchema = new Schema<AccessLogRecord>(
  {
    _id: text,
    communityId: text,
    requestId: text,
    ownerId: text,
    readerId: text,
    readerRole: text,
    fields: { type: [String], required: true },
    purpose: { type: String, default: null },
    at: { type: Date, required: true },
  },
  { strictQuery: 'throw', versionKey: false },
);
accessLogSchema.index({ communityId: 1, requestId: 1, _id: -1 });
