import { expect } from 'chai';
import { ESTATE, openRelayHouse } from './relay-house.ts';
import type { RelayHouse } from './relay-house.ts';

describe('the relay, on the real store', () => {
  let house: RelayHouse;
  before(async () => {
    house = await openRelayHouse();
  });
  after(async () => await house.close());

  const numbers = (list: readonly { number: number }[]) => list.map(({ number }) => number);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('tells each person once, numbers from one, clears the outbox and leaves the version alone', async () => {
    const { relay, pushed } = house.openRelay();
    const document = await house.write(house.event('request_approved', ['author', 'proxy']));
    relay.kick('errands', document);
    await relay.idle();
    expect(numbers(await house.listOf('author'))).to.deep.equal([1]);
    expect(numbers(await house.listOf('proxy'))).to.deep.equal([1]);
    expect(pushed.map(({ recipientId }) => recipientId)).to.have.members(['author', 'proxy']);
    expect(pushed[0]?.notification).to.include({
      number: 1,
      kind: 'request_approved',
      link: '/r/r1',
      silent: false,
    });
    expect(await house.outboxOf(document)).to.deep.equal([]);
    expect(await house.versionOf(document)).to.equal(1);
  });

  it('tells all active staff when the notice is for staff', async () => {
    const { relay } = house.openRelay();
    const event = house.event('review_waiting', []);
    const document = await house.write({
      ...event,
      notices: event.notices.map((notice) => ({ ...notice, to: { role: 'staff' } as const })),
    });
    relay.kick('errands', document);
    await relay.idle();
    expect(numbers(await house.listOf('desk-one'))).to.deep.equal([1]);
    expect(numbers(await house.listOf('desk-two'))).to.deep.equal([1]);
  });

  it('leaves no gap and gives no number twice when twenty relays tell one person at once', async function () {
    this.timeout(60_000);
    const relays = upTo(20).map(() => house.openRelay());
    await Promise.all(
      relays.map(async ({ relay }) => {
        for (let count = 0; count < 2; count += 1) {
          relay.kick('errands', await house.write(house.event('offer', ['popular'])));
        }
        await relay.idle();
      }),
    );
    const list = await house.listOf('popular');
    expect(numbers(list)).to.deep.equal(upTo(40));
    expect(new Set(list.map(({ eventId }) => eventId)).size).to.equal(40);
    expect(relays.flatMap(({ problems }) => problems)).to.deep.equal([]);
    for (const { pushed } of relays) expect(pushed).to.have.length(2);
  });

  it('pushes to one person in the order of the numbers when one relay handles many documents at once', async () => {
    const { relay, pushed } = house.openRelay();
    const documents = await Promise.all(
      upTo(40).map(() => house.write(house.event('offer', ['busy', 'other']))),
    );
    for (const document of documents) relay.kick('errands', document);
    await relay.idle();
    for (const person of ['busy', 'other']) {
      const own = pushed.filter(({ recipientId }) => recipientId === person);
      expect(own.map(({ notification }) => notification.number)).to.deep.equal(upTo(40));
    }
  });

  it('keeps the order of two events of one document for one person, also when both kinds differ by channel', async () => {
    const { relay, pushed } = house.openRelay();
    const first = house.event('request_approved', ['waiting-author'], { urgent: true });
    const second = house.event('helper_found', ['waiting-author']);
    relay.kick('errands', await house.write(first, second));
    await relay.idle();
    const list = await house.listOf('waiting-author');
    expect(list.map(({ kind, number }) => [number, kind])).to.deep.equal([
      [1, 'request_approved'],
      [2, 'helper_found'],
    ]);
    expect(pushed.map(({ notification }) => notification.number)).to.deep.equal([1, 2]);
  });

  it('gives two sentences of one event to one person two numbers in the order of the notices', async () => {
    const { relay } = house.openRelay();
    const event = house.event('late_withdrawal', ['both']);
    const more = house.event('needs_person', ['both']);
    relay.kick('errands', await house.write({ ...event, notices: [...event.notices, ...more.notices] }));
    await relay.idle();
    expect((await house.listOf('both')).map(({ kind }) => kind)).to.deep.equal([
      'late_withdrawal',
      'needs_person',
    ]);
  });

  it('shows it once when the process dies between the notification and the cleared outbox', async () => {
    const dying = house.openRelay({ source: { clear: () => new Promise<void>(() => undefined) } });
    const document = await house.write(
      house.event('helper_found', ['patient']),
      house.event('helper_arrived', ['patient']),
    );
    dying.relay.kick('errands', document);
    while ((await house.listOf('patient')).length < 2) await new Promise(setImmediate);
    const next = house.openRelay();
    expect(await next.relay.sweep()).to.equal(1);
    await next.relay.idle();
    expect((await house.listOf('patient')).map(({ kind, number }) => [number, kind])).to.deep.equal([
      [1, 'helper_found'],
      [2, 'helper_arrived'],
    ]);
    // Pushed again under the same numbers: a client that had applied 2 ignores both.
    expect(next.pushed.map(({ notification }) => notification.number)).to.deep.equal([1, 2]);
    expect(await house.outboxOf(document)).to.deep.equal([]);
  });

  it('catches up in order when the process dies between the first and the second event', async () => {
    let reached = () => {};
    const second = new Promise<void>((resolve) => void (reached = resolve));
    let events = 0;
    const dying = house.openRelay({
      source: {
        follow() {
          if ((events += 1) === 1) return Promise.resolve();
          reached();
          return new Promise<void>(() => undefined);
        },
      },
    });
    dying.relay.kick(
      'errands',
      await house.write(
        house.event('helper_found', ['half-told']),
        house.event('helper_arrived', ['half-told']),
      ),
    );
    await second;
    const next = house.openRelay();
    await next.relay.sweep();
    await next.relay.idle();
    expect((await house.listOf('half-told')).map(({ kind }) => kind)).to.deep.equal([
      'helper_found',
      'helper_arrived',
    ]);
  });

  it('tells what could follow and keeps what could not, so that nothing overtakes it', async () => {
    let events = 0;
    const { relay, problems } = house.openRelay({
      source: {
        async follow() {
          if ((events += 1) === 2) throw new Error('the store is away');
        },
      },
    });
    const told = ['helper_found', 'helper_arrived', 'please_confirm'] as const;
    const document = await house.write(...told.map((kind) => house.event(kind, ['stepwise'])));
    relay.kick('errands', document);
    await relay.idle();
    expect((await house.listOf('stepwise')).map(({ kind }) => kind)).to.deep.equal(['helper_found']);
    expect(await house.outboxOf(document)).to.have.length(2);
    expect(problems).to.have.length(1);
    house.pass(1_000);
    await relay.sweep();
    await relay.idle();
    expect((await house.listOf('stepwise')).map(({ kind }) => kind)).to.deep.equal(told);
    expect(await house.outboxOf(document)).to.deep.equal([]);
  });

  it('makes the records follow before anybody is told, and tries again after a pause when that fails', async () => {
    const toldWhenFollowed: number[] = [];
    let failures = 2;
    const { relay, problems } = house.openRelay({
      source: {
        async follow() {
          toldWhenFollowed.push((await house.listOf('careful')).length);
          if ((failures -= 1) >= 0) throw new Error('the store is away');
        },
      },
    });
    const document = await house.write(house.event('offer', ['careful']));
    relay.kick('errands', document);
    await relay.idle();
    await relay.sweep();
    await relay.idle();
    expect(problems).to.have.length(1);
    house.pass(1_000);
    await relay.sweep();
    await relay.idle();
    house.pass(1_000);
    await relay.sweep();
    await relay.idle();
    expect(problems).to.have.length(2);
    house.pass(1_000);
    await relay.sweep();
    await relay.idle();
    expect(toldWhenFollowed).to.deep.equal([0, 0, 0]);
    expect(await house.outboxOf(document)).to.deep.equal([]);
    expect(numbers(await house.listOf('careful'))).to.deep.equal([1]);
  });

  it('one document that fails holds no other up', async () => {
    const bad = await house.write(house.event('offer', ['stuck']));
    const good = await house.write(house.event('offer', ['free']));
    const { relay } = house.openRelay({
      source: {
        async follow({ id }) {
          if (id === bad) throw new Error('never');
        },
      },
    });
    relay.kick('errands', bad);
    relay.kick('errands', good);
    await relay.idle();
    expect(await house.outboxOf(good)).to.deep.equal([]);
    expect(await house.outboxOf(bad)).to.have.length(1);
    expect(await house.listOf('stuck')).to.deep.equal([]);
    const healed = house.openRelay();
    healed.relay.kick('errands', bad);
    await healed.relay.idle();
  });

  it('finds what nobody kicked and says how late it is', async () => {
    const { relay } = house.openRelay();
    const document = await house.write(house.event('offer', ['forgotten']));
    house.pass(7_000);
    await relay.sweep();
    expect(relay.lagMs()).to.equal(7_000);
    await relay.idle();
    expect(await house.outboxOf(document)).to.deep.equal([]);
    await relay.sweep();
    expect(relay.lagMs()).to.equal(0);
  });

  it('a kick for what does not exist, or for a source nobody knows, throws nothing', async () => {
    const { relay, problems } = house.openRelay();
    relay.kick('errands', 'nowhere');
    relay.kick('unknown', 'nowhere');
    await relay.idle();
    expect(problems).to.deep.equal(['outbox not delivered']);
  });

  it('shows an offer live to a helper with an open socket, after its notification', async () => {
    const { relay, offered, pushed } = house.openRelay({ isReachable: (id) => id === 'online' });
    const offer = house.event('offer', ['online'], { params: { shortNumber: 417, matchId: 'm-online' } });
    const away = house.event('offer', ['offline'], { params: { shortNumber: 417, matchId: 'm-offline' } });
    relay.kick('errands', await house.write(offer, away));
    await relay.idle();
    expect(offered).to.deep.equal(['online m-online']);
    expect(pushed).to.have.length(2);
  });

  it('an offer that cannot be shown live is still delivered', async () => {
    const { relay, problems } = house.openRelay({
      presentMatch: async () => {
        throw new Error('gone');
      },
    });
    const document = await house.write(
      house.event('offer', ['unlucky'], { params: { shortNumber: 417, matchId: 'm1' } }),
    );
    relay.kick('errands', document);
    await relay.idle();
    expect(problems).to.deep.equal(['offer not shown live']);
    expect(await house.outboxOf(document)).to.deep.equal([]);
  });

  it('says once per document who should read it again', async () => {
    const { relay, changes } = house.openRelay({
      source: { audience: () => ({ accountIds: ['author', 'helper'], staff: true, board: true }) },
    });
    const document = await house.write(house.event('offer', ['x1']), house.event('helper_found', ['x2']));
    relay.kick('errands', document);
    await relay.idle();
    expect(changes).to.deep.equal([
      {
        accountIds: ['author', 'helper'],
        staffOf: ESTATE,
        change: { requestId: document, status: 'open', version: 1 },
      },
      { board: ESTATE, requestId: document },
    ]);
  });
});
