import type { Channel } from '../shared/vocabulary.ts';
import type { NotificationDraft } from './expand-notices.ts';

/** What must be known of a person to choose how to reach them. */
export interface RecipientReach {
  /** An open socket just now. */
  readonly isReachable: boolean;
  /** Has no account of their own on a phone: staff act for them and ring them. */
  readonly hasPhoneOnly: boolean;
}

/** A channel as the relay sees it: whether it serves this sentence for this person. Sending is the channel's own affair. */
export interface DeliveryChannel {
  readonly name: Channel;
  serves(draft: NotificationDraft, reach: RecipientReach): boolean;
}

/** The numbered list in the app: everything goes there, with or without an open socket. */
export const socketChannel: DeliveryChannel = {
  name: 'socket',
  serves: () => true,
};

/**
 * Staff ring people who have no phone of their own that could show it, and helpers who are needed urgently
 * and have no open socket. What is only shown without a sound is never worth a call, and nobody at the desk rings the desk.
 */
export const staffCallListChannel: DeliveryChannel = {
  name: 'staff_call_list',
  serves: (draft, reach) =>
    !draft.silent && !draft.toStaff && (reach.hasPhoneOnly || (draft.urgent && !reach.isReachable)),
};

/** A short text for what is urgent, whether or not a socket is open: a phone in a pocket shows texts only. */
export const smsChannel: DeliveryChannel = {
  name: 'sms',
  serves: (draft, reach) => !draft.silent && (draft.urgent || reach.hasPhoneOnly),
};

/** The channels that serve this sentence for this person, in the order given. */
export function channelsFor(
  channels: readonly DeliveryChannel[],
  draft: NotificationDraft,
  reach: RecipientReach,
): Channel[] {
  return channels.filter((channel) => channel.serves(draft, reach)).map(({ name }) => name);
}
