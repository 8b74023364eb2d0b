import { expect } from 'chai';
import type { HelpRequestCard, Page } from '../../src/shared/api-types.ts';
import { ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { ask, move, need, reviewedNeed } from './request-api.ts';

describe('GET /help-requests', () => {
  let app: TestApp;
  let home: TestCommunity;
  let desk: TestPerson;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
    home = await app.given.community();
    desk = await home.staff();
  });
  after(async () => {
    await app.stop();
  });

  it('takes several states at once', async () => {
    const author = await home.resident();
    await ask(author, need(app, { title: 'Open' }));
    await ask(author, reviewedNeed(app, { title: 'Waits' }));
    const gone = await ask(author, need(app, { title: 'Gone' }));
    await move(author, gone.id, 'cancel', { reason: 'no_longer_needed' });
    const titles = async (states: string): Promise<string[]> => {
      const page = await ok(desk.get(`/help-requests?view=staff&${states}`), 200);
      return (page.body as Page<HelpRequestCard>).items.map(({ title }) => title).sort();
    };
    expect(await titles('status=cancelled')).to.deep.equal(['Gone']);
    expect(await titles('status=cancelled&status=pending_review')).to.deep.equal(['Gone', 'Waits']);
    expect(await titles('')).to.deep.equal(['Gone', 'Open', 'Waits']);
    await ok(desk.get('/help-requests?view=staff&status=open&status=nonsense'), 422);
    await ok(desk.get('/help-requests?view=staff&status=open&status=open'), 422);
  });
});
