import { expect } from 'chai';
import { ok, type TestPerson } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('reading', () => {
  let app: TestApp;
  let amina: TestPerson;
  before(async () => {
    app = await startTestApp();
    amina = await app.given.resident();
    await app.house.relay.idle();
  });
  after(async () => {
    await app.stop();
  });

  /** Every document of the store, as text. */
  async function everything(): Promise<string> {
    const { connection } = app.storage;
    const names = (await connection.listCollections()).map(({ name }) => name).sort();
    const all = await Promise.all(
      names.map(async (name) => [
        name,
        await connection.collection(name).find({}).sort({ _id: 1 }).toArray(),
      ]),
    );
    return JSON.stringify(all);
  }

  it('writes nothing into the store, however often', async () => {
    const before = await everything();
    for (const path of [
      '/session',
      '/me',
      '/community',
      '/help-requests?view=board',
      '/help-requests?view=mine',
      '/notifications?after=0',
      '/me/helper-profile',
    ]) {
      await ok(amina.get(path), 200);
      await ok(amina.get(path), 200);
    }
    expect(await everything()).to.equal(before);
  });

  it('sends the same cookie for as long as the session stands: none is set anew', async () => {
    const answer = await ok(amina.get('/me'), 200);
    expect(answer.headers).to.not.have.property('set-cookie');
  });
});
