import { expect } from 'chai';
import type { NotificationView, Page, SessionView } from '../../src/shared/api-types.ts';
import { ok } from '../support/people.ts';
import type { PersonClient } from '../support/person-client.ts';
import { startTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { answerOf } from '../realtime/open-realtime.ts';

describe('notifications over the API', () => {
  let app: TestApp;
  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
  });
  after(async () => await app.stop());

  const listOf = async (person: Pick<PersonClient, 'get'>, query = '?after=0') =>
    (await ok(person.get(`/notifications${query}`), 200)).body as Page<NotificationView>;

  it('a sign-up that waits is told to staff: stored, pushed, listed, acknowledged', async () => {
    const desk = await app.given.administrator();
    const before = await listOf(desk);
    const socket = desk.socket();
    await answerOf(socket, 'connect');
    const pushed = answerOf(socket, 'notification:created');
    await app.given.resident({ waiting: true });
    const notification = (await pushed) as NotificationView;
    expect(notification).to.include({ kind: 'account_waiting', number: before.items.length + 1 });
    await app.house.relay.idle();
    const page = await listOf(desk, `?after=${String(before.items.length)}`);
    expect(page).to.deep.equal({ items: [notification], nextCursor: null });
    const { number } = notification;
    expect((await ok(desk.post('/notifications/acknowledge', { upTo: number + 5 }), 200)).body).to.deep.equal(
      {
        acknowledged: number,
      },
    );
    expect(((await ok(desk.get('/session'), 200)).body as SessionView).cursor).to.equal(number);
  });

  it('a person sees their own only', async () => {
    const resident = await app.given.resident();
    const list = await listOf(resident);
    expect(list.items.every(({ kind }) => kind === 'account_approved')).to.equal(true);
  });

  it('nobody who is signed out reads or acknowledges', async () => {
    const stranger = app.newClient();
    await ok(stranger.get('/notifications?after=0'), 401);
    await ok(stranger.post('/notifications/acknowledge', { upTo: 1 }), 401);
  });

  it('a query or a body that makes no sense is told so', async () => {
    const resident = await app.given.resident();
    for (const query of [
      '?after=-1',
      '?after=1e3',
      '?after=1&after=2',
      '?after=1&before=2',
      '?since=1',
      '?before=01',
    ]) {
      await ok(resident.get(`/notifications${query}`), 422);
    }
    for (const body of [{}, { upTo: '1' }, { upTo: -1 }, { upTo: 1.5 }, { upTo: 1, also: 2 }]) {
      await ok(resident.post('/notifications/acknowledge', body), 422);
    }
  });

  it('the call list is for staff', async () => {
    const resident = await app.given.resident();
    await ok(resident.get('/deliveries'), 403);
    const desk = await app.given.administrator();
    expect((await ok(desk.get('/deliveries'), 200)).body).to.deep.equal({ items: [], nextCursor: null });
    await ok(desk.get('/deliveries?limit=51'), 422);
    await ok(desk.get('/deliveries?cursor=nonsense'), 422);
  });

  it('an acknowledgement that changes nothing writes nothing', async () => {
    const resident = await app.given.resident();
    await app.house.relay.idle();
    const { number = 0 } = (await listOf(resident)).items.at(-1) ?? {};
    await ok(resident.post('/notifications/acknowledge', { upTo: number }), 200);
    const commands: string[] = [];
    const { connection } = app.storage;
    connection.set('debug', (_collection: string, method: string) => void commands.push(method));
    await ok(resident.post('/notifications/acknowledge', { upTo: number }), 200);
    connection.set('debug', false);
    expect(commands.filter((method) => /update|insert|modify|delete/i.test(method))).to.deep.equal([]);
    expect(commands).not.to.deep.equal([]);
  });
});
