import { expect } from 'chai';
import type { AccountListItem, CommunityView, Page, SessionView } from '../../src/shared/api-types.ts';
import { accept, ask, move, reviewedNeed, task } from '../help-requests/request-api.ts';
import { ok, PASSPHRASE, type TestCommunity, type TestPerson } from '../support/people.ts';
import { arrivesAt, button, givenRequest, link, reads, readRequest } from './acts.ts';
import { AT_DESK, type Neighbour, type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

describe('what staff do at the desk', function () {
  this.timeout(60_000);
  let hood: Neighbourhood;
  let court: TestCommunity;
  let author: TestPerson;
  let staff: TestPerson;

  before(async () => {
    hood = await openNeighbourhood();
    court = await hood.app.given.community();
    author = await court.resident({ displayName: 'Patigül' });
    staff = await court.staff({ displayName: 'Rena' });
  });
  after(async () => {
    await hood.close();
  });
  afterEach(async function () {
    await hood.leave(this.currentTest);
  });

  const atDesk = async (path: string, who: TestPerson = staff): Promise<Neighbour> =>
    await hood.seat(who, { path, ...AT_DESK });

  it('returns a request with a reason, rejects another, and the authors read why', async () => {
    const returned = await ask(author, reviewedNeed(hood.app, { title: 'A ride somewhere' }));
    const rejected = await ask(author, reviewedNeed(hood.app, { title: 'A ride to the casino' }));
    const desk = await atDesk(`/staff/review?request=${returned.id}`);
    const { page, t } = desk;
    await button(desk, t('staff.review.return')).click();
    await reads(desk, t('staff.review.reasonMissing'));
    await page.getByLabel(t('words.review.needs_more_detail')).check();
    await button(desk, t('staff.review.return')).click();
    await reads(desk, t('staff.review.returned', { number: numberOf(returned) }));

    await page.getByRole('link', { name: 'A ride to the casino' }).click();
    await page.getByLabel(t('words.review.not_for_neighbours')).check();
    await button(desk, t('staff.review.reject')).click();
    await reads(desk, t('staff.review.rejected', { number: numberOf(rejected) }));

    expect((await readRequest(author, returned.id)).status).to.equal('returned');
    const resident = await hood.seat(author, { path: `/r/${rejected.id}` });
    await reads(
      resident,
      resident.t('request.reason', { words: resident.t('words.review.not_for_neighbours') }),
    );
  });

  it('records that nobody was found, and cancels with a reason', async () => {
    const [rice, flour] = [
      await givenRequest(author, { title: 'Rice' }),
      await givenRequest(author, { title: 'Flour' }),
    ];
    const desk = await atDesk(`/staff/requests/${rice.id}`);
    const { page, t } = desk;
    await button(desk, t('staff.act.giveUp')).click();
    const asked = page.getByRole('dialog');
    await asked.getByRole('button', { name: t('staff.act.giveUp'), exact: true }).click();
    await reads(desk, t('staff.people.reasonMissing'));
    await asked.getByLabel(t('staff.act.giveUpNote')).fill('Nobody sells it today');
    await asked.getByRole('button', { name: t('staff.act.giveUp'), exact: true }).click();
    await asked.waitFor({ state: 'detached' });
    expect((await readRequest(author, rice.id)).status).to.equal('unmet');

    await page.goto(`/staff/requests/${flour.id}`);
    await button(desk, t('staff.act.cancel')).click();
    await page.getByLabel(t('staff.act.cancelReason')).selectOption('solved_elsewhere');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('staff.act.cancel'), exact: true })
      .click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await readRequest(author, flour.id)).to.include({
      status: 'cancelled',
      closingReason: 'solved_elsewhere',
    });
  });

  it('settles a dispute between two neighbours', async () => {
    const helper = await court.volunteer({ displayName: 'Alim' });
    const { id } = await givenRequest(author, { title: 'Carry a cupboard' });
    await hood.settle();
    const assignment = await accept(helper, id);
    await task(helper, assignment.id, 'check-in');
    await task(helper, assignment.id, 'complete');
    await hood.settle();
    await move(author, id, 'dispute', { note: 'It stands in the wrong room' });
    const desk = await atDesk(`/staff/requests/${id}`);
    const { page, t } = desk;
    await button(desk, t('staff.act.settle')).click();
    await page.getByLabel(t('staff.act.settleCompleted')).check();
    await page.getByLabel(t('staff.act.settleNote')).fill('They moved it together');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('staff.act.settleCompleted'), exact: true })
      .click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await ok(helper.put('/me/duty', { onDuty: false }), 200);
    expect((await readRequest(author, id)).status).to.equal('completed');
  });

  it('suspends and restores a person, and an administrator makes somebody staff', async () => {
    const guest = await court.resident({ displayName: 'Tursun' });
    const desk = await atDesk('/staff/people?show=active', court.administrator);
    const { page, t } = desk;
    await button(desk, `${t('staff.people.suspend')}: Tursun`).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(t('staff.people.reason')).fill('Rude words at the door');
    await dialog.getByRole('button', { name: t('staff.people.suspend'), exact: true }).click();
    await reads(desk, t('staff.people.suspendedDone', { name: 'Tursun' }));
    expect((await guest.get('/me')).status, 'the session has ended').to.equal(401);

    await button(desk, t('staff.people.suspended')).click();
    await reads(desk, t('staff.people.why', { reason: 'Rude words at the door' }));
    await button(desk, `${t('staff.people.restore')}: Tursun`).click();
    await dialog.getByRole('button', { name: t('staff.people.restore'), exact: true }).click();
    await reads(desk, t('staff.people.restoredDone', { name: 'Tursun' }));

    await button(desk, t('staff.people.active')).click();
    await button(desk, `${t('staff.people.makeStaff')}: Tursun`).click();
    await dialog.getByRole('button', { name: t('staff.people.makeStaff'), exact: true }).click();
    await reads(desk, t('staff.people.rolesDone', { name: 'Tursun' }));
    const again = await ok(
      guest.post('/session', {
        signInName: guest.signInName,
        passphrase: PASSPHRASE,
        community: court.community.slug,
      }),
      201,
    );
    expect((again.body as SessionView).account.roles).to.include('staff');
  });

  it('writes down a neighbour without an account, asks for her, rings her and records the call', async () => {
    const desk = await atDesk('/staff/people/new');
    const { page, t } = desk;
    await page.getByLabel(t('staff.people.writeName')).fill('Grandmother Hu');
    await page.getByLabel(t('staff.people.writePhone')).fill('0903 2512399');
    await page.getByLabel(t('staff.people.writeBuilding')).selectOption({ label: 'Building 2' });
    await page.getByLabel(t('staff.people.writeDoor')).fill('entrance 2, door 301');
    await button(desk, t('staff.people.writeSave')).click();
    await reads(desk, t('staff.people.written', { name: 'Grandmother Hu' }));
    expect(await page.getByText('door 301').count(), 'nothing private stays').to.equal(0);

    await button(desk, t('staff.people.askFor')).click();
    await reads(desk, t('ask.for.name', { name: 'Grandmother Hu' }));
    const card = { kindId: 'shopping', title: 'Eggs for Grandmother', text: '' };
    await page.getByRole('radio', { name: 'Shopping' }).click();
    await button(desk, t('ask.next')).click();
    await page.getByLabel(t('ask.details.titleLabel')).fill(card.title);
    await button(desk, t('ask.next')).click();
    await reads(desk, t('ask.for.saved'));
    await page.getByText(t('ask.when.asap'), { exact: true }).click();
    await button(desk, t('ask.next')).click();
    await button(desk, t('ask.check.send')).click();
    await arrivesAt(desk, t('ask.done.title'));
    await hood.settle();

    await page.goto('/staff/calls');
    const told = page.getByRole('button', { name: t('staff.calls.toldTo', { name: 'Grandmother Hu' }) });
    await told.first().waitFor();
    const toMake = await told.count();
    await link(desk, t('staff.calls.request')).first().waitFor();
    for (let left = toMake; left > 0; left -= 1) {
      await told.first().click();
      await page.getByRole('table', { name: t('staff.calls.done') }).waitFor();
      await told.nth(left - 1).waitFor({ state: 'detached' });
    }
    const open = (await ok(staff.get('/deliveries?state=open'), 200)).body as Page<{ recipientName: string }>;
    expect(open.items.map(({ recipientName }) => recipientName)).to.not.include('Grandmother Hu');
    const people = (await ok(staff.get('/accounts?phoneOnly=true'), 200)).body as Page<AccountListItem>;
    expect(people.items.map(({ displayName }) => displayName)).to.deep.equal(['Grandmother Hu']);
  });

  it('changes the community; two at once lose nothing that either typed', async () => {
    const desk = await atDesk('/staff/community', court.administrator);
    const { page, t } = desk;
    await page.getByLabel(t('setup.community.phone')).fill('0903 2500002');
    // Left and come back to: what was typed is still there.
    await page.getByRole('link', { name: t('staff.nav.requests') }).click();
    await arrivesAt(desk, t('staff.requests.title'));
    await page.getByRole('link', { name: t('staff.nav.community') }).click();
    await reads(desk, t('staff.community.unsaved'));
    expect(await page.getByLabel(t('setup.community.phone')).inputValue()).to.equal('0903 2500002');
    const {
      version,
      buildings: _,
      ...settings
    } = (await ok(court.administrator.get('/community/settings'), 200)).body as {
      version: number;
      buildings: unknown;
    };
    await ok(court.administrator.put('/community', { ...settings, holidays: ['2027-02-17'], version }), 200);
    await button(desk, t('staff.community.save')).click();
    await reads(desk, t('staff.community.meanwhile'));
    expect(await page.getByLabel(t('setup.community.phone')).inputValue()).to.equal('0903 2500002');
    expect(await page.getByLabel(t('setup.community.holidays')).inputValue()).to.equal('2027-02-17');
    await button(desk, t('staff.community.save')).click();
    await reads(desk, t('staff.community.saved'));
    const view = (await ok(author.get('/community'), 200)).body as CommunityView;
    expect(view.centrePhone).to.equal('0903 2500002');
    expect(view.holidays).to.deep.equal(['2027-02-17']);
    await reads(desk, '0903 2500002');
  });
});

describe('the first start', function () {
  this.timeout(60_000);
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

  it('takes the buildings from a map file and makes the community', async () => {
    const code = (await hood.app.house.setup.issueCode()) ?? '';
    const director = await hood.seat(null, { path: '/setup', ...AT_DESK });
    const { page, t } = director;
    await page.getByLabel(t('setup.admin.code')).fill(code);
    await page.getByLabel(t('setup.admin.displayName')).fill('The director');
    await page.getByLabel(t('setup.admin.signInName')).fill('director');
    await page.locator('#admin-passphrase').fill(PASSPHRASE);
    await button(director, t('setup.next')).click();
    await page.getByLabel(t('setup.community.nameEn')).fill('Apricot Court');
    await page.getByLabel(t('setup.community.slug')).fill('apricot-court');
    await page.getByLabel(t('setup.community.phone')).fill('0903 2512345');
    await button(director, t('setup.next')).click();
    await page.getByLabel(t('setup.buildings.file')).check();
    await page.locator('#buildings-file').setInputFiles({
      name: 'estate.geojson',
      mimeType: 'application/geo+json',
      buffer: Buffer.from(JSON.stringify(estate())),
    });
    await reads(director, t('setup.buildings.read', { n: 2, zones: 1 }));
    await button(director, t('setup.next')).click();
    await arrivesAt(director, t('setup.kinds.title'));
    // A step back keeps what the file held.
    await button(director, t('setup.back')).click();
    await reads(director, t('setup.buildings.read', { n: 2, zones: 1 }));
    await button(director, t('setup.next')).click();
    await button(director, t('setup.finish')).click();
    await page.waitForURL(/second-factor/);
    const view = (await ok(hood.app.newClient().get('/community'), 200)).body as CommunityView;
    expect(view.buildings.map(({ name, footprint }) => [name.en, footprint !== null])).to.deep.equal([
      ['Building 1', true],
      ['Building 2', true],
    ]);
    expect(view.zones.map(({ name }) => name.en)).to.deep.equal(['South']);
  });
});

function numberOf({ shortNumber }: { shortNumber: number }): string {
  return String(shortNumber).padStart(4, '0');
}

/** Two square buildings, as a surveyor's file holds them. */
function estate(): object {
  const square = (at: number): number[][][] => [
    [
      [at, 37.1],
      [at + 0.001, 37.1],
      [at + 0.001, 37.101],
      [at, 37.101],
      [at, 37.1],
    ],
  ];
  return {
    type: 'FeatureCollection',
    features: [1, 2].map((name) => ({
      type: 'Feature',
      properties: { name, households: 30, zone: 'South' },
      geometry: { type: 'Polygon', coordinates: square(79.9 + name / 100) },
    })),
  };
}
