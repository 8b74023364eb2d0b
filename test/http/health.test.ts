import { expect } from 'chai';
import supertest from 'supertest';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('the health of the service', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(async () => {
    await app.stop();
  });

  it('is alive and ready, without a session and without a word about anybody', async () => {
    expect((await supertest(app.baseUrl).get('/livez')).body).to.deep.equal({ status: 'alive' });
    const ready = await supertest(app.baseUrl).get('/readyz');
    expect([ready.status, ready.body]).to.deep.equal([200, { status: 'ready', failed: [] }]);
  });

  it('when draining is alive, not ready, and closes every connection after its answer', async () => {
    app.house.drain();
    const ready = await supertest(app.baseUrl).get('/readyz');
    expect([ready.status, (ready.body as { failed: string[] }).failed]).to.deep.equal([503, ['draining']]);
    const answer = await supertest(app.baseUrl).get('/api/setup');
    expect([answer.status, answer.headers['connection']]).to.deep.equal([200, 'close']);
    expect((await supertest(app.baseUrl).get('/livez')).status).to.equal(200);
  });
});
