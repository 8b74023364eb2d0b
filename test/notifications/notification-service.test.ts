import { expect } from 'chai';
import type { Actor } from '../../src/actor.ts';
import { createNotificationService } from '../../src/notifications/notification-service.ts';
import type { NotificationService } from '../../src/notifications/notification-service.ts';
import { createPushMarks } from '../../src/notifications/push-marks.ts';
import type { PushMarks } from '../../src/notifications/push-marks.ts';
import { createTextMessages } from '../../src/notifications/text-messages.ts';
import { ESTATE, openRelayHouse } from './relay-house.ts';
import type { RelayHouse } from './relay-house.ts';

const DAY_MS = 86_400_000;
const actor = (accountId: string, communityId = ESTATE): Actor => ({
  accountId,
  communityId,
  roles: ['resident'],
  language: 'zh-CN',
  displayName: accountId,
  status: 'active',
  trustTier: 0,
  sessionId: 'session',
});

describe('a person’s list of notifications', () => {
  let house: RelayHouse;
  let service: NotificationService;
  let marks: PushMarks;
  before(async () => {
    house = await openRelayHouse();
    marks = createPushMarks({ store: house.store, clock: house.clock });
    service = createNotificationService({
      store: house.store,
      marks,
      names: async (_community, ids) => new Map(ids.map((id) => [id, `name of ${id}`])),
      clock: house.clock,
    });
  });
  after(async () => await house.close());

  async function tell(person: string, times: number, more: Parameters<typeof house.event>[2] = {}) {
    const { relay } = house.openRelay();
    const events = Array.from({ length: times }, () => house.event('offer', [person], more));
    relay.kick('errands', await house.write(...events));
    await relay.idle();
    return events;
  }
  const numbersOf = (page: { items: { number: number }[] }) => page.items.map(({ number }) => number);

  it('catches up in pages of fifty, ascending, from the number after the cursor', async () => {
    await tell('reader', 120);
    const first = await service.list(actor('reader'), { after: 3 });
    expect(numbersOf(first)).to.deep.equal(Array.from({ length: 50 }, (_, index) => index + 4));
    expect(first.nextCursor).to.equal('53');
    const last = await service.list(actor('reader'), { after: 103 });
    expect(numbersOf(last).at(-1)).to.equal(120);
    expect(last.nextCursor).to.equal(null);
    expect(await service.list(actor('reader'), { after: 120 })).to.deep.equal({
      items: [],
      nextCursor: null,
    });
  });

  it('is scrolled from the newest back', async () => {
    const newest = await service.list(actor('reader'), {});
    expect(numbersOf(newest)[0]).to.equal(120);
    expect(newest.nextCursor).to.equal('71');
    const end = await service.list(actor('reader'), { before: 21 });
    expect(numbersOf(end)).to.deep.equal(Array.from({ length: 20 }, (_, index) => 20 - index));
    expect(end.nextCursor).to.equal(null);
  });

  it('belongs to that person of that community alone', async () => {
    expect((await service.list(actor('somebody-else'), { after: 0 })).items).to.deep.equal([]);
    expect((await service.list(actor('reader', 'estate-two'), { after: 0 })).items).to.deep.equal([]);
  });

  it('is acknowledged forward only, never beyond what exists, and marks what was passed as seen', async () => {
    await tell('confirmer', 3);
    expect(await service.cursorOf(ESTATE, 'confirmer')).to.equal(0);
    expect(await service.acknowledge(actor('confirmer'), 2)).to.deep.equal({ acknowledged: 2 });
    expect(await service.acknowledge(actor('confirmer'), 1)).to.deep.equal({ acknowledged: 2 });
    const statuses = async () =>
      (await house.listOf('confirmer')).map(({ deliveries }) => deliveries.socket?.status);
    expect(await statuses()).to.deep.equal(['seen', 'seen', 'queued']);
    expect(await service.acknowledge(actor('confirmer'), 99)).to.deep.equal({ acknowledged: 3 });
    expect(await service.cursorOf(ESTATE, 'confirmer')).to.equal(3);
    expect(await service.acknowledge(actor('stranger'), 99)).to.deep.equal({ acknowledged: 0 });
    expect(await service.cursorOf(ESTATE, 'stranger')).to.equal(0);
  });

  it('knows whom a sentence reached: pushed over an open socket, or read later', async () => {
    const [event] = await tell('reached', 1);
    const [other] = await tell('read-later', 1);
    expect(await service.reachedOf(ESTATE, event?.id ?? '', 'offer')).to.deep.equal([]);
    marks.add(ESTATE, (await house.listOf('reached'))[0]?._id ?? '');
    expect(await service.reachedOf(ESTATE, event?.id ?? '', 'offer')).to.deep.equal(['reached']);
    await service.acknowledge(actor('read-later'), 1);
    expect(await service.reachedOf(ESTATE, other?.id ?? '', 'offer')).to.deep.equal(['read-later']);
    // A late mark does not take a `seen` back.
    marks.add(ESTATE, (await house.listOf('read-later'))[0]?._id ?? '');
    await marks.flush();
    expect((await house.listOf('read-later'))[0]?.deliveries.socket?.status).to.equal('seen');
  });

  it('loses what is older than ninety days, but never the newest, so that numbers go on', async () => {
    await tell('moved-away', 3);
    await tell('active', 2);
    house.pass(60 * DAY_MS);
    await tell('active', 1);
    house.pass(31 * DAY_MS);
    await service.removeOld(house.clock.now());
    expect((await house.listOf('moved-away')).map(({ number }) => number)).to.deep.equal([3]);
    expect((await house.listOf('active')).map(({ number }) => number)).to.deep.equal([3]);
    expect(await service.removeOld(house.clock.now())).to.equal(0);
    await tell('moved-away', 1);
    expect((await house.listOf('moved-away')).map(({ number }) => number)).to.deep.equal([3, 4]);
  });

  describe('calls and texts', () => {
    const phoneless = { phoneOnly: async () => new Set(['elder']), isReachable: () => false };

    async function tellElder(times: number) {
      const { relay } = house.openRelay(phoneless);
      relay.kick(
        'errands',
        await house.write(...Array.from({ length: times }, () => house.event('helper_found', ['elder']))),
      );
      await relay.idle();
    }

    it('somebody without a phone of their own is on the staff’s call list, newest first', async () => {
      await tellElder(3);
      const first = await service.listCalls(actor('desk'), { limit: 2 });
      expect(
        first.items.map(({ recipientName, channel, status, kind }) => [recipientName, channel, status, kind]),
      ).to.deep.equal(
        Array.from({ length: 2 }, () => ['name of elder', 'staff_call_list', 'queued', 'helper_found']),
      );
      const second = await service.listCalls(actor('desk'), { limit: 2, cursor: first.nextCursor ?? '' });
      expect(second.items).to.have.length(1);
      expect(second.nextCursor).to.equal(null);
      expect((await service.listCalls(actor('desk', 'estate-two'), { limit: 2 })).items).to.deep.equal([]);
    });

    function texts(carrier: { send(phone: string, text: string): Promise<void> }) {
      const warnings: string[] = [];
      const send = createTextMessages({
        store: house.store,
        carrier,
        addressee: async (_community, id) =>
          id === 'elder' ? { language: 'zh-CN', phone: '13999990417' } : null,
        origin: 'https://linli.example',
        clock: house.clock,
        logger: { warn: (details) => void warnings.push(JSON.stringify(details)) },
      });
      return { send, warnings };
    }
    const smsOf = async () => (await house.listOf('elder')).map(({ deliveries }) => deliveries.sms?.status);

    it('the text goes out once, with kind, short number and link only', async () => {
      const sent: string[] = [];
      const { send } = texts({ send: async (phone, text) => void sent.push(`${phone} ${text}`) });
      expect(await send()).to.equal(3);
      expect(await send()).to.equal(0);
      expect(new Set(sent)).to.deep.equal(
        new Set(['13999990417 您的求助 #0417有邻居来帮忙了。 https://linli.example/r/r1']),
      );
      expect(await smsOf()).to.deep.equal(['sent', 'sent', 'sent']);
    });

    it('a text that is not taken is tried three times and no number reaches the log', async () => {
      await tellElder(1);
      const { send, warnings } = texts({
        send: async () => {
          throw new Error('busy');
        },
      });
      expect([await send(), await send(), await send(), await send()]).to.deep.equal([0, 0, 0, 0]);
      expect((await smsOf()).at(-1)).to.equal('failed');
      expect(warnings).to.have.length(3);
      expect(warnings.join()).not.to.include('13999990417');
    });

    it('a text that is an hour old is not sent any more', async () => {
      await tellElder(1);
      house.pass(61 * 60_000);
      const { send } = texts({ send: async () => expect.fail('too late') });
      expect(await send()).to.equal(0);
      expect((await smsOf()).at(-1)).to.equal('failed');
    });

    it('what the person has read needs no call', async () => {
      await service.acknowledge(actor('elder'), 100);
      const calls = await service.listCalls(actor('desk'), { limit: 50 });
      expect(calls.items.every(({ status }) => status === 'seen')).to.equal(true);
    });
  });
});
