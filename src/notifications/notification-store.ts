import type { Connection } from 'mongoose';
import { isDuplicate, openCommunityCollection } from '../storage/community-collection.ts';
import { notificationCursorSchema, notificationSchema } from './notification-model.ts';
import type {
  DeliveryRecord,
  DeliveryStatus,
  NotificationCursor,
  NotificationRecord,
} from './notification-model.ts';
import type { Channel, NotificationKind } from '../shared/vocabulary.ts';

export interface EventRecipient {
  readonly recipientId: string;
  readonly eventId: string;
  readonly kind: NotificationKind;
}

export type NotificationStore = ReturnType<typeof createNotificationStore>;

/** The only file that queries the collections `notifications` and `notificationCursors`. */
export function createNotificationStore({ connection }: { connection: Connection }) {
  const notifications = openCommunityCollection(connection, 'notifications', notificationSchema);
  const cursors = openCommunityCollection(connection, 'notificationCursors', notificationCursorSchema);

  return {
    /** The person's greatest number; 0 for somebody who was never told anything. */
    async newestNumber(communityId: string, recipientId: string): Promise<number> {
      const newest = await notifications.find(
        communityId,
        { recipientId },
        { sort: { number: -1 }, limit: 1, projection: { number: 1 } },
      );
      return newest[0]?.number ?? 0;
    },

    /**
     * Inserts each document on its own (unordered); false when at least one met a unique index: its number is
     * taken, or its event was told before. Which ones are in the store, `alreadyTold` answers.
     */
    async insertNew(documents: readonly NotificationRecord[]): Promise<boolean> {
      try {
        await notifications.model.insertMany(documents as NotificationRecord[], {
          ordered: false,
          lean: true,
        });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    /** Those of the given sentences that are in the store, just now or from an earlier attempt. */
    async alreadyTold(
      communityId: string,
      sentences: readonly EventRecipient[],
    ): Promise<NotificationRecord[]> {
      if (sentences.length === 0) return [];
      const told = await Promise.all(
        sentences.map(({ recipientId, eventId, kind }) =>
          notifications.find(communityId, { recipientId, eventId, kind }, { limit: 1 }),
        ),
      );
      return told.flat();
    },

    /** Ascending from `number + 1`. */
    async after(communityId: string, recipientId: string, number: number, limit: number) {
      return await notifications.find(
        communityId,
        { recipientId, number: { $gt: number } },
        { sort: { number: 1 }, limit },
      );
    },

    /** Descending from `number - 1`. */
    async before(communityId: string, recipientId: string, number: number, limit: number) {
      return await notifications.find(
        communityId,
        { recipientId, number: { $lt: number } },
        { sort: { number: -1 }, limit },
      );
    },

    async acknowledged(communityId: string, accountId: string): Promise<number> {
      return (await cursors.findById(communityId, accountId))?.acknowledged ?? 0;
    },

    /** Moves the person's cursor forward, never back, and marks what it passed as seen. */
    async acknowledge(communityId: string, accountId: string, upTo: number, now: Date): Promise<void> {
      await cursors.change(
        communityId,
        { _id: accountId },
        { $max: { acknowledged: upTo } },
        { upsert: true },
      );
      const passed = { recipientId: accountId, number: { $lte: upTo } };
      await notifications.changeMany(
        communityId,
        { ...passed, 'deliveries.socket.status': { $in: ['queued', 'sent'] } },
        { $set: { 'deliveries.socket.status': 'seen', 'deliveries.socket.at': now } },
      );
      // Nobody needs to be rung about what they have read.
      await notifications.changeMany(
        communityId,
        { ...passed, onCallList: true, 'deliveries.staff_call_list.status': { $in: ['queued', 'failed'] } },
        { $set: { 'deliveries.staff_call_list.status': 'seen', 'deliveries.staff_call_list.at': now } },
      );
    },

    async markPushed(communityId: string, ids: readonly string[], now: Date): Promise<number> {
      return await notifications.changeMany(
        communityId,
        { _id: { $in: [...ids] }, 'deliveries.socket.status': 'queued' },
        { $set: { 'deliveries.socket.status': 'sent', 'deliveries.socket.at': now } },
      );
    },

    /** Everybody to whom this sentence went, with what became of it. */
    async ofEvent(communityId: string, eventId: string, kind: NotificationKind) {
      return await notifications.find(communityId, { eventId, kind });
    },

    /** Texts that wait for the SMS hook, oldest first. */
    async queuedTexts(limit: number): Promise<NotificationRecord[]> {
      return await notifications.findAcross({ textQueued: true }, { sort: { _id: 1 }, limit });
    },

    async settleText(
      record: NotificationRecord,
      status: DeliveryStatus,
      attempts: number,
      now: Date,
    ): Promise<void> {
      const set = {
        'deliveries.sms.status': status,
        'deliveries.sms.at': now,
        'deliveries.sms.attempts': attempts,
      };
      await notifications.change(
        record.communityId,
        { _id: record._id, textQueued: true },
        status === 'queued' ? { $set: set } : { $set: set, $unset: { textQueued: 1 } },
      );
    },

    /** Newest first; `before` is the id of the last one seen. */
    async callList(
      communityId: string,
      statuses: readonly DeliveryStatus[] | null,
      before: string | null,
      limit: number,
    ): Promise<NotificationRecord[]> {
      return await notifications.find(
        communityId,
        {
          onCallList: true,
          ...(statuses === null ? {} : { 'deliveries.staff_call_list.status': { $in: [...statuses] } }),
          ...(before === null ? {} : { _id: { $lt: before } }),
        },
        { sort: { _id: -1 }, limit },
      );
    },

    /** A call of the list, or null. */
    async call(communityId: string, id: string): Promise<NotificationRecord | null> {
      return await notifications.findOne(communityId, { _id: id, onCallList: true });
    },

    /** Null when the call is not on the list or not in one of the states `from`. */
    async settleCall(
      communityId: string,
      id: string,
      from: readonly DeliveryStatus[],
      call: DeliveryRecord,
    ): Promise<NotificationRecord | null> {
      return await notifications.change(
        communityId,
        { _id: id, onCallList: true, 'deliveries.staff_call_list.status': { $in: [...from] } },
        { $set: { 'deliveries.staff_call_list': call } },
      );
    },

    /** The next page in the order of creation (ids are time-ordered) after the id `from`: the walk of retention. */
    async inOrderOfCreation(from: string, limit: number): Promise<NotificationRecord[]> {
      return await notifications.findAcross({ _id: { $gt: from } }, { sort: { _id: 1 }, limit });
    },

    async removeOlderThan(
      communityId: string,
      recipientId: string,
      until: Date,
      below: number,
    ): Promise<number> {
      return await notifications.remove(communityId, {
        recipientId,
        number: { $lt: below },
        createdAt: { $lt: until },
      });
    },
  };
}

export type { Channel, NotificationCursor, NotificationRecord };
