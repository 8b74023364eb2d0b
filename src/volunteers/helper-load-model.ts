import { Schema } from 'mongoose';
import type { CommunityDocument } from '../storage/community-collection.ts';

/** A task that this helper has promised; written before the request's own slot. */
export interface LoadTask {
  readonly requestId: string;
  readonly assignmentId: string;
  readonly since: Date;
  /** At work there now: no offers meanwhile. */
  readonly onSite: boolean;
}

/** An offer that this helper may accept: the ticket without which nobody gets in. */
export interface LoadOffer {
  readonly requestId: string;
  readonly matchId: string;
  readonly reservedAt: Date;
  readonly urgent: boolean;
}

/**
 * What one helper has promised just now, across requests: one document per helper, so that caps hold by one
 * conditional write. `tasks` and `open` count the lists and change in the same write.
 */
export interface HelperLoadRecord extends CommunityDocument {
  activeTasks: readonly LoadTask[];
  openOffers: readonly LoadOffer[];
  tasks: number;
  open: number;
  /** YYYY-MM-DD on the community's clock that `offersToday` belongs to. */
  day: string;
  offersToday: number;
  nextOfferNotBefore: Date;
  lastOfferedAt: Date | null;
  /** Since when something stands here that the sweep has not compared with its request; absent: nothing. */
  uncheckedSince?: Date;
  version: number;
}

export const helperLoadSchema = new Schema<HelperLoadRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    activeTasks: {
      type: [
        new Schema<LoadTask>(
          { requestId: String, assignmentId: String, since: Date, onSite: Boolean },
          { _id: false },
        ),
      ],
      required: true,
    },
    openOffers: {
      type: [
        new Schema<LoadOffer>(
          {
            requestId: String,
            matchId: String,
            reservedAt: Date,
            urgent: Boolean,
          },
          { _id: false },
        ),
      ],
      required: true,
    },
    tasks: { type: Number, required: true },
    open: { type: Number, required: true },
    day: { type: String, required: true },
    offersToday: { type: Number, required: true },
    nextOfferNotBefore: { type: Date, required: true },
    lastOfferedAt: { type: Date, default: null },
    uncheckedSince: { type: Date },
    version: { type: Number, required: true },
  },
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
helperLoadSchema.index({ uncheckedSince: 1 }, { sparse: true });
