import { Schema } from 'mongoose';
import type { CommunityDocument } from '../storage/community-collection.ts';
import { CHANNELS, NOTIFICATION_KINDS } from '../shared/vocabulary.ts';
import type { Channel, NotificationKind } from '../shared/vocabulary.ts';

export type DeliveryStatus = 'queued' | 'sent' | 'seen' | 'failed';

/** One channel's attempt to tell a notification. It lives inside the notification: one durable write for both. */
export interface DeliveryRecord {
  status: DeliveryStatus;
  at: Date;
  /** Attempts that failed; only channels outside the app count them. */
  attempts?: number;
  /** The member of staff who rang last; only the call list has it. */
  by?: string;
}

export interface NotificationRecord extends CommunityDocument {
  recipientId: string;
  /** The person's own number: 1, 2, 3 … without gaps. */
  number: number;
  eventId: string;
  kind: NotificationKind;
  link: string;
  params: Record<string, string | number>;
  silent: boolean;
  createdAt: Date;
  deliveries: Partial<Record<Channel, DeliveryRecord>>;
  /** Present while a text waits to be handed to the SMS hook: keeps the queue's index as small as the queue. */
  textQueued?: true;
  /** Present when staff should ring the person. */
  onCallList?: true;
}

/** How far a person has read their own list. `_id` is the account id. */
export interface NotificationCursor extends CommunityDocument {
  acknowledged: number;
}

const delivery = {
  type: new Schema<DeliveryRecord>(
    {
      status: { type: String, enum: ['queued', 'sent', 'seen', 'failed'], required: true },
      at: { type: Date, required: true },
      attempts: { type: Number },
      by: { type: String },
    },
    { _id: false },
  ),
};

export const notificationSchema = new Schema<NotificationRecord>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    recipientId: { type: String, required: true },
    number: { type: Number, required: true },
    eventId: { type: String, required: true },
    kind: { type: String, enum: NOTIFICATION_KINDS, required: true },
    link: { type: String, required: true },
    params: { type: Schema.Types.Mixed, required: true },
    silent: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
    deliveries: {
      type: new Schema(Object.fromEntries(CHANNELS.map((channel) => [channel, delivery])), { _id: false }),
      required: true,
    },
    textQueued: { type: Boolean },
    onCallList: { type: Boolean },
  },
  { strictQuery: 'throw', versionKey: false, minimize: false },
);
// The two invariants of the numbered list: no number twice for a person, no event told twice to a person.
notificationSchema.index({ recipientId: 1, number: 1 }, { unique: true });
notificationSchema.index({ recipientId: 1, eventId: 1, kind: 1 }, { unique: true });
notificationSchema.index({ textQueued: 1, _id: 1 }, { partialFilterExpression: { textQueued: true } });
notificationSchema.index(
  { communityId: 1, onCallList: 1, _id: -1 },
  { partialFilterExpression: { onCallList: true } },
);
notificationSchema.index({ eventId: 1, kind: 1 });

export const notificationCursorSchema = new Schema<NotificationCursor>(
  {
    _id: { type: String, required: true },
    communityId: { type: String, required: true },
    acknowledged: { type: Number, required: true },
  },
  { strictQuery: 'throw', versionKey: false },
);
