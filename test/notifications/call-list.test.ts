import { expect } from 'chai';
import type { AccountListItem, DeliveryView, Page, ProblemView } from '../../src/shared/api-types.ts';
import { ask, need } from '../help-requests/request-api.ts';
import { ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('the calls that the centre has to make', () => {
  let app: TestApp;
  let town: TestCommunity;
  let rena: TestPerson;
  let colleague: TestPerson;
  let requestId: string;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
  });
  beforeEach(async function () {
    this.timeout(30_000);
    town = await app.given.community();
    rena = await town.staff({ displayName: 'Rena' });
    colleague = await town.staff({ displayName: 'Zhao Lei' });
    const hu = {
      phoneOnly: true,
      displayName: 'Grandmother Hu',
      phone: '0903 2512399',
      door: 'call-list-door',
      language: 'zh-CN',
      buildingId: town.community.buildings[0]?.id,
    };
    const { id } = (await ok(rena.post('/accounts', hu), 201)).body as AccountListItem;
    requestId = (await ask(rena, need(app, { beneficiaryId: id }))).id;
    await app.house.relay.idle();
  });
  after(async () => {
    await app.stop();
  });

  const calls = async (query = ''): Promise<DeliveryView[]> =>
    ((await ok(rena.get(`/deliveries${query}`), 200)).body as Page<DeliveryView>).items;
  /** The call to Grandmother Hu, or undefined when it is not on that list. */
  const find = async (query = ''): Promise<DeliveryView | undefined> =>
    (await calls(query)).find(({ recipientName }) => recipientName === 'Grandmother Hu');
  async function theCall(query = ''): Promise<DeliveryView> {
    const call = await find(query);
    if (call === undefined) throw new Error('Grandmother Hu is not to be called');
    return call;
  }
  const record = (who: TestPerson, { id }: DeliveryView, outcome: string) =>
    who.post(`/deliveries/${id}/call`, { outcome });

  it('name the person and the request, never a phone or a door', async () => {
    const call = await theCall('?state=open');
    expect(call).to.include({ recipientName: 'Grandmother Hu', status: 'queued', requestId, calledBy: null });
    expect(JSON.stringify(call)).to.not.contain('2512399').and.not.contain('call-list-door');
  });

  it('leave the list when somebody was told: who rang and when is written down', async () => {
    app.clock.advance(7 * 60_000);
    const told = (await ok(record(rena, await theCall(), 'told'), 200)).body as DeliveryView;
    expect(told).to.include({ status: 'sent', calledBy: 'Rena', at: app.clock.now().toISOString() });
    expect(await find('?state=open')).to.equal(undefined);
    expect(await calls('?state=done')).to.deep.equal([told]);
  });

  it('stay on the list when nobody answered, for whoever tries next', async () => {
    const call = await theCall();
    await ok(record(rena, call, 'no_answer'), 200);
    expect(await theCall('?state=open')).to.include({ status: 'failed', calledBy: 'Rena' });
    await ok(record(colleague, call, 'told'), 200);
    expect(await theCall('?state=done')).to.include({ status: 'sent', calledBy: 'Zhao Lei' });
  });

  it('can be put back after a wrong press', async () => {
    const call = await theCall();
    await ok(record(rena, call, 'told'), 200);
    await ok(record(rena, call, 'not_yet'), 200);
    expect(await theCall('?state=open')).to.include({ status: 'queued', calledBy: null });
  });

  it('are recorded once: a repetition changes nothing, a colleague who is later is told', async () => {
    const call = await theCall();
    const first = (await ok(record(rena, call, 'told'), 200)).body as DeliveryView;
    app.clock.advance(60_000);
    expect((await ok(record(rena, call, 'told'), 200)).body).to.deep.equal(first);
    const late = await record(colleague, call, 'told');
    expect([late.status, (late.body as ProblemView).code]).to.deep.equal([409, 'state-changed']);
    expect(await theCall('?state=done')).to.include({ calledBy: 'Rena' });
  });

  it('are the centre’s own affair: no resident records one, no other community sees one', async () => {
    const call = await theCall();
    const resident = await town.resident();
    expect((await record(resident, call, 'told')).status).to.equal(403);
    const elsewhere = await (await app.given.community()).staff();
    expect((await record(elsewhere, call, 'told')).status).to.equal(404);
    expect((await rena.post('/deliveries/nonsense/call', { outcome: 'told' })).status).to.equal(404);
    expect((await record(rena, call, 'perhaps')).status).to.equal(422);
    expect(await theCall('?state=open')).to.include({ status: 'queued' });
  });
});
