import { expect } from 'chai';
import type { Language } from '../../src/shared/vocabulary.ts';
import type { TestPerson } from '../support/people.ts';
import {
  acceptOffer,
  arrivesAt,
  button,
  link,
  reads,
  readRequest,
  requestsOf,
  signIn,
  type Wanted,
  writeRequest,
} from './acts.ts';
import { AT_DESK, type Neighbour, type Neighbourhood, openNeighbourhood } from './neighbourhood.ts';

interface Reading {
  readonly language: Language;
  readonly mode: 'normal' | 'elder';
  readonly dir: 'ltr' | 'rtl';
  readonly helperName: string;
  readonly wanted: Wanted;
}

const READINGS: readonly Reading[] = [
  {
    language: 'zh-CN',
    mode: 'normal',
    dir: 'ltr',
    helperName: '古丽',
    wanted: { kindId: 'something-else', title: '帮我把柜子挪一下', text: '柜子很重，需要两个人抬。' },
  },
  {
    language: 'ug',
    mode: 'normal',
    dir: 'rtl',
    helperName: 'ئايگۈل',
    wanted: { kindId: 'something-else', title: 'ئىشكاپنى يۆتكەپ بېرىڭ', text: 'ئىشكاپ بەك ئېغىر.' },
  },
  {
    language: 'en',
    mode: 'elder',
    dir: 'ltr',
    helperName: 'Aygul',
    wanted: { kindId: 'something-else', title: 'Help me move a cupboard', text: 'It is a heavy one.' },
  },
];

describe('the whole life of a request, three people at three screens', function () {
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

  for (const reading of READINGS) {
    const { language, mode, helperName, wanted } = reading;
    it(`goes from the wish to the thanks in ${language}, ${mode} view`, async () => {
      const { given } = hood.app;
      const author = await given.resident({ language, mode, building: 2 });
      const helper = await given.volunteer({ language, displayName: helperName });
      const staff = await given.staff({ language });
      const resident = await hood.seat(null, { language, mode });
      const volunteer = await hood.seat(helper, { language, path: '/' });
      const desk = await hood.seat(staff, { language, path: '/staff/review', ...AT_DESK });
      await arrivesAt(desk, desk.t('staff.nav.review'));
      await markPage(volunteer);
      await markPage(desk);

      await signIn(resident, author);
      await readsAs(resident, reading);
      await writeRequest(resident, wanted);
      await resident.picture(`journey-check-${language}-${mode}`);
      await button(resident, resident.t('ask.check.send')).click();
      await arrivesAt(resident, resident.t('ask.done.title'));
      const [asked] = await requestsOf(author);
      const id = asked?.id ?? '';
      expect(asked?.status).to.equal('pending_review');
      await reads(
        resident,
        resident.t('ask.done.number', { number: String(asked?.shortNumber ?? 0).padStart(4, '0') }),
      );
      await link(resident, resident.t('ask.done.see')).click();
      await resident.page.waitForURL(/\/r\//);
      await reads(resident, resident.t('request.now.author.pending_review'));
      expect((await helper.get(`/help-requests/${id}`)).status, 'unseen before approval').to.equal(404);

      await hood.settle();
      await approve(desk, asked?.shortNumber ?? 0);
      await hood.settle();
      await reads(resident, resident.t('request.now.author.matching'));

      await takeOffer(volunteer, wanted.title);
      await meet({ hood, resident, volunteer, author, helper, helperName, requestId: id });
      await finish({ hood, resident, volunteer });

      expect((await readRequest(author, id)).status).to.equal('completed');
      await staysOnPage(volunteer);
      await staysOnPage(desk);
      await helper.put('/me/duty', { onDuty: false });
    });
  }
});

/** Staff find it in the queue without having asked for it, and approve. */
async function approve(desk: Neighbour, shortNumber: number): Promise<void> {
  const approved = desk.t('staff.review.approve');
  await button(desk, approved).click();
  const number = String(shortNumber).padStart(4, '0');
  await reads(desk, desk.t('staff.review.approved', { number }));
}

/** The offer comes to the open screen by itself; the volunteer looks at it and goes. */
async function takeOffer(volunteer: Neighbour, title: string): Promise<void> {
  const { t } = volunteer;
  await reads(volunteer, t('shell.notice.offer'));
  await link(volunteer, t('shell.notice.see')).click();
  await arrivesAt(volunteer, title);
  await reads(volunteer, t('mine.offer.locked'));
  await volunteer.picture(`journey-offer-${volunteer.language}`);
  await acceptOffer(volunteer);
  await volunteer.page.waitForURL(/\/t\//);
}

interface Meeting {
  readonly hood: Neighbourhood;
  readonly resident: Neighbour;
  readonly volunteer: Neighbour;
  readonly author: TestPerson;
  readonly helper: TestPerson;
  readonly helperName: string;
  readonly requestId: string;
}

/** Both see the same word; the door is shown to the helper, and the author sees that it was. */
async function meet({
  hood,
  resident,
  volunteer,
  author,
  helper,
  helperName,
  requestId,
}: Meeting): Promise<void> {
  await hood.settle();
  await reads(resident, resident.t('request.now.author.assigned', { name: helperName }));
  const { codeWord = '' } = await readRequest(author, requestId);
  expect(codeWord).to.not.equal('');
  await reads(resident, codeWord);
  await reads(volunteer, codeWord);
  expect(await volunteer.page.getByText(author.door).count(), 'hidden until revealed').to.equal(0);
  await button(volunteer, volunteer.t('mine.task.reveal')).click();
  await reads(volunteer, author.door);
  await reads(volunteer, author.phone);
  const log = await author.get(`/help-requests/${requestId}/access-log`);
  expect((log.body as { items: unknown[] }).items).to.have.length(1);
  await hood.settle();

  await button(volunteer, volunteer.t('mine.task.checkIn')).click();
  await reads(volunteer, volunteer.t('mine.task.atWork'));
  await hood.settle();
  expect((await readRequest(author, requestId)).status).to.equal('in_progress');
  await reads(resident, resident.t('request.now.author.in_progress', { name: helperName }));
  expect((await readRequest(helper, requestId)).visit, 'the helper has it by reveal only').to.equal(
    undefined,
  );
}

/** The helper is finished, the author confirms and says thank you, the helper reads it. */
async function finish({
  hood,
  resident,
  volunteer,
}: Pick<Meeting, 'hood' | 'resident' | 'volunteer'>): Promise<void> {
  await button(volunteer, volunteer.t('mine.task.complete')).click();
  await reads(volunteer, volunteer.t('mine.task.state.done'));
  await hood.settle();
  await button(resident, resident.t('request.confirm.yes')).click();
  await button(resident, resident.t('request.thanks.send')).click();
  await reads(resident, resident.t('request.thanks.sent'));
  await resident.picture(`journey-thanks-${resident.language}`);
  await hood.settle();
  await reads(volunteer, volunteer.t('request.thanks.got'));
  await reads(volunteer, resident.t('request.thanks.default'));
}

async function readsAs({ page }: Neighbour, { language, mode, dir }: Reading): Promise<void> {
  const html = page.locator('html');
  expect(await html.getAttribute('lang')).to.equal(language);
  expect(await html.getAttribute('dir')).to.equal(dir);
  expect(await html.getAttribute('data-mode')).to.equal(mode);
}

/** A mark that a reload would wipe off. */
async function markPage({ page }: Neighbour): Promise<void> {
  await page.evaluate('globalThis.stayed = true');
}

async function staysOnPage({ page }: Neighbour): Promise<void> {
  expect(await page.evaluate('globalThis.stayed'), 'no reload').to.equal(true);
}
