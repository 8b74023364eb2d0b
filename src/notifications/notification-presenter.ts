import type { DeliveryView, NotificationView } from '../shared/api-types.ts';
import type { Channel } from '../shared/vocabulary.ts';
import type { NotificationRecord } from './notification-model.ts';

/** What the person, and nobody else, reads of a notification: keys, numbers and a link. */
export function presentNotification(record: NotificationRecord): NotificationView {
  return {
    number: record.number,
    id: record._id,
    kind: record.kind,
    createdAt: record.createdAt.toISOString(),
    link: record.link,
    params: record.params,
    silent: record.silent,
  };
}

const REQUEST_LINK = /^\/(?:r|staff\/requests)\/([0-9a-f-]{36})$/;

/**
 * One channel's attempt, for the staff's call list. Undefined when the notification did not use the channel.
 * `nameOf`: the names of the recipient and of whoever rang.
 */
export function presentDelivery(
  record: NotificationRecord,
  channel: Channel,
  nameOf: ReadonlyMap<string, string>,
): DeliveryView | undefined {
  const delivery = record.deliveries[channel];
  if (delivery === undefined) return undefined;
  return {
    id: `${record._id}.${channel}`,
    channel,
    status: delivery.status,
    at: delivery.at.toISOString(),
    kind: record.kind,
    recipientName: nameOf.get(record.recipientId) ?? '',
    requestId: REQUEST_LINK.exec(record.link)?.[1] ?? null,
    calledBy: delivery.by === undefined ? null : (nameOf.get(delivery.by) ?? ''),
  };
}
