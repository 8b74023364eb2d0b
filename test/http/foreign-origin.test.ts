import { expect } from 'chai';
import supertest from 'supertest';
import { ACCESS_TABLE } from '../../src/http/access-table.ts';
import type { TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('a command from another site', () => {
  let app: TestApp;
  let director: TestPerson;
  before(async () => {
    app = await startTestApp();
    director = await app.given.administrator();
  });
  after(async () => {
    await app.stop();
  });

  it('is refused on every route that changes something, before anything else is looked at', async () => {
    const commands = app.house.routes.filter(({ method }) => method !== 'get');
    expect(commands.length).to.be.greaterThan(15);
    for (const route of commands) {
      const path = `/api${route.path.replaceAll(':id', director.accountId)}`;
      for (const headers of [
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { Origin: app.baseUrl, 'Sec-Fetch-Site': 'cross-site' },
        {},
      ]) {
        const answer = await supertest(app.baseUrl)
          [route.method](path)
          .set({ Cookie: director.cookie(), ...headers })
          .send({});
        expect(answer.status, `${route.operationId} with ${JSON.stringify(headers)}`).to.equal(403);
        expect((answer.body as { code: string }).code).to.equal('foreign-origin');
      }
    }
    expect((await director.get('/session')).body).to.have.nested.property('account.id', director.accountId);
  });

  it('never comes by GET: no route that reads changes anything', () => {
    const readers = app.house.routes
      .filter(({ method }) => method === 'get')
      .map(({ operationId }) => operationId);
    const verbs = /^(read|list|suggest)/;
    expect(readers.filter((operation) => !verbs.test(operation))).to.deep.equal([]);
    expect(Object.keys(ACCESS_TABLE)).to.include.members(readers);
  });

  it('is taken from a browser that vouches for the page, and from a program that says where it calls', async () => {
    const send = async (headers: Record<string, string>): Promise<number> =>
      (
        await supertest(app.baseUrl)
          .put('/api/me/settings')
          .set({ Cookie: director.cookie(), ...headers })
          .send({ mode: 'normal' })
      ).status;
    expect(await send({ 'Sec-Fetch-Site': 'same-origin' })).to.equal(200);
    expect(await send({ Origin: app.baseUrl })).to.equal(200);
  });
});
