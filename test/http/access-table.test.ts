import { expect } from 'chai';
import type { Test } from 'supertest';
import { ACCESS_TABLE, type AccessRow, type OperationId } from '../../src/http/access-table.ts';
import type { Route } from '../../src/http/route.ts';
import type { ProblemView } from '../../src/shared/api-types.ts';
import { ok, PASSPHRASE, type TestCommunity } from '../support/people.ts';
import type { PersonClient } from '../support/person-client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const DEMO_ONLY: readonly string[] = ['readDemo', 'signInDemo', 'setDemoLoop'];
const NOBODY = '01900000-0000-7000-8000-000000000000';
type Standing =
  | 'stranger'
  | 'waiting'
  | 'suspended'
  | 'resident'
  | 'volunteer'
  | 'staffOneFactor'
  | 'staff'
  | 'administrator';

/** What the table says the gate answers: a code, or null when the request goes on to the feature. */
function expected(row: AccessRow, who: Standing): string | null {
  const isOpen = row.relations.includes('anyone');
  if (who === 'stranger') return isOpen ? null : 'not-signed-in';
  if (who === 'waiting' && row.whileWaiting !== true) return 'not-allowed';
  if (who === 'suspended' && row.whileSuspended !== true) return 'not-allowed';
  if (isOpen) return null;
  const byRole = new Set<string>(['volunteer', 'staff', 'administrator']);
  if (row.relations.some((relation) => !byRole.has(relation)))
    return row.needs === 'two-factor' ? 'second-factor-needed' : null;
  const roles: Record<Standing, readonly string[]> = {
    stranger: [],
    waiting: [],
    suspended: [],
    resident: [],
    volunteer: ['volunteer'],
    staffOneFactor: [],
    staff: ['staff'],
    administrator: ['staff', 'administrator'],
  };
  if (row.relations.some((relation) => roles[who].includes(relation))) return null;
  if (who === 'staffOneFactor' && row.relations.includes('staff')) return 'second-factor-needed';
  return 'not-allowed';
}

function send(client: PersonClient, route: Route): Test {
  const path = route.path.replaceAll(':id', NOBODY).replaceAll(':code', 'not-found');
  // Suspended people read what is their own, not the board.
  const query = route.operationId === 'listHelpRequests' ? '?view=mine' : '';
  if (route.method === 'get') return client.get(`${path}${query}`);
  if (route.method === 'delete') return client.delete(path);
  return client[route.method](path, { 'no such field': true });
}

describe('the authorisation table', () => {
  let app: TestApp;
  let town: TestCommunity;
  const people = new Map<Standing, PersonClient>();

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
    town = await app.given.community();
    const staff = await town.staff();
    const oneFactor = app.newClient();
    await ok(
      oneFactor.post('/session', {
        signInName: staff.signInName,
        passphrase: PASSPHRASE,
        community: town.community.slug,
      }),
      201,
    );
    const suspended = await town.resident();
    await ok(town.administrator.post(`/accounts/${suspended.accountId}/suspend`), 200);
    await ok(
      suspended.post('/session', {
        signInName: suspended.signInName,
        passphrase: PASSPHRASE,
        community: town.community.slug,
      }),
      201,
    );
    people.set('stranger', town.stranger());
    people.set('waiting', await town.resident({ waiting: true }));
    people.set('suspended', suspended);
    people.set('resident', await town.resident());
    people.set('volunteer', await town.volunteer());
    people.set('staffOneFactor', oneFactor);
    people.set('staff', staff);
    people.set('administrator', town.administrator);
  });
  after(async () => {
    await app.stop();
  });

  it('has exactly the operations that are mounted', () => {
    const mounted = app.house.routes.map(({ operationId }) => operationId as string);
    const rows = Object.keys(ACCESS_TABLE).filter((operation) => !DEMO_ONLY.includes(operation));
    expect(
      rows.filter((row) => !mounted.includes(row)),
      'rows without a route',
    ).to.deep.equal([]);
    expect(
      mounted.filter((operation) => !rows.includes(operation)),
      'routes without a row',
    ).to.deep.equal([]);
  });

  it('keeps the demo’s routes out of the real service', async () => {
    expect((await town.stranger().get('/demo')).status).to.equal(404);
    expect(
      (await town.stranger().post('/demo/session', { accountId: town.administrator.accountId })).status,
    ).to.equal(404);
    expect((await town.stranger().put('/demo/loop', { speed: 1, paused: false })).status).to.equal(404);
  });

  for (const operation of Object.keys(ACCESS_TABLE) as OperationId[]) {
    if (DEMO_ONLY.includes(operation) || operation === 'deleteSession') continue;
    it(`holds for ${operation}, whoever asks`, async function () {
      const route = app.house.routes.find(({ operationId }) => operationId === operation);
      if (route === undefined) return this.skip();
      for (const [who, client] of people) {
        const row: AccessRow = ACCESS_TABLE[operation];
        const wanted = expected(row, who);
        const answer = await send(client, route);
        const { code } = (answer.body ?? {}) as Partial<ProblemView>;
        const shown = `${operation} as ${who}: ${String(answer.status)} ${answer.text.slice(0, 200)}`;
        expect(answer.status, shown).to.be.lessThan(500);
        if (wanted !== null) expect(code, shown).to.equal(wanted);
        else expect(answer.status, shown).to.not.be.oneOf([401, 403]);
      }
    });
  }
});
