import { expect } from 'chai';
import type { MatchView, NotificationView } from '../../src/shared/api-types.ts';
import { heard, openRealtime, settled } from './open-realtime.ts';
import type { NeighbourSocket, OpenRealtime } from './open-realtime.ts';

const notification: NotificationView = {
  number: 1,
  id: 'n1',
  kind: 'offer',
  createdAt: '2026-05-01T08:00:00.000Z',
  link: '/r/r1',
  params: { shortNumber: 417 },
  silent: false,
};

describe('who hears what', () => {
  let house: OpenRealtime;
  let aygul: NeighbourSocket;
  let bekir: NeighbourSocket;
  let desk: NeighbourSocket;
  let stranger: NeighbourSocket;
  beforeEach(async () => {
    house = await openRealtime();
    aygul = await house.connected(house.people.signIn('aygul'));
    bekir = await house.connected(house.people.signIn('bekir'));
    desk = await house.connected(house.people.signIn('desk', { roles: ['staff'] }));
    stranger = await house.connected(
      house.people.signIn('stranger', { roles: ['staff'], communityId: 'estate-two' }),
    );
  });
  afterEach(async () => await house.close());

  const all = () => [aygul, bekir, desk, stranger];
  const settleAll = async () => void (await Promise.all(all().map(async (socket) => await settled(socket))));

  it('a notification, an offer and its end reach the person alone', async () => {
    const ears = all().map((socket) => [
      heard(socket, 'notification:created'),
      heard(socket, 'match:offered'),
      heard(socket, 'match:closed'),
    ]);
    house.publisher.notificationCreated('aygul', notification);
    house.publisher.matchOffered('aygul', { id: 'm1' } as MatchView);
    house.publisher.matchClosed('aygul', { matchId: 'm1', requestId: 'r1', reason: 'taken' });
    await settleAll();
    expect(ears.map((ear) => ear.map((list) => list.length))).to.deep.equal([
      [1, 1, 1],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('a change of a request reaches those named and the staff of its community, once each', async () => {
    const ears = all().map((socket) => heard(socket, 'help-request:changed'));
    house.publisher.requestChanged(['aygul', 'desk'], 'estate-one', {
      requestId: 'r1',
      status: 'open',
      version: 3,
    });
    await settleAll();
    expect(ears.map((list) => list.length)).to.deep.equal([1, 0, 1, 0]);
  });

  it('a change that concerns nobody reaches nobody', async () => {
    const ears = all().map((socket) => heard(socket, 'help-request:changed'));
    house.publisher.requestChanged([], null, { requestId: 'r1', status: 'open', version: 3 });
    await settleAll();
    expect(ears.flat()).to.deep.equal([]);
  });

  it('the board is heard only while it is on screen, in its own community, by people in good standing', async () => {
    const waiting = await house.connected(house.people.signIn('newcomer', { status: 'waiting' }));
    expect(await waiting.emitWithAck('board:enter')).to.deep.equal({ ok: false });
    for (const socket of [aygul, bekir, stranger]) {
      expect(await socket.emitWithAck('board:enter')).to.deep.equal({ ok: true });
    }
    await bekir.emitWithAck('board:leave');
    const ears = [aygul, bekir, stranger, waiting].map((socket) => heard(socket, 'board:changed'));
    house.publisher.boardChanged('estate-one', 'r1');
    await settled(waiting);
    await settleAll();
    expect(ears).to.deep.equal([[{ requestIds: ['r1'] }], [], [], []]);
  });

  it('the board changes at most once a second: the first at once, the rest gathered', async () => {
    await aygul.emitWithAck('board:enter');
    const news = heard(aygul, 'board:changed');
    for (const id of ['r1', 'r2', 'r3', 'r2']) house.publisher.boardChanged('estate-one', id);
    house.timer.pass(999);
    await settled(aygul, 'board:enter');
    expect(news).to.deep.equal([{ requestIds: ['r1'] }]);
    house.timer.pass(1);
    await settled(aygul, 'board:enter');
    expect(news).to.deep.equal([{ requestIds: ['r1'] }, { requestIds: ['r2', 'r3'] }]);
    house.timer.pass(5_000);
    house.publisher.boardChanged('estate-one', 'r4');
    await settled(aygul, 'board:enter');
    expect(news).to.have.length(3);
  });

  it('no announcement names more than a hundred requests; the rest follows a second later', async () => {
    await aygul.emitWithAck('board:enter');
    const news = heard(aygul, 'board:changed') as { requestIds: string[] }[];
    for (let id = 0; id <= 150; id += 1) house.publisher.boardChanged('estate-one', `r${String(id)}`);
    house.timer.pass(1_000);
    house.timer.pass(1_000);
    await settled(aygul, 'board:enter');
    expect(news.map(({ requestIds }) => requestIds.length)).to.deep.equal([1, 100, 50]);
  });
});
