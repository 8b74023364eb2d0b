import { Schema } from 'mongoose';
import type { OutboxEvent } from '../domain-events.ts';
import type { SealedField } from '../privacy/sealed-field.ts';
import {
  ACCOUNT_STATUSES,
  type AccountStatus,
  type Language,
  type RiskTier,
  type Role,
} from '../shared/vocabulary.ts';
import type { CommunityDocument } from '../storage/community-collection.ts';

export interface SecondFactor {
  readonly secret: SealedField;
  /** Null until the first right code. */
  readonly confirmedAt: Date | null;
  /** The last time step that was used: no code works twice. */
  readonly lastStep: number;
}

export interface StoredCommand {
  readonly key: string;
  readonly actor: string;
  readonly bodyHash: string;
}

/** A person who lives here. Keys that must be unique hold the id itself where there is no value. */
export interface AccountRecord extends CommunityDocument {
  /** As typed, in NFC; null for people without a sign-in or who sign in by phone. */
  signInName: string | null;
  /** Folded name, unique in the community. */
  signInKey: string;
  /** Keyed digest of the phone that signs in, unique in the community. */
  phoneKey: string;
  displayName: string;
  language: Language;
  mode: 'normal' | 'elder';
  roles: Role[];
  status: AccountStatus;
  trustTier: RiskTier;
  /** Why staff suspended or refused the person; null while neither is so. Absent in older records. */
  decision?: { readonly note: string; readonly by: string; readonly at: Date } | null;
  /** argon2id; null: staff call this person. */
  passphraseHash: string | null;
  secondFactor: SecondFactor | null;
  phone: SealedField | null;
  door: SealedField | null;
  contactName: SealedField | null;
  buildingId: string | null;
  householdId: string | null;
  publicPlaceId: string;
  /** Raised to end every session of the account. */
  sessionEpoch: number;
  /** Digests of device cookies that have signed in, newest last, at most ten. */
  devices: string[];
  /** Somebody with the same phone was here before: staff look at it. */
  hasPhoneClash: boolean;
  /** `<route>/<Idempotency-Key>` of the creating command, unique in the community. */
  creationKey: string;
  creationHash: string;
  commands: StoredCommand[];
  outbox: OutboxEvent[];
  /** Since when the outbox waits; null when it is empty. */
  outboxAt: Date | null;
  version: number;
  createdAt: Date;
}

const sealed = { type: Schema.Types.Mixed, default: null };

export const accountSchema = new Schema<AccountRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    signInName: { type: String, default: null },
    signInKey: { type: String, required: true },
    phoneKey: { type: String, required: true },
    displayName: { type: String, required: true },
    language: { type: String, required: true },
    mode: { type: String, required: true },
    roles: { type: [String], required: true },
    status: { type: String, enum: ACCOUNT_STATUSES, required: true },
    trustTier: { type: Number, required: true },
    decision: { type: Schema.Types.Mixed, default: null },
    passphraseHash: { type: String, default: null },
    secondFactor: { type: Schema.Types.Mixed, default: null },
    phone: sealed,
    door: sealed,
    contactName: sealed,
    buildingId: { type: String, default: null },
    householdId: { type: String, default: null },
    publicPlaceId: { type: String, required: true },
    sessionEpoch: { type: Number, required: true },
    devices: { type: [String], required: true },
    hasPhoneClash: { type: Boolean, required: true },
    creationKey: { type: String, required: true },
    creationHash: { type: String, default: '' },
    commands: { type: [Schema.Types.Mixed] as never, default: [] },
    outbox: { type: [Schema.Types.Mixed] as never, default: [] },
    outboxAt: { type: Date, default: null },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
accountSchema.index({ communityId: 1, signInKey: 1 }, { unique: true });
accountSchema.index({ communityId: 1, phoneKey: 1 }, { unique: true });
accountSchema.index({ communityId: 1, creationKey: 1 }, { unique: true });
accountSchema.index({ communityId: 1, status: 1, _id: 1 });
accountSchema.index({ communityId: 1, roles: 1, _id: 1 });
accountSchema.index({ outboxAt: 1 });

/** A code that lets one person in without waiting. Only its digest is kept. */
export interface InvitationRecord extends CommunityDocument {
  codeDigest: string;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
  usedBy: string | null;
}

export const invitationSchema = new Schema<InvitationRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    codeDigest: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    usedBy: { type: String, default: null },
  },
  { versionKey: false },
);
invitationSchema.index({ communityId: 1, codeDigest: 1 }, { unique: true });
// Kept a month after its end, so that a late visitor reads "expired" and staff see who was invited by whom.
invitationSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 30 * 24 * 60 * 60 });
