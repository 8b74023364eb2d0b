import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compose } from '../../src/compose.ts';
import { silentLogger } from '../../src/logger.ts';
import { loadKeys } from '../../src/privacy/keys.ts';
import type { HelpRequestView } from '../../src/shared/api-types.ts';
import { ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import {
  accept,
  ask,
  DAY,
  HOUR,
  MINUTE,
  move,
  need,
  read,
  reviewedNeed,
  stepUp,
  task,
  told,
  wait,
} from './request-api.ts';

describe('what the clock does when somebody does not', () => {
  let app: TestApp;
  let home: TestCommunity;
  let author: TestPerson;
  let helper: TestPerson;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
  });
  after(async () => await app.stop());
  beforeEach(async function () {
    this.timeout(60_000);
    home = await app.given.community();
    author = await home.resident();
    helper = await home.volunteer();
  });

  async function done(): Promise<{ asked: HelpRequestView; assignmentId: string }> {
    const asked = await ask(author, need(app, { when: { asap: true, windows: [] } }));
    const { id } = await accept(helper, asked.id);
    await task(helper, id, 'check-in');
    await task(helper, id, 'complete');
    return { asked, assignmentId: id };
  }

  it('reminds after a day and closes after three when nobody confirms', async function () {
    this.timeout(60_000);
    const { asked, assignmentId } = await done();
    await wait(app, DAY);
    expect((await told(app, author, asked.id)).filter((kind) => kind === 'please_confirm')).to.have.length(2);
    await stepUp(helper);
    await ok(helper.post(`/assignments/${assignmentId}/reveal`), 403);
    await wait(app, 2 * DAY - 1);
    expect((await read(author, asked.id)).status).to.equal('awaiting_confirmation');
    await wait(app, 1);
    expect(await read(author, asked.id)).to.include({ status: 'completed', closingReason: 'fulfilled' });
    expect(await told(app, author, asked.id)).to.include('closed_by_time');
    await wait(app, 7 * DAY + 1);
    await ok(author.post(`/help-requests/${asked.id}/dispute`, { note: 'Too late' }), 409);
  });

  it('tells the centre when a review is late, everybody at twice the time, and then the author', async function () {
    this.timeout(60_000);
    const asked = await ask(author, reviewedNeed(app, { urgency: 'high' }));
    const late = async (): Promise<number> =>
      (await told(app, home.administrator, asked.id)).filter((kind) => kind === 'review_waiting').length;
    expect(await late()).to.equal(1);
    await wait(app, 30 * MINUTE - 1);
    expect(await late()).to.equal(1);
    await wait(app, 1);
    const { stranger: _, ...rest } = home;
    expect(rest.administrator).to.not.equal(undefined);
    await app.house.relay.idle();
    await wait(app, 30 * MINUTE);
    expect((await told(app, author, asked.id)).filter((kind) => kind === 'request_received')).to.have.length(
      2,
    );
    expect((await read(author, asked.id)).status).to.equal('pending_review');
  });

  it('counts working hours only for what is not urgent', async () => {
    // Tuesday noon here; the centre closes at 20:00 and opens at 8:00.
    const asked = await ask(author, reviewedNeed(app, { urgency: 'low' }));
    const due = new Date(asked.nextAction.dueAt ?? 0).getTime() - app.clock.now().getTime();
    expect(due).to.be.at.least(8 * HOUR);
    expect(due).to.be.below(21 * HOUR);
  });

  it('ends a returned request that nobody mends, after a reminder', async function () {
    this.timeout(60_000);
    const asked = await ask(author, reviewedNeed(app));
    await move(home.administrator, asked.id, 'return', { reason: 'unclear_when' });
    await wait(app, DAY);
    expect((await told(app, author, asked.id)).filter((kind) => kind === 'request_returned')).to.have.length(
      2,
    );
    await wait(app, 2 * DAY);
    expect(await read(author, asked.id)).to.include({
      status: 'cancelled',
      closingReason: 'requester_unreachable',
    });
  });

  it('removes a draft from the server after a week', async function () {
    this.timeout(60_000);
    const draft = await ask(author, need(app, { submit: false }));
    await wait(app, 6 * DAY);
    expect(await told(app, author, draft.id)).to.deep.equal(['still_needed']);
    await wait(app, DAY);
    await ok(author.get(`/help-requests/${draft.id}`), 404);
  });

  it('asks twice whether it is still needed, a day apart, before it expires', async function () {
    this.timeout(60_000);
    await ok(helper.put('/me/duty', { onDuty: false }), 200);
    const asked = await ask(author, need(app));
    await wait(app, 6 * HOUR);
    await wait(app, DAY);
    expect((await told(app, author, asked.id)).filter((kind) => kind === 'still_needed')).to.have.length(2);
    expect((await read(author, asked.id)).status).to.equal('open');
    await wait(app, DAY);
    expect(await read(author, asked.id)).to.include({ status: 'expired' });
    expect(await move(author, asked.id, 'reopen')).to.include({ status: 'pending_review' });
  });

  it('finds helpers who come on duty later, without being asked to', async function () {
    this.timeout(60_000);
    await ok(helper.put('/me/duty', { onDuty: false }), 200);
    const asked = await ask(author, need(app));
    expect(asked.needsPerson).to.include({ reason: 'no_helper' });
    await ok(helper.put('/me/duty', { onDuty: true }), 200);
    await wait(app, 30 * MINUTE);
    expect(await read(author, asked.id)).to.deep.include({ status: 'matching', needsPerson: null });
  });

  it('reminds the helper, asks whether they come, and looks on when they do not', async function () {
    this.timeout(60_000);
    const asked = await ask(author, need(app));
    const assignment = await accept(helper, asked.id);
    const startsIn = new Date(assignment.startsAt).getTime() - app.clock.now().getTime();
    await wait(app, startsIn - HOUR);
    expect(await told(app, helper, asked.id)).to.include('task_reminder');
    await wait(app, HOUR + 15 * MINUTE);
    expect(await told(app, helper, asked.id)).to.include('are_you_coming');
    await wait(app, 15 * MINUTE);
    expect(await read(author, asked.id)).to.include({ status: 'matching', helpersFound: 0 });
    expect((await ok(helper.get(`/assignments/${assignment.id}`), 200)).body).to.include({
      status: 'no_show',
      canReveal: false,
    });
    expect(await told(app, author, asked.id)).to.include('helper_changed');
  });

  it('asks both when it takes too long', async function () {
    this.timeout(60_000);
    const asked = await ask(author, need(app, { when: { asap: true, windows: [] }, minutes: 30 }));
    const { id } = await accept(helper, asked.id);
    await task(helper, id, 'check-in');
    await wait(app, 2 * HOUR + 30 * MINUTE);
    const late = await read(author, asked.id);
    expect(late).to.include({ status: 'in_progress' });
    expect(late.needsPerson).to.include({ reason: 'late' });
    expect(await told(app, helper, asked.id)).to.include('task_reminder');
  });

  it('fires each timer once, whoever ticks', async function () {
    this.timeout(60_000);
    const { asked } = await done();
    app.clock.advance(DAY);
    await Promise.all([1, 2, 3].map(async () => await app.house.jobs.tick('due-timers')));
    await app.house.jobs.tick('due-timers');
    expect((await told(app, author, asked.id)).filter((kind) => kind === 'please_confirm')).to.have.length(2);
  });

  it('sends low urgency out by day only', async function () {
    this.timeout(60_000);
    const now = app.clock.now();
    // 23:00 on the community's clock.
    app.clock.set(new Date(now.getTime() - (now.getTime() % DAY) + DAY + 15 * HOUR));
    const asked = await ask(author, need(app, { urgency: 'low' }));
    expect(asked).to.deep.include({ status: 'open', needsPerson: null });
    await wait(app, 9 * HOUR - 1);
    expect((await read(author, asked.id)).status).to.equal('open');
    await wait(app, 1);
    expect((await read(author, asked.id)).status).to.equal('matching');
  });
});

describe('timers over a restart', () => {
  it('are exactly where they were, and what fell due meanwhile happens once', async function () {
    this.timeout(120_000);
    const app = await startTestApp();
    const keys = await mkdtemp(path.join(tmpdir(), 'linli-keys-'));
    try {
      const home = await app.given.community();
      const author = await home.resident();
      await home.volunteer();
      const asked = await ask(author, need(app));
      await app.house.relay.idle();
      const stored = async (): Promise<Record<string, unknown> | null> =>
        await app.storage.connection.collection<{ _id: string }>('helpRequests').findOne({ _id: asked.id });
      const before = await stored();
      app.clock.advance(12 * MINUTE);
      // A second house on the same store is what a restarted process is.
      const restarted = await compose({
        config: app.config,
        storage: app.storage,
        keys: await loadKeys(app.config.keyDir),
        clock: app.clock,
        demoClock: null,
        newId: app.newId,
        logger: silentLogger,
        clientDir: keys,
        version: '0.0.0-test',
        limitFactor: 1_000,
        checkResponses: true,
      });
      expect((await stored())?.['timers']).to.deep.equal(before?.['timers']);
      await Promise.all([restarted.jobs.tick('due-timers'), app.house.jobs.tick('due-timers')]);
      const after = await read(author, asked.id);
      expect(after.needsPerson).to.include({ reason: 'no_helper' });
      const timeline = (await ok(author.get(`/help-requests/${asked.id}/timeline`), 200)).body as {
        items: { type: string }[];
      };
      expect(timeline.items.filter(({ type }) => type === 'offer_lapsed')).to.have.length(1);
      expect(timeline.items.filter(({ type }) => type === 'needs_person')).to.have.length(1);
      await restarted.stop();
    } finally {
      await rm(keys, { recursive: true, force: true });
      await app.stop();
    }
  });
});
