import { expect } from 'chai';
import type { HelperProfileView, ProblemView } from '../../src/shared/api-types.ts';
import { createHelperLoadStore } from '../../src/volunteers/helper-load-store.ts';
import { ask, need } from '../help-requests/request-api.ts';
import { ok, type TestCommunity } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('what a volunteer offers', () => {
  let app: TestApp;
  let home: TestCommunity;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
    home = await app.given.community();
  });
  after(async () => await app.stop());

  const offer = (more: object = {}): object => ({
    skills: [{ skillId: 'shopping', level: 2 }],
    weekly: [{ day: 0, from: 480, to: 720 }],
    radiusMetres: 800,
    maxTasks: 2,
    maxOffersPerDay: 4,
    languages: ['ug'],
    quietHours: { from: 1_320, to: 420 },
    breaksQuietHoursForCritical: true,
    kindsNotDone: ['ride'],
    gender: 'woman',
    automaticRanking: true,
    version: 0,
    ...more,
  });
  const view = (answer: { body: unknown }): HelperProfileView => answer.body as HelperProfileView;

  it('starts with values a form can begin from, asks the centre, and is approved with checked skills', async function () {
    this.timeout(30_000);
    const person = await home.resident();
    expect(view(await ok(person.get('/me/helper-profile'), 200))).to.include({
      status: 'none',
      version: 0,
      isOnDuty: false,
    });
    expect(view(await ok(person.put('/me/helper-profile', offer()), 200))).to.include({
      status: 'waiting',
      version: 1,
    });
    await ok(person.put('/me/duty', { onDuty: true }), 403);
    const decision = { volunteer: true, trustTier: 2, verifiedSkillIds: ['shopping'] };
    await ok(home.administrator.post(`/accounts/${person.accountId}/approve`, decision), 200);
    const approved = view(await ok(person.get('/me/helper-profile'), 200));
    expect(approved).to.include({ status: 'approved', trustTier: 2, isOnDuty: true });
    expect(approved.skills).to.deep.equal([{ skillId: 'shopping', level: 2, verified: true }]);
    expect(view(await ok(person.put('/me/duty', { onDuty: false }), 200))).to.include({ isOnDuty: false });
    expect(view(await ok(person.put('/me/duty', { onDuty: false }), 200))).to.include({ isOnDuty: false });
  });

  it('is checked again where it changed, and keeps what was checked elsewhere', async function () {
    this.timeout(30_000);
    const person = await home.volunteer({ skills: ['shopping', 'carrying'] });
    const { version } = view(await ok(person.get('/me/helper-profile'), 200));
    const skills = [
      { skillId: 'shopping', level: 2 },
      { skillId: 'carrying', level: 3 },
    ];
    const changed = view(await ok(person.put('/me/helper-profile', offer({ skills, version })), 200));
    expect(changed.skills.map(({ verified }) => verified)).to.deep.equal([true, false]);
    expect(changed.status).to.equal('approved');
  });

  it('may be asked again at once when all rests end', async () => {
    const helper = await home.volunteer();
    const author = await home.resident();
    await ask(author, need(app));
    const load = async (): Promise<object> => {
      const { load: own, nextOfferNotBefore } = view(await ok(helper.get('/me/helper-profile'), 200));
      return { offersToday: own.offersToday, nextOfferNotBefore };
    };
    expect(await load()).to.not.include({ nextOfferNotBefore: null });
    await createHelperLoadStore(app.storage.connection).endRests(home.community.id);
    expect(await load()).to.deep.equal({ offersToday: 0, nextOfferNotBefore: null });
  });

  it('is not overwritten by an older reading, and a repeated saving is not a conflict', async () => {
    const person = await home.resident();
    await ok(person.put('/me/helper-profile', offer()), 200);
    await ok(person.put('/me/helper-profile', offer()), 200);
    const stale = await ok(person.put('/me/helper-profile', offer({ radiusMetres: 900 })), 409);
    expect((stale.body as ProblemView).code).to.equal('version-changed');
    expect(
      view(await ok(person.put('/me/helper-profile', offer({ radiusMetres: 900, version: 1 })), 200)),
    ).to.include({ radiusMetres: 900, version: 2 });
  });

  it('names what the centre does not know, and every value out of bounds', async () => {
    const person = await home.resident();
    const unknown = await ok(
      person.put(
        '/me/helper-profile',
        offer({ skills: [{ skillId: 'magic', level: 1 }], kindsNotDone: ['flying'] }),
      ),
      422,
    );
    expect((unknown.body as ProblemView).errors?.map(({ pointer }) => pointer)).to.deep.equal([
      '/skills/0/skillId',
      '/kindsNotDone/0',
    ]);
    const bad = await ok(
      person.put(
        '/me/helper-profile',
        offer({ radiusMetres: 10, maxTasks: 9, languages: [], status: 'approved' }),
      ),
      422,
    );
    expect((bad.body as ProblemView).errors?.map(({ pointer }) => pointer)).to.include.members([
      '/radiusMetres',
      '/maxTasks',
      '/languages',
      '/status',
    ]);
  });
});
