import { Schema } from 'mongoose';
import type { Language } from '../shared/vocabulary.ts';
import type { CommunityDocument } from '../storage/community-collection.ts';

export interface ProfileSkill {
  readonly skillId: string;
  readonly level: 1 | 2 | 3;
  readonly verified: boolean;
}

/** What a volunteer offers. `_id` is the account id. Trust tier and public place belong to the account. */
export interface HelperProfile extends CommunityDocument {
  status: 'waiting' | 'approved' | 'refused';
  skills: readonly ProfileSkill[];
  weekly: readonly { readonly day: number; readonly from: number; readonly to: number }[];
  radiusMetres: number;
  maxTasks: number;
  maxOffersPerDay: number;
  languages: readonly Language[];
  quietHours: { readonly from: number; readonly to: number } | null;
  breaksQuietHoursForCritical: boolean;
  kindsNotDone: readonly string[];
  gender: 'woman' | 'man' | null;
  automaticRanking: boolean;
  isOnDuty: boolean;
  /** People who are kept apart: ids that this helper blocked or that blocked this helper. */
  blockedIds: readonly string[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** Small lists that are replaced whole; their shape is checked at the door. */
const mixed = { type: Schema.Types.Mixed, required: true };

export const helperProfileSchema = new Schema<HelperProfile>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    status: { type: String, enum: ['waiting', 'approved', 'refused'], required: true },
    skills: mixed,
    weekly: mixed,
    radiusMetres: { type: Number, required: true },
    maxTasks: { type: Number, required: true },
    maxOffersPerDay: { type: Number, required: true },
    languages: { type: [String], required: true },
    quietHours: { type: Schema.Types.Mixed, default: null },
    breaksQuietHoursForCritical: { type: Boolean, required: true },
    kindsNotDone: { type: [String], required: true },
    gender: { type: String, default: null },
    automaticRanking: { type: Boolean, required: true },
    isOnDuty: { type: Boolean, required: true },
    blockedIds: { type: [String], required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
helperProfileSchema.index({ communityId: 1, status: 1, _id: 1 });
