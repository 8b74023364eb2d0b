import { expect } from 'chai';
import type {
  CandidatesView,
  HelpRequestView,
  MatchView,
  Page,
  ProblemView,
} from '../../src/shared/api-types.ts';
import { ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import {
  accept,
  ask,
  board,
  DAY,
  HOUR,
  MINUTE,
  move,
  need,
  offers,
  offerOf,
  read,
  reviewedNeed,
  task,
  told,
  wait,
} from './request-api.ts';

const codeOf = (answer: { body: unknown }): string => (answer.body as ProblemView).code;

describe('the branches of a request', () => {
  let app: TestApp;
  let home: TestCommunity;
  let author: TestPerson;
  let desk: TestPerson;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
  });
  after(async () => await app.stop());
  /** A community of its own, so that nobody is tired from the test before. */
  beforeEach(async function () {
    this.timeout(60_000);
    home = await app.given.community();
    author = await home.resident({ displayName: 'Aygul', building: 2 });
    desk = home.administrator;
  });

  it('comes back with a reason, is mended and approved', async () => {
    const asked = await ask(author, reviewedNeed(app));
    const returned = await move(desk, asked.id, 'return', { reason: 'needs_more_detail' });
    expect(returned).to.deep.include({
      status: 'returned',
      review: { reason: 'needs_more_detail', note: null },
    });
    const seen = await read(author, asked.id);
    expect(seen.allowed).to.include.members(['updateHelpRequest', 'resubmitHelpRequest']);
    const { submit: _, ...better } = reviewedNeed(app, { text: 'To the clinic at ten, back at noon' });
    await ok(author.put(`/help-requests/${asked.id}`, { ...better, version: seen.version }), 200);
    expect(await move(author, asked.id, 'resubmit')).to.include({ status: 'pending_review' });
    expect(await move(desk, asked.id, 'approve')).to.include({ status: 'open' });
    expect(await told(app, author, asked.id)).to.include.members(['request_returned', 'request_approved']);
  });

  it('asks for a word when the reason is another', async () => {
    const asked = await ask(author, reviewedNeed(app));
    const answer = await ok(
      desk.post(`/help-requests/${asked.id}/reject`, { reason: 'other_with_note' }),
      422,
    );
    expect((answer.body as ProblemView).errors?.map(({ pointer }) => pointer)).to.deep.equal(['/note']);
  });

  it('is refused with a reason, and can be taken up again', async () => {
    const asked = await ask(author, reviewedNeed(app));
    expect(
      await move(desk, asked.id, 'reject', { reason: 'paid_work', note: 'A firm does this.' }),
    ).to.include({ status: 'rejected' });
    expect(await move(author, asked.id, 'reopen')).to.include({ status: 'pending_review' });
    const late = await ok(author.post(`/help-requests/${asked.id}/reopen`), 409);
    expect(codeOf(late)).to.equal('state-changed');
    expect(((late.body as ProblemView).present as HelpRequestView).status).to.equal('pending_review');
  });

  it('asks the next helpers at once when everybody said no, and tells a person at the centre when nobody is left', async function () {
    this.timeout(60_000);
    const helpers: TestPerson[] = [];
    for (let at = 0; at < 4; at += 1) helpers.push(await home.volunteer());
    const asked = await ask(author, need(app));
    expect(asked.wave).to.include({ no: 1, told: 3 });
    const first: TestPerson[] = [];
    for (const helper of helpers) if ((await offers(helper)).length === 1) first.push(helper);
    expect(first).to.have.length(3);
    for (const helper of first) {
      const offer = await offerOf(helper, asked.id);
      expect((await ok(helper.post(`/matches/${offer.id}/decline`), 200)).body).to.include({
        status: 'declined',
      });
    }
    const second = await read(author, asked.id);
    expect(second.wave).to.include({ no: 2, told: 1 });
    const last = helpers.find((helper) => !first.includes(helper))!;
    const offer = await offerOf(last, asked.id);
    await ok(last.post(`/matches/${offer.id}/decline`), 200);
    const stuck = await read(author, asked.id);
    expect(stuck).to.include({ status: 'matching' });
    expect(stuck.needsPerson).to.include({ reason: 'no_helper' });
    expect(stuck.nextAction).to.include({ who: 'staff' });
    expect(await told(app, desk, asked.id)).to.include('needs_person');
    expect(await told(app, author, asked.id)).to.include('person_takes_over');
    const again = await ok(last.post(`/matches/${offer.id}/decline`), 409);
    expect(codeOf(again)).to.equal('state-changed');
  });

  it('does not wait for ever: silence lets the offer lapse, the next wave goes out, and lapsed people are not asked again', async function () {
    this.timeout(60_000);
    const helpers: TestPerson[] = [];
    for (let at = 0; at < 4; at += 1) helpers.push(await home.volunteer());
    const asked = await ask(author, need(app));
    await wait(app, 12 * MINUTE - 1);
    expect((await read(author, asked.id)).wave).to.include({ no: 1 });
    await wait(app, 1);
    expect((await read(author, asked.id)).wave).to.include({ no: 2, told: 1 });
    const statuses: string[] = [];
    for (const helper of helpers) {
      const page = (await ok(helper.get('/matches'), 200)).body as Page<MatchView>;
      expect(page.items).to.have.length(1);
      statuses.push(page.items[0]!.status);
    }
    expect(statuses.sort()).to.deep.equal(['lapsed', 'lapsed', 'lapsed', 'notified']);
    await wait(app, 12 * MINUTE);
    expect((await read(author, asked.id)).needsPerson).to.include({ reason: 'no_helper' });
    const lapsed = helpers[0]!;
    const old = ((await ok(lapsed.get('/matches'), 200)).body as Page<MatchView>).items[0]!;
    expect(codeOf(await ok(lapsed.post(`/matches/${old.id}/accept`), 409))).to.equal('not-offered');
  });

  it('goes on to the next helper when one withdraws, without the one who left', async function () {
    this.timeout(60_000);
    const [one, two] = [await home.volunteer(), await home.volunteer()];
    const asked = await ask(author, need(app));
    const assignment = await accept(one, asked.id);
    expect((await read(author, asked.id)).status).to.equal('assigned');
    expect(await offers(two)).to.deep.equal([]);
    const gone = await task(one, assignment.id, 'withdraw', { note: 'My child is ill' });
    expect(gone).to.include({ status: 'withdrawn', canReveal: false, codeWord: '' });
    await ok(one.post(`/assignments/${assignment.id}/reveal`), 403);
    const open = await read(author, asked.id);
    expect(open).to.include({ status: 'matching', helpersFound: 0 });
    expect(open.wave).to.include({ no: 2, told: 1 });
    expect(await offers(one)).to.deep.equal([]);
    await accept(two, asked.id);
    expect(await read(author, asked.id)).to.include({ status: 'assigned', helpersFound: 1 });
    expect(await told(app, author, asked.id)).to.include('helper_changed');
    expect(codeOf(await ok(one.post(`/help-requests/${asked.id}/volunteer`), 403))).to.equal('not-allowed');
  });

  it('lets staff ask by hand, and says why somebody cannot be asked', async function () {
    this.timeout(60_000);
    const far = await home.volunteer({ building: 5, profile: { radiusMetres: 50 } });
    const off = await home.volunteer({ onDuty: false });
    await ok(off.put('/me/duty', { onDuty: false }), 200);
    const asked = await ask(author, need(app));
    expect(asked).to.include({ status: 'open' });
    expect(asked.needsPerson).to.include({ reason: 'no_helper' });
    const why = (await ok(desk.get(`/help-requests/${asked.id}/candidates?helperId=${far.accountId}`), 200))
      .body as CandidatesView & {
      why: { refusals: string[] };
    };
    expect(why.why.refusals).to.deep.equal(['too_far']);
    expect(why.refusedCounts).to.include({ off_duty: 1, too_far: 1 });
    expect(
      codeOf(await ok(desk.post(`/help-requests/${asked.id}/offers`, { helperId: off.accountId }), 409)),
    ).to.equal('helper-busy');
    await ok(off.put('/me/duty', { onDuty: true }), 200);
    const view = (await ok(desk.post(`/help-requests/${asked.id}/offers`, { helperId: off.accountId }), 200))
      .body as CandidatesView;
    expect(view.candidates.find(({ helperId }) => helperId === off.accountId)?.match).to.include({
      status: 'notified',
    });
    await accept(off, asked.id);
    expect(await read(author, asked.id)).to.include({ status: 'assigned', needsPerson: null });
  });

  it('takes somebody who steps forward from the board, and refuses whom the wishes exclude', async function () {
    this.timeout(60_000);
    const willing = await home.volunteer({ onDuty: false, profile: { gender: 'man' } });
    await ok(willing.put('/me/duty', { onDuty: false }), 200);
    const forWomen = await ask(
      author,
      need(app, { constraints: { genderWish: 'woman', twoHelpers: false, noHomeEntry: false } }),
    );
    const card = (await board(willing)).find(({ id }) => id === forWomen.id)!;
    expect(card.canVolunteer).to.equal(false);
    await ok(willing.post(`/help-requests/${forWomen.id}/volunteer`), 403);
    const plain = await ask(author, need(app));
    expect((await board(willing)).find(({ id }) => id === plain.id)?.canVolunteer).to.equal(true);
    const assignment = (await ok(willing.post(`/help-requests/${plain.id}/volunteer`), 200)).body as {
      status: string;
    };
    expect(assignment.status).to.equal('confirmed');
    expect(await read(author, plain.id)).to.include({ status: 'assigned', helpersFound: 1 });
    await ok(author.post(`/help-requests/${plain.id}/volunteer`), 403);
  });

  it('fills several places, and one of several who leaves changes no state', async function () {
    this.timeout(60_000);
    const [one, two, three] = [await home.volunteer(), await home.volunteer(), await home.volunteer()];
    const asked = await ask(author, need(app, { helpersNeeded: 2 }));
    const first = await accept(one, asked.id);
    expect(await read(author, asked.id)).to.include({
      status: 'matching',
      helpersFound: 1,
      helpersNeeded: 2,
    });
    const second = await accept(two, asked.id);
    expect(await read(author, asked.id)).to.include({ status: 'assigned', helpersFound: 2 });
    expect(await offers(three)).to.deep.equal([]);
    expect(await told(app, three, asked.id)).to.deep.equal(['offer', 'place_taken']);
    await task(one, first.id, 'check-in');
    await task(two, second.id, 'withdraw');
    expect(await read(author, asked.id)).to.include({ status: 'in_progress', helpersFound: 1 });
    await task(one, first.id, 'complete');
    expect(await read(author, asked.id)).to.include({ status: 'awaiting_confirmation' });
    const confirmed = await move(author, asked.id, 'confirm');
    expect(confirmed.closingReason).to.equal('partly_fulfilled');
  });

  it('keeps a second helper by for the urgent, and needs them when the first does not come', async function () {
    this.timeout(60_000);
    const helpers = [await home.volunteer(), await home.volunteer(), await home.volunteer()] as const;
    const asked = await ask(author, need(app, { urgency: 'high', when: { asap: true, windows: [] } }));
    const first = await accept(helpers[0], asked.id);
    const standBy = await accept(helpers[1], asked.id);
    expect(standBy).to.include({ slot: 'backup', canReveal: false });
    expect(await read(author, asked.id)).to.include({ status: 'assigned', helpersFound: 1 });
    expect(codeOf(await ok(helpers[2].get('/matches?open=true'), 200))).to.equal(undefined);
    expect(await offers(helpers[2])).to.deep.equal([]);
    await ok(helpers[1].post(`/assignments/${standBy.id}/check-in`), 409);
    expect(codeOf(await ok(author.post(`/assignments/${first.id}/no-show`), 409))).to.equal('state-changed');
    await wait(app, 20 * MINUTE + 15 * MINUTE);
    expect(await told(app, helpers[0], asked.id)).to.include('are_you_coming');
    await wait(app, 15 * MINUTE);
    const changed = await read(author, asked.id);
    expect(changed).to.include({ status: 'assigned', helpersFound: 1 });
    expect(changed.helpers?.map(({ helperId }) => helperId)).to.deep.equal([helpers[1].accountId]);
    expect(await told(app, helpers[1], asked.id)).to.include('needed_now');
    expect((await ok(helpers[1].get(`/assignments/${standBy.id}`), 200)).body).to.include({
      slot: 'primary',
      canReveal: true,
    });
    expect((await ok(helpers[0].get(`/assignments/${first.id}`), 200)).body).to.include({
      status: 'no_show',
      canReveal: false,
    });
  });

  it('ends with a reason by its author, until somebody has arrived', async function () {
    this.timeout(60_000);
    const helper = await home.volunteer();
    const asked = await ask(author, need(app));
    const assignment = await accept(helper, asked.id);
    const cancelled = await move(author, asked.id, 'cancel', { reason: 'solved_elsewhere' });
    expect(cancelled).to.include({ status: 'cancelled', closingReason: 'solved_elsewhere', helpersFound: 0 });
    expect(await told(app, helper, asked.id)).to.include('task_cancelled');
    await ok(helper.post(`/assignments/${assignment.id}/reveal`), 403);
    const profile = (await ok(helper.get('/me/helper-profile'), 200)).body as { load: object };
    expect(profile.load).to.include({ activeTasks: 0, openOffers: 0 });

    app.clock.advance(2 * HOUR);
    const second = await ask(author, need(app, { when: { asap: true, windows: [] } }));
    const stepped = (await ok(helper.post(`/help-requests/${second.id}/volunteer`), 200)).body as {
      id: string;
    };
    await task(helper, stepped.id, 'check-in');
    expect((await read(author, second.id)).allowed).to.not.include('cancelHelpRequest');
    await ok(author.post(`/help-requests/${second.id}/cancel`, { reason: 'no_longer_needed' }), 409);
  });

  it('is looked into by a neutral person when its author says that it is not right', async function () {
    this.timeout(60_000);
    const helper = await home.volunteer();
    const asked = await ask(author, need(app, { when: { asap: true, windows: [] } }));
    const assignment = await accept(helper, asked.id);
    await task(helper, assignment.id, 'check-in');
    await task(helper, assignment.id, 'complete');
    const disputed = await move(author, asked.id, 'dispute', { note: 'Half of it is missing' });
    expect(disputed).to.include({ status: 'disputed' });
    expect(disputed.nextAction).to.include({ who: 'staff', ifLate: 'lead_told' });
    await ok(author.post(`/help-requests/${asked.id}/settle`, { outcome: 'completed' }), 403);
    expect(await move(desk, asked.id, 'settle', { outcome: 'completed' })).to.include({
      status: 'completed',
    });
    expect(await told(app, helper, asked.id)).to.include('question_raised');
    await move(author, asked.id, 'thanks', { text: 'All is well now' });
    await ok(author.post(`/help-requests/${asked.id}/thanks`, { text: 'Again' }), 409);
  });

  it('never lets staff decide about their own affairs', async function () {
    this.timeout(60_000);
    const colleague = await home.staff();
    const asked = await ask(colleague, reviewedNeed(app));
    expect(codeOf(await ok(colleague.post(`/help-requests/${asked.id}/approve`), 403))).to.equal(
      'party-may-not-decide',
    );
    const queue = (await ok(colleague.get('/review-queue'), 200)).body as Page<{ request: { id: string } }>;
    expect(queue.items.map(({ request }) => request.id)).to.not.include(asked.id);
    expect(await move(desk, asked.id, 'approve')).to.include({ status: 'open' });
  });

  it('is written by staff for somebody without a phone, with a record of who wrote it', async function () {
    this.timeout(60_000);
    const asked = await ask(desk, need(app, { beneficiaryId: author.accountId }));
    const own = await read(author, asked.id);
    expect(own.relation).to.include('beneficiary');
    expect(own.visit).to.include({ door: author.door });
    const proxy = await read(desk, asked.id);
    expect(proxy.relation).to.include('proxy').and.not.include('staff');
    expect(proxy).to.not.have.property('visit');
    expect(proxy.authorName).to.equal('Aygul');
    await ok(author.post('/help-requests', need(app, { beneficiaryId: desk.accountId })), 403);
    await ok(desk.post('/help-requests', need(app, { beneficiaryId: 'nobody' })), 422);
  });

  it('goes on the list of the unmet when the centre gives up, and can be tried again', async () => {
    const asked = await ask(author, need(app));
    expect(await move(desk, asked.id, 'take-over')).to.include({ status: 'open' });
    const inHand = await read(desk, asked.id);
    expect(inHand.needsPerson).to.include({ reason: 'no_helper' });
    expect(inHand.needsPerson?.takenOverAt).to.equal(app.clock.now().toISOString());
    expect(inHand.allowed).to.not.include('takeOverHelpRequest');
    await ok(desk.post(`/help-requests/${asked.id}/take-over`), 409);
    const unmet = await move(desk, asked.id, 'give-up', { note: 'Nobody drives at that hour' });
    expect(unmet).to.include({ status: 'unmet', closingReason: 'no_helper_found' });
    expect(unmet.nextAction).to.include({ who: 'staff', ifLate: 'stays_on_unmet_list' });
    expect(await move(author, asked.id, 'reopen')).to.include({
      status: 'pending_review',
      closingReason: null,
    });
    app.clock.advance(DAY);
  });
});
