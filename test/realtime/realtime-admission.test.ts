import { expect } from 'chai';
import { answerOf, openRealtime } from './open-realtime.ts';
import type { OpenRealtime } from './open-realtime.ts';
import { openRawWebSocket } from './raw-websocket.ts';

describe('opening a socket', () => {
  let house: OpenRealtime;
  beforeEach(async () => {
    house = await openRealtime();
  });
  afterEach(async () => await house.close());

  const cookieOf = (session: string) => `linli-sid=${session}`;
  const poll = (headers: Record<string, string>, query = '') =>
    fetch(`${house.origin}/socket.io/?EIO=4&transport=polling${query}`, { headers });

  it('is refused over WebSocket to a page of another origin, with a good cookie', async () => {
    const cookie = cookieOf(house.people.signIn('aygul'));
    const foreign = await openRawWebSocket(house.origin, {
      Origin: 'https://elsewhere.example',
      Cookie: cookie,
    });
    expect(foreign.status).to.equal(400);
    expect(foreign.socket).to.equal(null);
    const own = await openRawWebSocket(house.origin, { Origin: house.origin, Cookie: cookie });
    expect(own.status).to.equal(101);
    own.socket?.stream.destroy();
  });

  it('is refused over long polling to a page of another origin, with a good cookie', async () => {
    const cookie = cookieOf(house.people.signIn('aygul'));
    expect((await poll({ origin: 'https://elsewhere.example', cookie })).status).to.equal(403);
    expect((await poll({ origin: house.origin, cookie })).status).to.equal(200);
  });

  it('is refused without an Origin, unless a browser says that the poll comes from the same site', async () => {
    const cookie = cookieOf(house.people.signIn('aygul'));
    expect((await openRawWebSocket(house.origin, { Cookie: cookie })).status).to.equal(400);
    expect(
      (await openRawWebSocket(house.origin, { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' })).status,
    ).to.equal(400);
    expect((await poll({ cookie })).status).to.equal(403);
    expect((await poll({ cookie, 'sec-fetch-site': 'cross-site' })).status).to.equal(403);
    expect((await poll({ cookie, 'sec-fetch-site': 'same-origin' })).status).to.equal(200);
  });

  it('does not let another origin take over a poll or upgrade it, even when it knows its id', async () => {
    const cookie = cookieOf(house.people.signIn('aygul'));
    const opened = await poll({ origin: house.origin, cookie });
    const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
    expect((await poll({ origin: 'https://elsewhere.example', cookie }, `&sid=${sid}`)).status).to.equal(400);
    const upgrade = await openRawWebSocket(
      house.origin,
      { Origin: 'https://elsewhere.example', Cookie: cookie },
      `EIO=4&transport=websocket&sid=${sid}`,
    );
    expect(upgrade.status).not.to.equal(101);
  });

  it('is refused to somebody who is not signed in', async () => {
    const refused = await answerOf(house.socketOf('nobody'), 'connect_error');
    expect((refused as Error).message).to.equal('not-signed-in');
    expect(house.reachability.count()).to.equal(0);
  });

  it('makes a person reachable, and unreachable when the last socket goes', async () => {
    const session = house.people.signIn('aygul');
    const phone = await house.connected(session);
    const tablet = await house.connected(session);
    expect(house.reachability.isReachable('aygul')).to.equal(true);
    const gone = answerOf(tablet, 'disconnect');
    house.people.forget(session);
    house.passMs(60_000);
    await house.realtime.recheckSessions();
    await gone;
    phone.disconnect();
    expect(house.reachability.isReachable('aygul')).to.equal(false);
  });

  it('keeps five sockets of a person and drops the oldest for a sixth', async () => {
    const session = house.people.signIn('aygul');
    const first = await house.connected(session);
    for (let count = 1; count < 5; count += 1) {
      house.passMs(10);
      await house.connected(session);
    }
    expect(first.connected).to.equal(true);
    const dropped = answerOf(first, 'disconnect');
    house.passMs(10);
    const sixth = await house.connected(session);
    await dropped;
    expect(sixth.connected).to.equal(true);
  });

  it('is refused to an address that has as many connections as it may', async () => {
    await house.close();
    const { CONNECTION_LIMITS } = await import('../../src/realtime/connection-guard.ts');
    house = await openRealtime({ limits: { ...CONNECTION_LIMITS, connectionsPerAddress: 2 } });
    const sessions = ['a', 'b', 'c'].map((name) => house.people.signIn(name));
    const one = await house.connected(sessions[0] ?? '');
    await house.connected(sessions[1] ?? '');
    await answerOf(house.socketOf(sessions[2] ?? ''), 'connect_error');
    const gone = answerOf(one, 'disconnect');
    house.people.end(sessions[0] ?? '');
    await gone;
    await house.connected(sessions[2] ?? '');
  });

  it('is refused while the service drains, and those inside are told when to come back', async () => {
    const session = house.people.signIn('aygul');
    const inside = await house.connected(session);
    const told = answerOf(inside, 'server:draining');
    house.realtime.drain();
    expect(await told).to.deep.equal({ reconnectAfterMs: 5_000 });
    await answerOf(house.socketOf(session), 'connect_error');
  });
});
