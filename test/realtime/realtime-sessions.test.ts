import { expect } from 'chai';
import { answerOf, heard, openRealtime, settled } from './open-realtime.ts';
import type { OpenRealtime } from './open-realtime.ts';

describe('a socket and its session', () => {
  let house: OpenRealtime;
  beforeEach(async () => {
    house = await openRealtime();
  });
  afterEach(async () => await house.close());

  it('loses the socket at once when that session signs out, and only that one', async () => {
    const atHome = house.people.signIn('aygul');
    const atWork = house.people.signIn('aygul');
    const home = await house.connected(atHome);
    const work = await house.connected(atWork);
    const ended = answerOf(home, 'disconnect');
    house.people.end(atHome);
    expect(await ended).to.equal('io server disconnect');
    await settled(work);
    expect(work.connected).to.equal(true);
  });

  it('loses every socket of a person whose account is suspended', async () => {
    const phone = await house.connected(house.people.signIn('aygul'));
    const tablet = await house.connected(house.people.signIn('aygul'));
    const other = await house.connected(house.people.signIn('bekir'));
    const ended = Promise.all([answerOf(phone, 'disconnect'), answerOf(tablet, 'disconnect')]);
    house.people.end('aygul');
    await ended;
    await settled(other);
    expect(other.connected).to.equal(true);
  });

  it('loses the socket when the session ends between the handshake and the first room', async () => {
    const session = house.people.signIn('aygul');
    const read = house.people.hooks.sessionOfHandshake.bind(house.people.hooks);
    house.people.hooks.sessionOfHandshake = async (request) => {
      const found = await read(request);
      house.people.forget(session);
      return found;
    };
    const socket = house.socketOf(session);
    await answerOf(socket, 'disconnect');
  });

  it('loses the socket within a minute when the session vanished without a word', async () => {
    const session = house.people.signIn('aygul');
    const socket = await house.connected(session);
    house.people.forget(session);
    house.passMs(59_000);
    await house.realtime.recheckSessions();
    await settled(socket);
    expect(socket.connected).to.equal(true);
    const ended = answerOf(socket, 'disconnect');
    house.passMs(1_000);
    await house.realtime.recheckSessions();
    await ended;
  });

  it('loses the staff room within a minute after the role is gone', async () => {
    const session = house.people.signIn('desk', { roles: ['staff'] });
    const socket = await house.connected(session);
    house.people.changeRoles('desk', ['resident']);
    const ended = answerOf(socket, 'disconnect');
    house.passMs(60_000);
    await house.realtime.recheckSessions();
    await ended;
    const again = await house.connected(session);
    const news = heard(again, 'help-request:changed');
    house.publisher.requestChanged([], 'estate-one', { requestId: 'r1', status: 'open', version: 1 });
    await settled(again);
    expect(news).to.deep.equal([]);
  });
});
