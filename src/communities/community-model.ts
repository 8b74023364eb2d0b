import { Schema } from 'mongoose';
import type { CommunityDocument } from '../storage/community-collection.ts';
import type { Community, PublicPlace } from './community-types.ts';

/** A community is its own scope: `communityId` equals `_id`. */
export type CommunityRecord = Omit<Community, 'id'> & CommunityDocument & { createdAt: Date };

/** Lists of small objects that are replaced whole; their shape is checked at the door. */
const mixed = { type: Schema.Types.Mixed, required: true };

export const communitySchema = new Schema<CommunityRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    slug: { type: String, required: true },
    name: mixed,
    languages: { type: [String], required: true },
    timeZone: { type: String, required: true },
    secondTimeZone: { type: String, default: null },
    openingHours: mixed,
    holidays: { type: [String], required: true },
    centrePhone: { type: String, required: true },
    emergencyNumbers: mixed,
    centrePoint: { type: [Number], required: true },
    kindsOfHelp: mixed,
    skills: mixed,
    zones: mixed,
    buildings: mixed,
    plan: { type: Schema.Types.Mixed, default: null },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false, minimize: false },
);
communitySchema.index({ slug: 1 }, { unique: true });
communitySchema.index({ createdAt: 1 });

/** A public place that something was written at: kept as it was, so that later changes of the estate never move it. */
export interface PublicPlaceRecord extends CommunityDocument {
  placeId: string;
  kind: PublicPlace['kind'];
  name: PublicPlace['name'];
  point: [number, number];
}

export const publicPlaceSchema = new Schema<PublicPlaceRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    placeId: { type: String, required: true },
    kind: { type: String, required: true },
    name: mixed,
    point: { type: [Number], required: true },
  },
  { versionKey: false, minimize: false },
);
publicPlaceSchema.index({ communityId: 1, placeId: 1 }, { unique: true });
