import { expect } from 'chai';
import { ok } from '../support/people.ts';
import { startTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { answerOf } from './open-realtime.ts';
import { openRawWebSocket } from './raw-websocket.ts';

describe('sockets of the whole service', () => {
  let app: TestApp;
  before(async function () {
    this.timeout(60_000);
    app = await startTestApp({ env: { SOCKET_POLLING: '1' } });
    await app.given.administrator();
  });
  after(async () => await app.stop());

  it('open with the session of the browser and with no other', async () => {
    const resident = await app.given.resident();
    const socket = resident.socket();
    await answerOf(socket, 'connect');
    const nobody = app.newClient().socket();
    expect(((await answerOf(nobody, 'connect_error')) as Error).message).to.equal('not-signed-in');
  });

  it('do not open for a page of another origin, over either transport', async () => {
    const resident = await app.given.resident();
    const headers = { Origin: 'https://elsewhere.example', Cookie: resident.cookie() };
    expect((await openRawWebSocket(app.baseUrl, headers)).socket).to.equal(null);
    const poll = await fetch(`${app.baseUrl}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: headers.Origin, cookie: headers.Cookie },
    });
    expect(poll.status).to.equal(403);
    const own = await openRawWebSocket(app.baseUrl, { ...headers, Origin: app.baseUrl });
    expect(own.status).to.equal(101);
    own.socket?.stream.destroy();
  });

  it('end at once with the sign-out, on that device only', async () => {
    const resident = await app.given.resident();
    const other = app.newClient();
    await ok(
      other.post('/session', {
        signInName: resident.signInName,
        passphrase: resident.passphrase,
        community: (await app.house.communities.bySlug(null))?.slug,
      }),
      201,
    );
    const here = resident.socket();
    const there = other.socket();
    await Promise.all([answerOf(here, 'connect'), answerOf(there, 'connect')]);
    const ended = answerOf(here, 'disconnect');
    await ok(resident.delete('/session'), 204);
    await ended;
    await there.timeout(5_000).emitWithAck('board:leave');
    const again = resident.socket();
    await answerOf(again, 'connect_error');
  });

  it('end at once when staff suspend the person, and when their roles change', async () => {
    const desk = await app.given.administrator();
    const suspended = await app.given.resident();
    const promoted = await app.given.resident();
    const first = suspended.socket();
    const second = promoted.socket();
    await Promise.all([answerOf(first, 'connect'), answerOf(second, 'connect')]);
    const ends = Promise.all([answerOf(first, 'disconnect'), answerOf(second, 'disconnect')]);
    await ok(desk.post(`/accounts/${suspended.accountId}/suspend`, {}), 200);
    await ok(desk.put(`/accounts/${promoted.accountId}/roles`, { roles: ['resident', 'staff'] }), 200);
    await ends;
  });

  it('survive the step-up that gives the session another id', async () => {
    const resident = await app.given.resident();
    const socket = resident.socket();
    await answerOf(socket, 'connect');
    await ok(resident.post('/session/confirm', { passphrase: resident.passphrase }), 200);
    await socket.timeout(5_000).emitWithAck('board:leave');
    expect(socket.connected).to.equal(true);
  });
});
