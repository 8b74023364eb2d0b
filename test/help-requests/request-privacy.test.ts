import { expect } from 'chai';
import type { HelpRequestView, Page } from '../../src/shared/api-types.ts';
import { ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import type { PersonClient } from '../support/person-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import {
  accept,
  ask,
  backAtDesk,
  DAY,
  HOUR,
  MINUTE,
  move,
  need,
  offerOf,
  read,
  stepUp,
  task,
  told,
  wait,
} from './request-api.ts';

const MARKS = {
  door: 'canary-door-q7',
  phone: '13900007777',
  contactName: 'canary-contact-q7',
  notes: 'canary-notes-q7',
};
const PRIVATE = Object.values(MARKS);

describe('door, phone, contact and notes', () => {
  let app: TestApp;
  let home: TestCommunity;
  let elsewhere: TestCommunity;
  let people: Record<
    'author' | 'asked' | 'helper' | 'willing' | 'neighbour' | 'staff' | 'foreignStaff',
    TestPerson
  >;
  let asked: HelpRequestView;

  before(async function () {
    this.timeout(120_000);
    app = await startTestApp();
    home = await app.given.community();
    elsewhere = await app.given.community();
    people = {
      author: await home.resident({ displayName: 'Author Canary Name', building: 6 }),
      helper: await home.volunteer(),
      asked: await home.volunteer(),
      willing: await home.volunteer({ skills: [], onDuty: false }),
      neighbour: await home.resident(),
      staff: home.administrator,
      foreignStaff: elsewhere.administrator,
    };
    asked = await ask(people.author, need(app, { visit: MARKS }));
    await app.house.relay.idle();
  });
  after(async () => await app.stop());

  /** Everything that can be read about one request. */
  const paths = (id: string): string[] => [
    `/help-requests/${id}`,
    `/help-requests/${id}/timeline`,
    `/help-requests/${id}/access-log`,
    `/help-requests/${id}/candidates`,
    '/help-requests?view=board',
    '/help-requests?view=mine',
    '/help-requests?view=staff',
    '/review-queue',
    '/matches',
    '/assignments',
    '/notifications',
    '/me/helper-profile',
    '/deliveries',
    '/community',
  ];

  async function everythingReadBy(person: PersonClient): Promise<string> {
    const texts: string[] = [];
    for (const path of paths(asked.id)) {
      const answer = await person.get(path);
      expect(answer.status, path).to.be.oneOf([200, 401, 403, 404]);
      texts.push(answer.text);
    }
    return texts.join('\n');
  }

  function expectNoMark(text: string, who: string): void {
    for (const mark of PRIVATE) expect(text.includes(mark), `${mark} for ${who}`).to.equal(false);
  }

  it('are nowhere for anybody but the person themselves before acceptance', async function () {
    this.timeout(60_000);
    for (const [who, person] of Object.entries(people)) {
      const text = await everythingReadBy(person);
      if (who !== 'author') expectNoMark(text, who);
    }
    expectNoMark(await everythingReadBy(home.stranger()), 'stranger');
    const own = await read(people.author, asked.id);
    expect(own.visit).to.deep.equal(MARKS);
  });

  it('do not exist for another community, and neither does the request', async () => {
    for (const path of [
      `/help-requests/${asked.id}`,
      `/help-requests/${asked.id}/timeline`,
      `/help-requests/${asked.id}/candidates`,
    ]) {
      await ok(people.foreignStaff.get(path), 404);
    }
    await ok(people.foreignStaff.post(`/help-requests/${asked.id}/reveal`, { purpose: 'Curious' }), 404);
    await ok(people.foreignStaff.post(`/help-requests/${asked.id}/approve`), 404);
  });

  it('lie in the store as cipher text only', async () => {
    const stored = await app.storage.connection
      .collection<{ _id: string }>('helpRequests')
      .findOne({ _id: asked.id });
    expect(stored).to.not.equal(null);
    expectNoMark(JSON.stringify(stored), 'the store');
  });

  it('are not in a wave, a match or the outbox', async () => {
    for (const name of ['matches', 'matchRuns', 'notifications', 'helperLoads', 'timelineEntries']) {
      const all = await app.storage.connection.collection(name).find({}).toArray();
      expectNoMark(JSON.stringify(all), name);
    }
  });

  it('keep a home out of the place: a building with few households is never named to others', async () => {
    const card = (
      (await ok(people.neighbour.get('/help-requests?view=board'), 200)).body as Page<HelpRequestView>
    ).items[0]!;
    expect(card.place.kind).to.not.equal('building');
    expect(JSON.stringify(card)).to.not.contain('Author Canary Name');
    const offer = await offerOf(people.asked, asked.id);
    expect(JSON.stringify(offer)).to.not.contain('Author Canary Name');
  });

  it('open for the accepted helper by reveal only; the log is written and told first', async function () {
    this.timeout(60_000);
    const { helper, author, asked: other, staff } = people;
    const assignment = await accept(helper, asked.id);
    expectNoMark(await everythingReadBy(helper), 'accepted helper before the reveal');
    expect((await ok(helper.get(`/help-requests/${asked.id}`), 200)).body).to.include({
      authorName: 'Author Canary Name',
    });
    await ok(other.post(`/assignments/${assignment.id}/reveal`), 404);
    await ok(author.post(`/assignments/${assignment.id}/reveal`), 404);
    await ok(staff.post(`/assignments/${assignment.id}/reveal`), 404);
    await stepUp(helper);
    const shown = await ok(helper.post(`/assignments/${assignment.id}/reveal`), 200);
    expect(shown.body).to.deep.equal(MARKS);
    expect(shown.headers['cache-control']).to.contain('no-store');
    const log = (await ok(author.get(`/help-requests/${asked.id}/access-log`), 200)).body as Page<{
      readerRole: string;
      fields: string[];
    }>;
    expect(log.items).to.have.length(1);
    expect(log.items[0]).to.deep.include({
      readerRole: 'helper',
      fields: ['door', 'phone', 'contactName', 'notes'],
    });
    await ok(helper.get(`/help-requests/${asked.id}/access-log`), 403);
    expectNoMark(await everythingReadBy(other), 'the helper who was slower');
  });

  it('are shown to staff with a purpose only, and the purpose is in the log', async function () {
    this.timeout(60_000);
    const { staff, author, neighbour } = people;
    await ok(staff.post(`/help-requests/${asked.id}/reveal`, {}), 422);
    await ok(neighbour.post(`/help-requests/${asked.id}/reveal`, { purpose: 'Curious' }), 403);
    const shown = await ok(
      staff.post(`/help-requests/${asked.id}/reveal`, { purpose: 'She does not pick up' }),
      200,
    );
    expect(shown.body).to.deep.equal(MARKS);
    const log = (await ok(author.get(`/help-requests/${asked.id}/access-log`), 200)).body as Page<{
      readerRole: string;
      purpose: string | null;
    }>;
    expect(log.items[0]).to.include({ readerRole: 'staff', purpose: 'She does not pick up' });
  });

  it('are not shown when the log cannot be written', async function () {
    this.timeout(60_000);
    const { staff } = people;
    const log = app.storage.connection.collection('accessLog');
    const before = await log.countDocuments({});
    const refused = app.storage.connection.model('accessLog');
    const insertMany = refused.insertMany;
    refused.insertMany = (async () => await Promise.reject(new Error('disk full'))) as never;
    try {
      const answer = await staff.post(`/help-requests/${asked.id}/reveal`, {
        purpose: 'Still does not pick up',
      });
      expect(answer.status).to.be.at.least(500);
      expectNoMark(answer.text, 'staff without a log');
    } finally {
      refused.insertMany = insertMany;
    }
    expect(await log.countDocuments({})).to.equal(before);
  });

  it('close a day after it is done, and at once for somebody who leaves', async function () {
    this.timeout(60_000);
    const { helper, asked: second, author } = people;
    const [mine] = ((await ok(helper.get('/assignments?active=true'), 200)).body as Page<{ id: string }>)
      .items;
    await task(helper, mine!.id, 'check-in');
    await task(helper, mine!.id, 'complete');
    app.clock.advance(DAY - MINUTE);
    await stepUp(helper);
    await ok(helper.post(`/assignments/${mine!.id}/reveal`), 200);
    await wait(app, MINUTE);
    await ok(helper.post(`/assignments/${mine!.id}/reveal`), 403);
    await move(author, asked.id, 'confirm');

    app.clock.advance(HOUR);
    const again = await ask(author, need(app, { visit: MARKS }));
    const stepped = (await ok(second.post(`/help-requests/${again.id}/volunteer`), 200)).body as {
      id: string;
    };
    await stepUp(second);
    await ok(second.post(`/assignments/${stepped.id}/reveal`), 200);
    await task(second, stepped.id, 'withdraw');
    await ok(second.post(`/assignments/${stepped.id}/reveal`), 403);
    expectNoMark((await second.get(`/assignments/${stepped.id}`)).text, 'somebody who left');
  });

  it('are kept from a suspended helper at once, who still reads their own affairs', async function () {
    this.timeout(60_000);
    const { author, willing } = people;
    const boss = await backAtDesk(app, home, people.staff);
    const again = await ask(author, need(app, { visit: MARKS, skillIds: [] }));
    const stepped = (await ok(willing.post(`/help-requests/${again.id}/volunteer`), 200)).body as {
      id: string;
    };
    await ok(boss.post(`/accounts/${willing.accountId}/suspend`, {}), 200);
    // Their sessions have ended; they may sign in and read, no more.
    const { signInName, passphrase } = willing;
    await ok(willing.post('/session', { signInName, passphrase, community: home.community.slug }), 201);
    await ok(willing.post(`/assignments/${stepped.id}/reveal`), 403);
    await ok(willing.get(`/assignments/${stepped.id}`), 200);
    await ok(willing.get('/help-requests?view=board'), 403);
    await ok(willing.get('/help-requests?view=mine'), 200);
  });

  it('never reach a log', () =>
    expectNoMark(app.logs.filter((line) => !line.includes('disk full')).join('\n'), 'the log'));
});

describe('what looks private in a text', () => {
  let app: TestApp;
  let author: TestPerson;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
    author = await app.given.resident();
  });
  after(async () => await app.stop());

  it('is pointed out in the preview, keeps the request from going live unseen, and shows nobody anything yet', async () => {
    const input = need(app, { text: 'Ring 13912345678 at 3单元502室' });
    const preview = (await ok(author.post('/help-requests/preview', input), 200)).body as {
      warnings: { field: string; kind: string }[];
      goesLiveAtOnce: boolean;
      reviewDueAt: string | null;
    };
    expect(preview.warnings.map(({ field, kind }) => `${field}:${kind}`)).to.deep.equal([
      'text:phone',
      'text:door',
    ]);
    expect(preview.goesLiveAtOnce).to.equal(false);
    expect(preview.reviewDueAt).to.be.a('string');
    expect(
      ((await ok(author.get('/help-requests?view=mine'), 200)).body as Page<unknown>).items,
    ).to.deep.equal([]);
    expect(await ask(author, input)).to.include({ status: 'pending_review' });
  });

  it('does not hold up what is critical', async () => {
    const critical = await ask(
      author,
      need(app, { urgency: 'critical', when: { asap: true, windows: [] }, text: 'Ring 13912345678' }),
    );
    expect(critical).to.include({ status: 'open' });
    expect(critical.needsPerson).to.include({ reason: 'no_helper' });
    expect(await told(app, await app.given.administrator(), critical.id)).to.include.members([
      'critical_request',
      'needs_person',
    ]);
  });

  it('names every bad field of an input', async () => {
    const bad = {
      ...need(app),
      kindId: 'nonsense',
      skillIds: ['nonsense'],
      when: { asap: false, windows: [] },
      buildingId: 'nowhere',
    };
    const answer = await ok(author.post('/help-requests', bad), 422);
    const pointers = (answer.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    expect(pointers).to.deep.equal(['/buildingId']);
    const { buildingId: _, ...better } = bad;
    const second = await ok(author.post('/help-requests', better), 422);
    expect(
      (second.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer),
    ).to.deep.equal(['/kindId', '/skillIds/0', '/when/windows']);
  });
});
