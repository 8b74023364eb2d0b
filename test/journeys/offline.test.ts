import { expect } from 'chai';
import { arrivesAt, button, reads, requestsOf, writeRequest } from './acts.ts';
import { type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

describe('a request written without a network', function () {
  this.timeout(120_000);
  let hood: Neighbourhood;

  before(async () => {
    hood = await openNeighbourhood();
  });
  after(async () => {
    await hood.close();
  });
  afterEach(async function () {
    await hood.leave(this.currentTest);
  });

  it('waits on the device, and is sent once when the network is back', async () => {
    const author = await hood.app.given.resident();
    const resident = await hood.seat(author, { path: '/ask/what' });
    const { page, context, t } = resident;
    await arrivesAt(resident, t('ask.what.title'));
    await page
      .getByRole('link', { name: t('shell.back') })
      .or(button(resident, t('shell.back')))
      .click();
    await page.waitForURL((url) => url.pathname === '/');

    await context.setOffline(true);
    await reads(resident, t('shell.offline.title'));
    const wanted = { kindId: 'shopping', title: 'Flour, five kilos', text: 'Any brand.' };
    await writeRequest(resident, wanted);
    await reads(resident, t('ask.check.queueNote'));
    await button(resident, t('ask.check.send')).click();
    await arrivesAt(resident, t('ask.queued.title'));
    await resident.picture('journey-offline');
    expect(await requestsOf(author)).to.have.length(0);

    await page
      .getByRole('main')
      .getByRole('link', { name: t('shell.mine'), exact: true })
      .click();
    await reads(resident, t('ask.queued.waiting'));
    const sent = page.waitForResponse(
      (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/help-requests'),
    );
    await context.setOffline(false);
    expect((await sent).status()).to.equal(201);
    await page.getByText(t('ask.queued.waiting')).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: wanted.title }).waitFor();

    // Another loss of the network has nothing left to send.
    await context.setOffline(true);
    await reads(resident, t('shell.offline.title'));
    await context.setOffline(false);
    await page.getByText(t('shell.offline.title')).waitFor({ state: 'detached' });
    expect((await requestsOf(author)).map(({ title }) => title)).to.deep.equal([wanted.title]);
  });

  it('is one request when only the answer was lost on the way', async () => {
    const author = await hood.app.given.resident();
    const resident = await hood.seat(author, { path: '/' });
    const { page, t } = resident;
    let attempts = 0;
    await page.route('**/api/help-requests', async (route) => {
      if (route.request().method() !== 'POST') return await route.continue();
      attempts += 1;
      if (attempts > 1) return await route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    await writeRequest(resident, { kindId: 'shopping', title: 'A sack of onions', text: '' });
    await button(resident, t('ask.check.send')).click();
    await arrivesAt(resident, t('ask.done.title'));
    expect(attempts).to.equal(2);
    expect((await requestsOf(author)).map(({ title }) => title)).to.deep.equal(['A sack of onions']);
  });

  it('is one request when answers are lost until it waits on the device, and is sent from there', async () => {
    const author = await hood.app.given.resident();
    const resident = await hood.seat(author, { path: '/' });
    const { page, t } = resident;
    let isLosing = true;
    await page.route('**/api/help-requests', async (route) => {
      if (route.request().method() !== 'POST' || !isLosing) return await route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    await writeRequest(resident, { kindId: 'shopping', title: 'A jar of honey', text: '' });
    const answered = page.waitForResponse(
      (one) => one.url().endsWith('/api/help-requests') && one.request().method() === 'POST',
    );
    await button(resident, t('ask.check.send')).click();
    await arrivesAt(resident, t('ask.queued.title'));
    isLosing = false;
    expect((await answered).status()).to.equal(201);
    expect((await requestsOf(author)).map(({ title }) => title)).to.deep.equal(['A jar of honey']);
  });
});
