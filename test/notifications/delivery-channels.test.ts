import { expect } from 'chai';
import {
  channelsFor,
  smsChannel,
  socketChannel,
  staffCallListChannel,
} from '../../src/notifications/delivery-channels.ts';
import type { NotificationDraft } from '../../src/notifications/expand-notices.ts';

const channels = [socketChannel, staffCallListChannel, smsChannel];
const draft = (more: Partial<NotificationDraft>): NotificationDraft => ({
  recipientId: 'helper',
  eventId: 'event-1',
  kind: 'offer',
  link: '/r/r1',
  params: {},
  silent: false,
  urgent: false,
  toStaff: false,
  ...more,
});

describe('choosing channels', () => {
  const online = { isReachable: true, hasPhoneOnly: false };
  const offline = { isReachable: false, hasPhoneOnly: false };
  const phoneOnly = { isReachable: false, hasPhoneOnly: true };

  it('an ordinary sentence goes to the list in the app only', () => {
    expect(channelsFor(channels, draft({}), online)).to.deep.equal(['socket']);
    expect(channelsFor(channels, draft({}), offline)).to.deep.equal(['socket']);
  });

  it('an urgent one uses every live channel at once, and staff ring when no socket is open', () => {
    expect(channelsFor(channels, draft({ urgent: true }), online)).to.deep.equal(['socket', 'sms']);
    expect(channelsFor(channels, draft({ urgent: true }), offline)).to.deep.equal([
      'socket',
      'staff_call_list',
      'sms',
    ]);
  });

  it('the desk does not ring itself: staff who are away get the text', () => {
    expect(channelsFor(channels, draft({ urgent: true, toStaff: true }), offline)).to.deep.equal([
      'socket',
      'sms',
    ]);
  });

  it('people without a phone of their own are rung and texted, but not for what makes no sound', () => {
    expect(channelsFor(channels, draft({}), phoneOnly)).to.deep.equal(['socket', 'staff_call_list', 'sms']);
    expect(channelsFor(channels, draft({ silent: true, urgent: true }), phoneOnly)).to.deep.equal(['socket']);
  });
});
