import { expect } from 'chai';
import type {
  HelpRequestView,
  Page,
  ReviewItemView,
  TimelineEntryView,
  VisitDetails,
} from '../../src/shared/api-types.ts';
import { ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import {
  accept,
  ask,
  backAtDesk,
  board,
  HOUR,
  move,
  need,
  offerOf,
  read,
  reviewedNeed,
  stepUp,
  task,
  told,
} from './request-api.ts';

describe('the straight path of a request', () => {
  let app: TestApp;
  let home: TestCommunity;
  let author: TestPerson;
  let helper: TestPerson;
  let desk: TestPerson;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
    home = await app.given.community();
    author = await home.resident({ displayName: 'Aygul', door: 'door-canary-77', building: 2 });
    helper = await home.volunteer({ displayName: 'Li Wei', trustTier: 2 });
    desk = await home.staff({ displayName: 'Desk' });
  });
  after(async () => await app.stop());
  beforeEach(async () => {
    // Helpers rest between offers.
    app.clock.advance(2 * HOUR);
    desk = await backAtDesk(app, home, desk);
  });

  it('goes from asking over approval, offer, acceptance, arrival and end to thanks', async () => {
    const asked = await ask(author, reviewedNeed(app));
    expect(asked).to.include({ status: 'pending_review', isReviewed: false });
    expect(asked.nextAction).to.include({ who: 'staff', ifLate: 'lead_told' });

    const queue = (await ok(desk.get('/review-queue'), 200)).body as Page<ReviewItemView>;
    expect(queue.items.map(({ request }) => request.id)).to.include(asked.id);

    const approved = await move(desk, asked.id, 'approve');
    expect(approved).to.include({ status: 'matching', isReviewed: true });
    expect(approved.wave).to.include({ no: 1, told: 1 });

    const offer = await offerOf(helper, asked.id);
    expect(offer).to.include({ status: 'notified', helpedThisNeighbourBefore: false });
    expect(offer.reasons.map(({ key }) => key)).to.include('nearest');

    const assignment = await accept(helper, asked.id);
    expect(assignment).to.include({ status: 'confirmed', slot: 'primary', canReveal: true });
    const assigned = await read(author, asked.id);
    expect(assigned).to.include({ status: 'assigned', helpersFound: 1 });
    expect(assigned.helpers?.[0]).to.include({ displayName: 'Li Wei' });
    expect(assigned.codeWord)
      .to.equal(assignment.codeWord)
      .and.match(/^[a-z]{4} [a-z]{4}$/);

    await ok(helper.post(`/assignments/${assignment.id}/reveal`), 403);
    await stepUp(helper);
    const visit = (await ok(helper.post(`/assignments/${assignment.id}/reveal`), 200)).body as VisitDetails;
    expect(visit).to.include({ door: 'door-canary-77', phone: author.phone });

    app.clock.advance(3 * HOUR);
    expect(await task(helper, assignment.id, 'check-in')).to.include({ status: 'checked_in' });
    expect((await read(author, asked.id)).status).to.equal('in_progress');
    app.clock.advance(HOUR);
    expect(await task(helper, assignment.id, 'complete')).to.include({ status: 'done' });
    const awaiting = await read(author, asked.id);
    expect(awaiting.status).to.equal('awaiting_confirmation');
    expect(awaiting.allowed).to.include.members(['confirmHelpRequest', 'disputeHelpRequest']);

    expect(await move(author, asked.id, 'confirm')).to.include({
      status: 'completed',
      closingReason: 'fulfilled',
    });
    const thanked = await move(author, asked.id, 'thanks', { text: 'Rehmet!' });
    expect(thanked.thanks).to.include({ text: 'Rehmet!' });

    expect(await told(app, author, asked.id)).to.deep.equal([
      'request_received',
      'request_approved',
      'helper_found',
      'address_read',
      'helper_arrived',
      'please_confirm',
    ]);
    expect(await told(app, helper, asked.id)).to.deep.equal(['offer', 'you_are_confirmed', 'thanks']);
    const timeline = (await ok(author.get(`/help-requests/${asked.id}/timeline`), 200))
      .body as Page<TimelineEntryView>;
    expect(timeline.items.map(({ type }) => type)).to.deep.equal([
      'created',
      'submitted',
      'approved',
      'wave_sent',
      'helper_accepted',
      'helper_arrived',
      'helper_done',
      'confirmed',
      'thanked',
    ]);
    const log = (await ok(author.get(`/help-requests/${asked.id}/access-log`), 200)).body as Page<{
      readerName: string;
      fields: string[];
    }>;
    expect(log.items.map(({ readerName }) => readerName)).to.deep.equal(['Li Wei']);
    expect(log.items[0]?.fields).to.include.members(['door', 'phone']);
    expect(app.logs).to.deep.equal([]);
  });

  it('is on the board at once when the centre trusts kind and person, and is looked at after', async () => {
    const asked = await ask(author, need(app));
    expect(asked).to.include({ status: 'matching', isReviewed: false });
    expect((await board(helper)).map(({ id }) => id)).to.include(asked.id);
    const queue = (await ok(desk.get('/review-queue'), 200)).body as Page<ReviewItemView>;
    expect(queue.items.find(({ request }) => request.id === asked.id)).to.include({
      isAfterwards: true,
      isLate: false,
    });
    const offer = await offerOf(helper, asked.id);
    expect((await ok(helper.post(`/matches/${offer.id}/seen`), 200)).body).to.include({ status: 'seen' });
    const approved = await move(desk, asked.id, 'approve');
    expect(approved).to.include({ status: 'matching', isReviewed: true });
    await move(author, asked.id, 'cancel', { reason: 'no_longer_needed' });
  });

  it('stays a draft until it is sent', async () => {
    const draft = await ask(author, need(app, { submit: false }));
    expect(draft).to.include({ status: 'draft', version: 1 });
    await ok(desk.get(`/help-requests/${draft.id}`), 404);
    const changed = await ok(
      author.put(`/help-requests/${draft.id}`, {
        ...without(need(app, { title: 'Two bags of rice' }), 'submit'),
        version: 1,
      }),
      200,
    );
    expect((changed.body as HelpRequestView).title).to.equal('Two bags of rice');
    await ok(author.put(`/help-requests/${draft.id}`, { ...without(need(app), 'submit'), version: 1 }), 409);
    expect(await move(author, draft.id, 'submit')).to.include({ status: 'matching' });
    await move(author, draft.id, 'cancel', { reason: 'no_longer_needed' });
  });
});

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = value;
  return rest;
}
