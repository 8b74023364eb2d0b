import { expect } from 'chai';
import type { OutboxEvent } from '../../src/domain-events.ts';
import { addressesStaff, expandNotices } from '../../src/notifications/expand-notices.ts';

const event = (notices: OutboxEvent['notices']): OutboxEvent => ({
  id: 'event-1',
  type: 'approved',
  at: new Date('2026-05-01T08:00:00Z'),
  notices,
  follow: {},
});
const approved = { kind: 'request_approved', link: '/r/r1', params: { shortNumber: 417 } } as const;

describe('expanding notices', () => {
  it('names each person once per kind, in the order of the notices', () => {
    const drafts = expandNotices(
      event([
        { ...approved, to: { accountIds: ['author', 'proxy', 'author'] } },
        { ...approved, kind: 'review_waiting', to: { role: 'staff' } },
      ]),
      ['desk', 'author'],
    );
    expect(drafts.map(({ recipientId, kind }) => `${recipientId} ${kind}`)).to.deep.equal([
      'author request_approved',
      'proxy request_approved',
      'desk review_waiting',
      'author review_waiting',
    ]);
  });

  it('tells somebody who is named by id and as staff once, in the words that came first', () => {
    const drafts = expandNotices(
      event([
        { ...approved, to: { accountIds: ['desk'] }, urgent: true },
        { ...approved, to: { role: 'staff' } },
      ]),
      ['desk'],
    );
    expect(drafts).to.deep.equal([
      { ...approved, recipientId: 'desk', eventId: 'event-1', silent: false, urgent: true, toStaff: false },
    ]);
  });

  it('tells nobody when there is no staff', () => {
    const onlyStaff = event([{ ...approved, to: { role: 'staff' } }]);
    expect(addressesStaff(onlyStaff)).to.equal(true);
    expect(expandNotices(onlyStaff, [])).to.deep.equal([]);
    expect(addressesStaff(event([{ ...approved, to: { accountIds: [] } }]))).to.equal(false);
  });
});
