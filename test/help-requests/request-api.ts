import { expect } from 'chai';
import type {
  AssignmentView,
  HelpRequestCard,
  HelpRequestInput,
  HelpRequestView,
  MatchView,
  NotificationView,
  Page,
} from '../../src/shared/api-types.ts';
import { codeAt, ok, type TestCommunity, type TestPerson } from '../support/people.ts';
import type { TestApp } from '../support/test-app.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A plain need that goes on the board at once; `more` changes it. */
export function need(app: TestApp, more: Partial<HelpRequestInput> = {}): HelpRequestInput {
  const now = app.clock.now().getTime();
  return {
    kindId: 'shopping',
    title: 'Rice from the market',
    text: 'One bag of rice, ten kilos',
    urgency: 'normal',
    when: {
      asap: false,
      windows: [{ from: new Date(now + 3 * HOUR).toISOString(), to: new Date(now + 6 * HOUR).toISOString() }],
    },
    language: 'en',
    submit: true,
    ...more,
  };
}

/** The same need in a kind that the centre looks at first. */
export const reviewedNeed = (app: TestApp, more: Partial<HelpRequestInput> = {}): HelpRequestInput =>
  need(app, { kindId: 'ride', title: 'A ride to the clinic', skillIds: [], ...more });

export async function ask(person: TestPerson, input: HelpRequestInput): Promise<HelpRequestView> {
  return (await ok(person.post('/help-requests', input), 201)).body as HelpRequestView;
}

export async function read(person: TestPerson, id: string): Promise<HelpRequestView> {
  return (await ok(person.get(`/help-requests/${id}`), 200)).body as HelpRequestView;
}

export async function move(
  person: TestPerson,
  id: string,
  name: string,
  body: object = {},
): Promise<HelpRequestView> {
  return (await ok(person.post(`/help-requests/${id}/${name}`, body), 200)).body as HelpRequestView;
}

export async function offers(person: TestPerson): Promise<MatchView[]> {
  return ((await ok(person.get('/matches?open=true'), 200)).body as Page<MatchView>).items;
}

/** The open offer of this request to this person; fails without one. */
export async function offerOf(person: TestPerson, requestId: string): Promise<MatchView> {
  const found = (await offers(person)).find(({ request }) => request.id === requestId);
  expect(found, 'no open offer of this request').to.not.equal(undefined);
  return found!;
}

export async function accept(person: TestPerson, requestId: string): Promise<AssignmentView> {
  const offer = await offerOf(person, requestId);
  return (await ok(person.post(`/matches/${offer.id}/accept`), 200)).body as AssignmentView;
}

export async function task(
  person: TestPerson,
  id: string,
  name: string,
  body: object = {},
): Promise<AssignmentView> {
  return (await ok(person.post(`/assignments/${id}/${name}`, body), 200)).body as AssignmentView;
}

export async function board(person: TestPerson): Promise<HelpRequestCard[]> {
  return ((await ok(person.get('/help-requests?view=board'), 200)).body as Page<HelpRequestCard>).items;
}

/** What a person was told about a request, oldest first. */
export async function told(app: TestApp, person: TestPerson, requestId: string): Promise<string[]> {
  await app.house.relay.idle();
  const page = (await ok(person.get('/notifications?after=0'), 200)).body as Page<NotificationView>;
  return page.items.filter(({ params }) => params['requestId'] === requestId).map(({ kind }) => kind);
}

/** Lets time pass, and the clock of the house do what is due at its end. */
export async function wait(app: TestApp, ms: number): Promise<void> {
  app.clock.advance(ms);
  await app.house.jobs.tick('due-timers');
  await app.house.relay.idle();
}

/** Staff sessions end after half an hour without use: signs in again, with both factors. */
export async function backAtDesk(app: TestApp, home: TestCommunity, staff: TestPerson): Promise<TestPerson> {
  const client = app.newClient();
  const { signInName, passphrase, totpSecret } = staff;
  await ok(client.post('/session', { signInName, passphrase, community: home.community.slug }), 201);
  await ok(client.put('/session/totp', { code: await codeAt(totpSecret ?? '', app.clock.now()) }), 200);
  return { ...staff, ...client };
}

/** Shows the passphrase again: `recent` holds for a quarter of an hour. */
export async function stepUp(person: TestPerson): Promise<void> {
  await ok(person.post('/session/confirm', { passphrase: person.passphrase }), 200);
}
