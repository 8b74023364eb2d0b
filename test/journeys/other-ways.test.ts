import { expect } from 'chai';
import type { MatchView, Page } from '../../src/shared/api-types.ts';
import { ok, type TestPerson } from '../support/people.ts';
import { acceptOffer, arrivesAt, button, givenRequest, link, reads, readRequest } from './acts.ts';
import { AT_DESK, type Neighbour, type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

const MINUTE = 60_000;

describe('a request that takes another way', function () {
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

  it('is returned with a reason, mended by its author, and approved', async () => {
    const court = await hood.app.given.community();
    const author = await court.resident();
    const staff = await court.staff();
    const { id, shortNumber } = await givenRequest(author, {
      kindId: 'something-else',
      title: 'Some help',
      text: '',
    });
    const resident = await hood.seat(author, { path: `/r/${id}` });
    const desk = await hood.seat(staff, { path: `/staff/review?request=${id}`, ...AT_DESK });
    await reads(resident, resident.t('request.now.author.pending_review'));

    await desk.page.getByLabel(desk.t('words.review.needs_more_detail')).check();
    await desk.page.getByLabel(desk.t('staff.review.note')).fill('Which room, and how heavy?');
    await button(desk, desk.t('staff.review.return')).click();
    const number = String(shortNumber).padStart(4, '0');
    await reads(desk, desk.t('staff.review.returned', { number }));
    await hood.settle();

    const reason = resident.t('words.review.needs_more_detail');
    await reads(resident, resident.t('request.reason', { words: reason }));
    await reads(resident, 'Which room, and how heavy?');
    await link(resident, resident.t('request.edit.open')).click();
    await resident.page.getByLabel(resident.t('ask.details.titleLabel')).fill('Carry a table to the yard');
    await resident.page.getByLabel(resident.t('ask.details.text')).fill('From the kitchen, 20 kg.');
    await button(resident, resident.t('request.edit.send')).click();
    await reads(resident, resident.t('request.now.author.pending_review'));
    await hood.settle();

    await reads(desk, 'Carry a table to the yard');
    await button(desk, desk.t('staff.review.approve')).click();
    await reads(desk, desk.t('staff.review.approved', { number }));
    const mended = await readRequest(author, id);
    expect(mended.status).to.be.oneOf(['open', 'matching']);
    expect(mended.title).to.equal('Carry a table to the yard');
  });

  it('that nobody answers needs a person: staff and author see it by themselves', async () => {
    const court = await hood.app.given.community();
    const author = await court.resident();
    const silent = await court.volunteer();
    const staff = await court.staff();
    const { id } = await givenRequest(author, { title: 'A bag of rice' });
    await hood.settle();
    const resident = await hood.seat(author, { path: `/r/${id}` });
    const desk = await hood.seat(staff, { path: '/staff/requests', ...AT_DESK });
    await reads(desk, 'A bag of rice');
    await reads(desk, desk.t('staff.requests.subNone'));
    expect(await openOffers(silent)).to.have.length(1);

    // One silent helper: the wave's wait passes, and there is nobody left to ask.
    await hood.pass(12 * MINUTE);
    await hood.pass(MINUTE);

    expect((await readRequest(staff, id)).needsPerson?.reason).to.equal('no_helper');
    expect(await openOffers(silent)).to.have.length(0);
    await reads(desk, desk.t('staff.requests.sub', { n: 1 }));
    await reads(desk, desk.t('words.needsPerson.no_helper'));
    const why = resident.t('words.needsPerson.no_helper');
    await reads(resident, resident.t('request.personNeeded', { words: why }));
    await desk.picture('journey-needs-person');
  });

  it('whose helper hands it back goes to the next helper', async () => {
    const court = await hood.app.given.community();
    const author = await court.resident();
    const first = await court.volunteer({ displayName: 'Aygul' });
    const second = await court.volunteer({ displayName: 'Li Wei', onDuty: false });
    const { id } = await givenRequest(author, { title: 'Medicine from the pharmacy' });
    await hood.settle();
    const resident = await hood.seat(author, { path: `/r/${id}` });
    const one = await hood.seat(first, { path: '/me' });
    const other = await hood.seat(second, { path: '/me' });
    await acceptOffer(one);
    await one.page.waitForURL(/\/t\//);
    await hood.settle();
    await reads(resident, resident.t('request.now.author.assigned', { name: 'Aygul' }));

    await ok(second.put('/me/duty', { onDuty: true }), 200);
    await button(one, one.t('mine.task.stuck'))
      .or(one.page.getByText(one.t('mine.task.stuck')))
      .first()
      .click();
    await arrivesAt(one, one.t('mine.task.stuckTitle'));
    await button(one, one.t('mine.task.handBack')).click();
    await reads(one, one.t('mine.task.state.withdrawn'));
    await hood.settle();
    await hood.pass(10_000);

    await arrivesAt(other, 'Medicine from the pharmacy');
    await acceptOffer(other);
    await other.page.waitForURL(/\/t\//);
    await hood.settle();
    await reads(resident, resident.t('request.now.author.assigned', { name: 'Li Wei' }));
    expect((await readRequest(author, id)).helpers?.map(({ displayName }) => displayName)).to.deep.equal([
      'Li Wei',
    ]);
  });

  it('that two accept at the same moment is one’s task, and the other reads that somebody was faster', async () => {
    const court = await hood.app.given.community();
    const author = await court.resident();
    const helpers = [await court.volunteer(), await court.volunteer()];
    const { id } = await givenRequest(author, { title: 'Eggs, a dozen' });
    await hood.settle();
    const screens = await Promise.all(
      helpers.map(async (helper) => await hood.seat(helper, { path: '/me' })),
    );
    await Promise.all(screens.map(async (screen) => await arrivesAt(screen, 'Eggs, a dozen')));

    await Promise.all(screens.map(acceptOffer));
    const ends = await Promise.all(screens.map(endOf));
    expect(ends.sort()).to.deep.equal(['faster', 'goes']);
    const request = await readRequest(author, id);
    expect(request.status).to.equal('assigned');
    expect(request.helpersFound).to.equal(1);
  });
});

async function openOffers(who: TestPerson): Promise<MatchView[]> {
  return ((await ok(who.get('/matches?open=true'), 200)).body as Page<MatchView>).items;
}

/** What the screen of somebody who pressed "accept" ends with. */
async function endOf({ page, t }: Neighbour): Promise<'goes' | 'faster'> {
  const goes = page.getByRole('button', { name: t('mine.task.checkIn'), exact: true });
  const faster = page.getByText(t('mine.taken.title'));
  await goes.or(faster).first().waitFor();
  return (await goes.count()) > 0 ? 'goes' : 'faster';
}
