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

/** One channel's attempt, for the staff's call list. Undefined when the notification did not use the channel. */
export function presentDelivery(
  record: NotificationRecord,
  channel: Channel,
  recipientName: string,
): DeliveryView | undefined {
  const delivery = record.deliveries[channel];
  if (delivery === undefined) return undefined;
  return {
    id: `${record._id}.${channel}`,
    channel,
    status: delivery.status,
    at: delivery.at.toISOString(),
    kind: record.kind,
    recipientName,
  };
}
