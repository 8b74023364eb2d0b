import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createLogger } from '../../src/logger.ts';
import type {
  HelpRequestView,
  MatchView,
  MyAccountView,
  Page,
  VisitDetails,
} from '../../src/shared/api-types.ts';
import { ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import type { PersonClient } from '../support/person-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { leaksIn, marksIn, readEverything, sighting, type KnownIds, type Sighting } from './sweep.ts';

/** Of one visit: what only the author, and by reveal the accepted helper and staff with a purpose, may read. */
const VISIT = {
  'door of the visit': 'canary-gate-q7x',
  'phone of the visit': '13987650417',
  'contact of the visit': 'Canary Qiwan',
  'notes of the visit': 'canary-bell-is-broken',
} as const;
/** Saved with the account; never on any request here, because the visit has its own. */
const SAVED = {
  'saved door': 'canary-home-w3k',
  'saved phone': '13987650528',
  'saved contact': 'Canary Zeytun',
} as const;
/** Nobody's to read, ever. */
const SECRETS = { passphrase: 'seven green doors by the old canal' } as const;
const PRIVATE = { ...VISIT, ...SAVED, ...SECRETS };
const AUTHOR_NAME = { 'name of the author': 'Canary Author' } as const;

/** Operations in which the author meets their own private fields. */
const OWN_READING = new Set(['readMyAccount', 'readHelpRequest', 'listHelpRequests']);
/** Roles for whom the author is "a neighbour" until one of them has accepted. */
const STRANGERS = [
  'another resident',
  'asked volunteer',
  'other volunteer',
  'outsider',
  'stranger',
  'waiting',
  'suspended',
];

describe('a mark in every private field', function () {
  this.timeout(120_000);
  let app: TestApp;
  let court: TestCommunity;
  let author: TestPerson;
  let helper: TestPerson;
  let staff: TestPerson;
  let others: Record<string, PersonClient>;
  let request: HelpRequestView;
  let matchId = '';
  let assignmentId = '';
  const log: string[] = [];
  const events: { who: string; event: string }[] = [];

  before(async () => {
    const write = (line: string): boolean => log.push(line) > 0;
    app = await startTestApp({
      logger: createLogger('debug', { write } as never),
      clientDir: fileURLToPath(new URL('../../client/dist/', import.meta.url)),
    });
    court = await app.given.community();
    author = await court.resident({
      displayName: AUTHOR_NAME['name of the author'],
      door: SAVED['saved door'],
      phone: SAVED['saved phone'],
    });
    await saveContact(author);
    helper = await court.volunteer({ building: 2 });
    staff = await court.staff();
    const suspended = await court.resident({ building: 3 });
    await ok(court.administrator.post(`/accounts/${suspended.accountId}/suspend`, { note: 'A test.' }), 200);
    const elsewhere = await app.given.community();
    others = {
      'another resident': await court.resident({ building: 1 }),
      'asked volunteer': helper,
      'other volunteer': await court.volunteer({ onDuty: false }),
      staff,
      administrator: court.administrator,
      outsider: await elsewhere.resident(),
      'staff elsewhere': await elsewhere.staff(),
      stranger: court.stranger(),
      waiting: await court.resident({ waiting: true }),
      suspended,
    };
    for (const [who, client] of Object.entries({ ...others, author })) {
      const socket = client.socket();
      socket.onAny((name: string, ...payload: unknown[]) => {
        events.push({ who, event: `${name} ${JSON.stringify(payload)}` });
      });
    }
  });
  after(async () => {
    await app.stop();
  });

  it('stays unseen while the centre looks at the request', async () => {
    const answer = await ok(
      author.post('/help-requests', {
        kindId: 'something-else',
        title: 'Look after my birds',
        text: 'Two of them, for an afternoon.',
        urgency: 'normal',
        when: { asap: true, windows: [] },
        language: 'en',
        visit: visitOf(VISIT),
        submit: true,
      }),
      201,
    );
    request = answer.body as HelpRequestView;
    expect(request.visit, 'the author reads it').to.deep.equal(visitOf(VISIT));
    const sightings = await sweep();
    expectUnseen(sightings);
    expect(statusOf(sightings, 'staff', 'readHelpRequest')).to.equal(200);
    expect(statusOf(sightings, 'staff', 'listReviewQueue')).to.equal(200);
    expect(statusOf(sightings, 'another resident', 'readHelpRequest')).to.equal(404);
    expect(statusOf(sightings, 'stranger', 'page')).to.equal(200);
  });

  it('stays unseen while helpers are asked', async () => {
    await ok(staff.post(`/help-requests/${request.id}/approve`, {}), 200);
    await settle();
    const offers = (await ok(helper.get('/matches?open=true'), 200)).body as Page<MatchView>;
    matchId = offers.items[0]?.id ?? '';
    expect(matchId).to.not.equal('');
    const sightings = await sweep();
    expectUnseen(sightings);
    expect(
      leaksIn(
        sightings.filter(({ who }) => STRANGERS.includes(who)),
        AUTHOR_NAME,
      ),
    ).to.deep.equal([]);
    expect(statusOf(sightings, 'another resident', 'readHelpRequest')).to.equal(200);
    expect(statusOf(sightings, 'asked volunteer', 'readMatch', matchId)).to.equal(200);
    expect(statusOf(sightings, 'staff', 'listCandidates')).to.equal(200);
  });

  it('stays unseen after acceptance, until it is revealed', async () => {
    const accepted = await ok(helper.post(`/matches/${matchId}/accept`, {}), 200);
    assignmentId = (accepted.body as { id: string }).id;
    expect(marksIn(accepted.text, PRIVATE)).to.deep.equal([]);
    await settle();
    const sightings = await sweep();
    expectUnseen(sightings);
    expect(statusOf(sightings, 'asked volunteer', 'readAssignment', assignmentId)).to.equal(200);
    const named = leaksIn(
      sightings.filter(({ who }) => who === 'asked volunteer'),
      AUTHOR_NAME,
    );
    expect(named.length, 'the helper knows whom to ask for').to.be.greaterThan(0);
  });

  it('is in no answer to a command that somebody may not give, or gave wrongly', async () => {
    const wrong = { visit: { ...visitOf(VISIT), phone: `${VISIT['phone of the visit']} x` }, urgency: 'now' };
    const sightings: Sighting[] = [];
    const done = new Set<string>();
    for (const [who, client] of Object.entries({ ...others, author })) {
      for (const { operationId, method, path: place } of app.house.routes) {
        if (method === 'get' || operationId === 'deleteSession' || operationId === 'createSession') continue;
        if (operationId === 'revealContact' && who === 'asked volunteer') continue;
        const filled = place.replace(/:\w+/, operationId.includes('Account') ? author.accountId : request.id);
        const body = { ...wrong, door: VISIT['door of the visit'], phone: wrong.visit.phone, version: 0 };
        const answer = await (method === 'delete' ? client.delete(filled) : client[method](filled, body));
        expect(answer.status, `${who} ${operationId}`).to.be.lessThan(500);
        if (answer.status < 400) done.add(operationId);
        sightings.push(sighting(who, operationId, filled, answer));
      }
    }
    expect([...done], 'all of it is refused').to.deep.equal([]);
    expect(sightings.length).to.be.greaterThan(300);
    expect(leaksIn(sightings, PRIVATE)).to.deep.equal([]);
    expectQuiet();
  });

  it('is in the helper’s reveal and nowhere else, and the author reads who saw it', async () => {
    const revealed = await ok(helper.post(`/assignments/${assignmentId}/reveal`, {}), 200);
    expect(revealed.body).to.deep.equal(visitOf(VISIT));
    expect(revealed.headers['cache-control']).to.include('no-store');
    for (const [who, client] of Object.entries(others)) {
      if (client === helper) continue;
      const refused = await client.post(`/assignments/${assignmentId}/reveal`, {});
      expect(refused.status, who).to.be.oneOf([401, 403, 404]);
      expect(marksIn(refused.text, PRIVATE), who).to.deep.equal([]);
    }
    await settle();
    expectUnseen(await sweep());
    const readers = await ok(author.get(`/help-requests/${request.id}/access-log`), 200);
    expect((readers.body as { items: object[] }).items).to.have.length(1);
  });

  it('is shown to staff with a purpose only, which the author reads', async () => {
    expect((await staff.post(`/help-requests/${request.id}/reveal`, {})).status).to.equal(422);
    const purpose = 'To call and ask';
    const revealed = await ok(staff.post(`/help-requests/${request.id}/reveal`, { purpose }), 200);
    expect(revealed.body).to.deep.equal(visitOf(VISIT));
    await settle();
    expectUnseen(await sweep());
    const readers = await ok(author.get(`/help-requests/${request.id}/access-log`), 200);
    const entries = (readers.body as { items: { purpose: string | null }[] }).items;
    expect(entries.map((entry) => entry.purpose)).to.have.members([null, purpose]);
  });

  it('is closed to the helper the moment they hand the task back', async () => {
    await ok(helper.post(`/assignments/${assignmentId}/withdraw`, {}), 200);
    const refused = await helper.post(`/assignments/${assignmentId}/reveal`, {});
    expect(refused.status).to.be.oneOf([403, 404, 409]);
    expect(marksIn(refused.text, PRIVATE)).to.deep.equal([]);
    await settle();
    expectUnseen(await sweep());
  });

  it('lies in the store only sealed', function () {
    if (process.env['MONGODB_URI'] !== undefined) return this.skip();
    const files = readdirSync(app.config.dataDir, { recursive: true, encoding: 'utf8' });
    const contents = files
      .map((file) => path.join(app.config.dataDir, file))
      .flatMap((file) => {
        try {
          return [readFileSync(file, 'latin1')];
        } catch {
          return [];
        }
      });
    const stored = contents.join('\n');
    expect(stored, 'the files are readable').to.include(request.id);
    expect(marksIn(stored, PRIVATE)).to.deep.equal([]);
  });

  /** What everybody but the author can read now, the author's other readings, and the pushed and the logged. */
  async function sweep(): Promise<Sighting[]> {
    const ids: KnownIds = { requestId: request.id, matchId, assignmentId };
    const reach = { routes: app.house.routes, baseUrl: app.baseUrl, ids };
    const all: Sighting[] = [];
    for (const [who, client] of Object.entries({ ...others, author })) {
      const read = await readEverything(who, client, reach);
      all.push(...read.filter(({ operationId }) => who !== 'author' || !OWN_READING.has(operationId)));
    }
    return all;
  }

  function expectUnseen(sightings: readonly Sighting[]): void {
    const broken = sightings.filter(({ status }) => status >= 500);
    expect(broken.map(({ who, operationId, path: place }) => `${who} ${operationId} ${place}`)).to.deep.equal(
      [],
    );
    expect(leaksIn(sightings, PRIVATE)).to.deep.equal([]);
    expectQuiet();
  }

  function expectQuiet(): void {
    const pushed = events.flatMap(({ who, event }) =>
      marksIn(event, PRIVATE).map((name) => `${who}: ${name} in ${event}`),
    );
    expect(pushed).to.deep.equal([]);
    expect(log.filter((line) => marksIn(line, { ...PRIVATE, ...AUTHOR_NAME }).length > 0)).to.deep.equal([]);
  }

  async function settle(): Promise<void> {
    await app.house.jobs.tick('due-timers');
    await app.house.relay.idle();
    await app.house.jobs.tick('due-timers');
    await app.house.relay.idle();
    expect(events.length, 'sockets hear something').to.be.greaterThan(0);
  }
});

function statusOf(
  sightings: readonly Sighting[],
  who: string,
  operationId: Sighting['operationId'],
  part = '',
): number | undefined {
  return sightings.find(
    (one) => one.who === who && one.operationId === operationId && one.path.includes(part),
  )?.status;
}

function visitOf(marks: typeof VISIT): VisitDetails {
  return {
    door: marks['door of the visit'],
    phone: marks['phone of the visit'],
    contactName: marks['contact of the visit'],
    notes: marks['notes of the visit'],
  };
}

async function saveContact(person: TestPerson): Promise<void> {
  const mine = (await ok(person.get('/me'), 200)).body as MyAccountView;
  const { displayName, phone, door, buildingId, version } = mine;
  const contactName = SAVED['saved contact'];
  await ok(person.put('/me', { displayName, phone, door, contactName, buildingId, version }), 200);
}
