import { expect } from 'chai';
import type { ProblemView } from '../../src/shared/api-types.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('a limit', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp({ limitFactor: 1 });
  });
  after(async () => {
    await app.stop();
  });

  it('tells on every answer how much is left, and when it is used up how long to wait', async () => {
    const first = await app.newClient().get('/passphrase-suggestion?language=en');
    expect(first.headers['ratelimit-policy']).to.equal('"suggest";q=60;w=60');
    expect(first.headers['ratelimit']).to.match(/^"suggest";r=59;t=\d+$/);
    const answers = await Promise.all(
      Array.from({ length: 65 }, async () => await app.newClient().get('/passphrase-suggestion?language=en')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).to.have.length(6);
    expect((refused[0]?.body as ProblemView).code).to.equal('too-many-requests');
    expect(Number(refused[0]?.headers['retry-after'])).to.be.within(1, 60);
    expect(refused[0]?.headers['ratelimit']).to.match(/;r=0;/);
  });

  it('of one flow leaves the others alone', async () => {
    expect((await app.newClient().get('/setup')).status).to.equal(200);
  });

  it('of client errors keeps a broken page from filling the log', async () => {
    const report = () =>
      app.newClient().post('/client-errors', { kind: 'error', message: 'x is not a function' });
    const statuses = (await Promise.all(Array.from({ length: 33 }, report))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).to.have.length(30);
    expect(statuses.filter((status) => status === 429)).to.have.length(3);
  });
});
