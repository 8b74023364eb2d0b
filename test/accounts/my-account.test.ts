import { expect } from 'chai';
import type { MyAccountView, ProblemView, SessionView } from '../../src/shared/api-types.ts';
import { ok, PASSPHRASE, type TestCommunity } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('one’s own account', () => {
  let app: TestApp;
  let town: TestCommunity;
  before(async () => {
    app = await startTestApp();
    town = await app.given.community();
  });
  after(async () => {
    await app.stop();
  });

  it('is read with its private fields by its owner', async () => {
    const amina = await town.resident({ displayName: 'Amina', door: '2-301' });
    expect((await ok(amina.get('/me'), 200)).body).to.include({
      displayName: 'Amina',
      door: '2-301',
      phone: amina.phone,
      contactName: null,
    });
    expect((await town.stranger().get('/me')).status).to.equal(401);
  });

  it('is changed from the version that was read; an older one is 409', async () => {
    const amina = await town.resident();
    const me = (await ok(amina.get('/me'), 200)).body as MyAccountView;
    const next = {
      displayName: 'Amina T.',
      phone: '13900002222',
      door: '5-101',
      contactName: 'Her son',
      buildingId: town.community.buildings[1]?.id ?? null,
    };
    const changed = (await ok(amina.put('/me', { ...next, version: me.version }), 200)).body as MyAccountView;
    expect(changed).to.include(next);
    expect(changed.publicPlace.id).to.not.equal(me.publicPlace.id);
    const late = await amina.put('/me', { ...next, version: me.version });
    expect([late.status, (late.body as ProblemView).code]).to.deep.equal([409, 'version-changed']);
    const visit = await app.house.accounts.readVisit(amina.accountId);
    expect(visit).to.deep.equal({ door: '5-101', phone: '13900002222', contactName: 'Her son', notes: '' });
  });

  it('puts people of one door into one household and nobody else', async () => {
    const [one, two, three] = [
      await town.resident({ door: '3 - 12' }),
      await town.resident({ door: '3-12' }),
      await town.resident({ door: '3-12', building: 2 }),
    ];
    const people = await app.house.accounts.people(town.community.id, [
      one.accountId,
      two.accountId,
      three.accountId,
    ]);
    const household = (id: string): string | null | undefined => people.get(id)?.householdId;
    expect(household(one.accountId)).to.be.a('string').and.equal(household(two.accountId));
    expect(household(three.accountId)).to.not.equal(household(one.accountId));
  });

  it('keeps language and mode for the next device', async () => {
    const amina = await town.resident();
    await ok(amina.put('/me/settings', { language: 'ug', mode: 'elder' }), 200);
    expect(((await amina.get('/session')).body as SessionView).account).to.include({
      language: 'ug',
      mode: 'elder',
    });
    expect((await amina.put('/me/settings', {})).status).to.equal(422);
  });

  it('takes a new passphrase after the present one, and ends every other session', async () => {
    const amina = await town.resident();
    const phone = app.newClient();
    await ok(
      phone.post('/session', {
        signInName: amina.signInName,
        passphrase: PASSPHRASE,
        community: town.community.slug,
      }),
      201,
    );
    const next = 'eleven quiet boats on the lake';
    const wrong = await amina.put('/me/passphrase', {
      currentPassphrase: 'not this one, surely',
      newPassphrase: next,
    });
    expect([wrong.status, (wrong.body as ProblemView).code]).to.deep.equal([401, 'wrong-credentials']);
    const weak = await amina.put('/me/passphrase', {
      currentPassphrase: PASSPHRASE,
      newPassphrase: 'passwordpassword',
    });
    expect((weak.body as ProblemView).errors?.[0]).to.include({
      pointer: '/newPassphrase',
      code: 'passphrase-common',
    });
    const same = await amina.put('/me/passphrase', {
      currentPassphrase: PASSPHRASE,
      newPassphrase: PASSPHRASE,
    });
    expect((same.body as ProblemView).errors?.[0]).to.include({ code: 'same' });
    await ok(amina.put('/me/passphrase', { currentPassphrase: PASSPHRASE, newPassphrase: next }), 200);
    await ok(amina.get('/me'), 200);
    expect((await phone.get('/me')).status).to.equal(401);
    const enter = (passphrase: string) =>
      app
        .newClient()
        .post('/session', { signInName: amina.signInName, passphrase, community: town.community.slug });
    expect((await enter(PASSPHRASE)).status).to.equal(401);
    await ok(enter(next), 201);
  });

  it('cannot be read once the person’s key was forgotten, not even from a copy of the store', async () => {
    const amina = await town.resident({ door: '9-909' });
    await app.house.vault.forget(amina.accountId);
    let failure = '';
    try {
      await app.house.accounts.readVisit(amina.accountId);
    } catch (error) {
      failure = String(error);
    }
    expect(failure).to.contain('its key was erased');
  });
});
