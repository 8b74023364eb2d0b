import { expect } from 'chai';
import type { AssignmentView, HelpRequestView, Page, ProblemView } from '../../src/shared/api-types.ts';
import { ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { accept, ask, HOUR, need, offerOf, offers, read } from './request-api.ts';

const codeOf = (answer: { body: unknown }): string => (answer.body as ProblemView).code;

describe('several at once, and the same thing twice', () => {
  let app: TestApp;
  let home: TestCommunity;
  let author: TestPerson;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
  });
  after(async () => await app.stop());
  beforeEach(async function () {
    this.timeout(60_000);
    home = await app.given.community();
    author = await home.resident();
  });

  it('gives one place to one of three who accept at the same moment, and tells the others who was faster', async function () {
    this.timeout(60_000);
    const helpers = [await home.volunteer(), await home.volunteer(), await home.volunteer()];
    const asked = await ask(author, need(app));
    const open = await Promise.all(helpers.map(async (helper) => await offerOf(helper, asked.id)));
    const answers = await Promise.all(
      helpers.map(async (helper, at) => await helper.post(`/matches/${open[at]!.id}/accept`)),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409]);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expect(codeOf(answer)).to.equal('already-taken');
      expect(((answer.body as ProblemView).present as HelpRequestView).status).to.equal('assigned');
    }
    expect(await read(author, asked.id)).to.include({ status: 'assigned', helpersFound: 1 });
    const loads = await Promise.all(
      helpers.map(
        async (helper) =>
          (await ok(helper.get('/me/helper-profile'), 200)).body as {
            load: { activeTasks: number; openOffers: number };
          },
      ),
    );
    expect(loads.map(({ load }) => load.activeTasks).sort()).to.deep.equal([0, 0, 1]);
    expect(loads.map(({ load }) => load.openOffers)).to.deep.equal([0, 0, 0]);
  });

  it('never gives two tasks to a helper who wants one, however the two requests race', async function () {
    this.timeout(120_000);
    const helper = await home.volunteer({ profile: { maxTasks: 1 } });
    const authors = [author, await home.resident()];
    for (let round = 0; round < 12; round += 1) {
      app.clock.advance(3 * HOUR);
      const asked = await Promise.all(
        // Critical offers may lie on top of others: the task is what is promised once.
        authors.map(async (person) => await ask(person, need(app, { when: { asap: true, windows: [] } }))),
      );
      const told = (await offers(helper)).filter(({ request }) => asked.some(({ id }) => id === request.id));
      expect(told.length, 'offers in one round').to.be.at.most(1);
      const tries = await Promise.all([
        ...told.map(async ({ id }) => await helper.post(`/matches/${id}/accept`)),
        ...asked.map(async ({ id }) => await helper.post(`/help-requests/${id}/volunteer`)),
      ]);
      expect(tries.filter(({ status }) => status === 200)).to.have.length(1);
      const active = (await ok(helper.get('/assignments?active=true'), 200)).body as Page<AssignmentView>;
      expect(active.items, 'tasks at once').to.have.length(1);
      const { load } = (await ok(helper.get('/me/helper-profile'), 200)).body as {
        load: { activeTasks: number };
      };
      expect(load.activeTasks).to.equal(1);
      for (const [at, { id }] of asked.entries()) {
        const body = { reason: 'no_longer_needed' };
        await ok(authors[at]!.post(`/help-requests/${id}/cancel`, body), 200);
      }
    }
  });

  it('meets its own request when a create is repeated, also at the same moment', async () => {
    const input = need(app);
    const first = (await ok(author.post('/help-requests', input, { key: 'create-1' }), 201))
      .body as HelpRequestView;
    const again = (await ok(author.post('/help-requests', input, { key: 'create-1' }), 201))
      .body as HelpRequestView;
    expect(again.id).to.equal(first.id);
    const other = await ok(
      author.post('/help-requests', { ...input, title: 'Another' }, { key: 'create-1' }),
      422,
    );
    expect(codeOf(other)).to.equal('idempotency-key-reused');
    const twins = await Promise.all(
      [1, 2, 3].map(async () => await author.post('/help-requests', input, { key: 'create-2' })),
    );
    expect(twins.map(({ status }) => status)).to.deep.equal([201, 201, 201]);
    expect(new Set(twins.map(({ body }) => (body as HelpRequestView).id)).size).to.equal(1);
    const mine = (await ok(author.get('/help-requests?view=mine'), 200)).body as Page<HelpRequestView>;
    expect(mine.items).to.have.length(2);
  });

  it('reserves once for a create that is sent four times at once', async function () {
    this.timeout(60_000);
    const helper = await home.volunteer();
    const input = need(app);
    const twins = await Promise.all(
      [1, 2, 3, 4].map(async () => await author.post('/help-requests', input, { key: 'twin' })),
    );
    for (const { body } of twins) expect(body).to.include({ status: 'matching' });
    const { load } = (await ok(helper.get('/me/helper-profile'), 200)).body as { load: object };
    expect(load).to.include({ openOffers: 1, offersToday: 1 });
  });

  it('gives reservations back when the request cannot be stored', async function () {
    this.timeout(60_000);
    const helper = await home.volunteer();
    const model = app.storage.connection.model('helpRequests');
    const { insertMany } = model;
    model.insertMany = (async () => await Promise.reject(new Error('disk full'))) as never;
    try {
      expect((await author.post('/help-requests', need(app))).status).to.be.at.least(500);
    } finally {
      model.insertMany = insertMany;
    }
    const profile = (await ok(helper.get('/me/helper-profile'), 200)).body as { load: object };
    expect(profile.load).to.include({ openOffers: 0, offersToday: 0 });
    expect(profile).to.include({ nextOfferNotBefore: null });
    expect(await ask(author, need(app))).to.include({ status: 'matching' });
  });

  it('gives a repeated move its first answer again, and one effect', async function () {
    this.timeout(60_000);
    const helper = await home.volunteer();
    const asked = await ask(author, need(app));
    const offer = await offerOf(helper, asked.id);
    const tries = await Promise.all(
      [1, 2, 3].map(async () => await helper.post(`/matches/${offer.id}/accept`, {}, { key: 'accept-1' })),
    );
    expect(tries.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(new Set(tries.map(({ body }) => (body as AssignmentView).id)).size).to.equal(1);
    await ok(
      helper.post(
        `/matches/${offer.id}/accept`,
        { startsAt: need(app).when.windows[0]!.from },
        { key: 'accept-1' },
      ),
      422,
    );
    await ok(helper.post(`/matches/${offer.id}/accept`, {}), 409);
    const cancel = { reason: 'no_longer_needed' };
    const first = await ok(
      author.post(`/help-requests/${asked.id}/cancel`, cancel, { key: 'cancel-1' }),
      200,
    );
    const again = await ok(
      author.post(`/help-requests/${asked.id}/cancel`, cancel, { key: 'cancel-1' }),
      200,
    );
    expect((again.body as HelpRequestView).version).to.equal((first.body as HelpRequestView).version);
    const other = await ok(
      author.post(`/help-requests/${asked.id}/cancel`, { reason: 'solved_elsewhere' }, { key: 'cancel-1' }),
      422,
    );
    expect(codeOf(other)).to.equal('idempotency-key-reused');
    await ok(author.post(`/help-requests/${asked.id}/cancel`, cancel), 409);
  });

  it('frees what a crash left reserved, and keeps what the request confirms', async function () {
    this.timeout(60_000);
    const helper = await home.volunteer();
    const asked = await ask(author, need(app));
    const loads = app.storage.connection.collection<{
      _id: string;
      openOffers: unknown[];
      activeTasks: unknown[];
    }>('helperLoads');
    const at = app.clock.now();
    await loads.updateOne({ _id: helper.accountId }, {
      $push: {
        openOffers: { requestId: 'gone', matchId: 'never-written', reservedAt: at, urgent: false },
        activeTasks: { requestId: asked.id, assignmentId: 'never-written', since: at, onSite: false },
      },
      $inc: { open: 1, tasks: 1, version: 1 },
      $min: { uncheckedSince: at },
    } as never);
    await app.house.jobs.tick('stale-reservations');
    expect((await loads.findOne({ _id: helper.accountId }))?.openOffers, 'too young').to.have.length(2);
    app.clock.advance(61_000);
    await app.house.jobs.tick('stale-reservations');
    const { load } = (await ok(helper.get('/me/helper-profile'), 200)).body as { load: object };
    expect(load).to.include({ openOffers: 1, activeTasks: 0 });
    await accept(helper, asked.id);
  });
});
