import { expect } from 'chai';
import type { SessionView } from '../../src/shared/api-types.ts';
import { ok, PASSPHRASE, type TestCommunity } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('signing up and in', () => {
  let app: TestApp;
  let town: TestCommunity;
  before(async () => {
    app = await startTestApp();
    town = await app.given.community();
  });
  after(async () => {
    await app.stop();
  });

  it('a neighbour signs up, waits, is approved by the centre, signs out and in again', async () => {
    const amina = await town.resident({ waiting: true, displayName: 'Amina' });
    const waiting = (await ok(amina.get('/session'), 200)).body as SessionView;
    expect(waiting.account).to.include({ displayName: 'Amina', status: 'waiting' });
    await ok(town.administrator.post(`/accounts/${amina.accountId}/approve`, {}), 200);
    expect(((await ok(amina.get('/session'), 200)).body as SessionView).account.status).to.equal('active');
    await ok(amina.delete('/session'), 204);
    expect((await ok(amina.get('/session'), 200)).body).to.equal(null);
    const again = await ok(
      amina.post('/session', {
        signInName: amina.signInName,
        passphrase: PASSPHRASE,
        community: town.community.slug,
      }),
      201,
    );
    expect((again.body as SessionView).account.id).to.equal(amina.accountId);
  });
});
