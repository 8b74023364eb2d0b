import { expect } from 'chai';
import type {
  AccountListItem,
  MyAccountView,
  Page,
  ProblemView,
  SessionView,
} from '../../src/shared/api-types.ts';
import { ok, PASSPHRASE, type TestCommunity } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('POST /accounts', () => {
  let app: TestApp;
  let town: TestCommunity;
  before(async () => {
    app = await startTestApp();
    town = await app.given.community();
  });
  after(async () => {
    await app.stop();
  });
  const signUp = (body: object, key?: string) =>
    app
      .newClient()
      .post(
        `/accounts?community=${town.community.slug}`,
        { displayName: 'Amina', passphrase: PASSPHRASE, language: 'ug', ...body },
        key === undefined ? {} : { key },
      );
  const pointersOf = (answer: { body: unknown }): string[] =>
    ((answer.body as ProblemView).errors ?? []).map(({ pointer }) => pointer);

  it('names every bad field at once', async () => {
    const answer = await signUp({ signInName: '??', phone: '12', passphrase: 'too short' });
    expect(answer.status).to.equal(422);
    expect(pointersOf(answer)).to.have.members(['/signInName', '/phone', '/passphrase']);
    expect(pointersOf(await signUp({}))).to.deep.equal(['/signInName']);
    expect(pointersOf(await signUp({ signInName: 'amina-x', displayName: ' ' }))).to.deep.equal([
      '/displayName',
    ]);
    expect(pointersOf(await signUp({ signInName: 'amina-x', buildingId: 'no-such-building' }))).to.deep.equal(
      ['/buildingId'],
    );
    for (const field of ['roles', 'status', 'trustTier', 'communityId']) {
      expect(pointersOf(await signUp({ signInName: 'amina-x', [field]: 'x' })), field).to.deep.equal([
        `/${field}`,
      ]);
    }
  });

  it('takes a name once in a community, in whatever letters', async () => {
    await ok(signUp({ signInName: 'Tursun' }), 201);
    const taken = await signUp({ signInName: 'ＴＵＲＳＵＮ' });
    expect([taken.status, (taken.body as ProblemView).code]).to.deep.equal([409, 'name-taken']);
    const elsewhere = await app.given.community();
    await ok(
      app.newClient().post(`/accounts?community=${elsewhere.community.slug}`, {
        displayName: 'T',
        signInName: 'tursun',
        passphrase: PASSPHRASE,
        language: 'en',
      }),
      201,
    );
  });

  it('does not tell that a phone number is known: the second one signs up alike, and the first still signs in with it', async () => {
    const first = await ok(signUp({ phone: '13999881111' }), 201);
    const second = await ok(signUp({ phone: '+86 139 9988 1111' }), 201);
    const plain = (body: unknown): object => {
      const { account, ...rest } = body as SessionView;
      return { ...rest, account: { ...account, id: '' } };
    };
    expect(plain(second.body)).to.deep.equal(plain(first.body));
    const signedIn = await ok(
      app.newClient().post('/session', {
        signInName: '13999881111',
        passphrase: PASSPHRASE,
        community: town.community.slug,
      }),
      201,
    );
    expect((signedIn.body as SessionView).account.id).to.equal((first.body as SessionView).account.id);
  });

  it('sent again with the same key makes one account, with another body it is refused', async () => {
    const first = await ok(signUp({ signInName: 'once-only' }, 'sign-up-1'), 201);
    const again = await ok(signUp({ signInName: 'once-only' }, 'sign-up-1'), 201);
    expect((again.body as SessionView).account.id).to.equal((first.body as SessionView).account.id);
    const other = await signUp({ signInName: 'once-more' }, 'sign-up-1');
    expect([other.status, (other.body as ProblemView).code]).to.deep.equal([422, 'idempotency-key-reused']);
  });

  it('of five people who choose one name at once lets one have it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => await signUp({ signInName: 'popular' })),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409, 409, 409, 409]);
  });

  it('keeps door and phone sealed: neither is anywhere in the store', async () => {
    const amina = await town.resident({ door: 'blue-door-canary', phone: '13912345670' });
    const { body } = await ok(amina.get('/me'), 200);
    expect(body).to.include({ door: 'blue-door-canary', phone: '13912345670' });
    const collections = await app.storage.connection.listCollections();
    for (const { name } of collections) {
      const everything = JSON.stringify(await app.storage.connection.collection(name).find({}).toArray());
      expect(everything, name)
        .to.not.contain('blue-door-canary')
        .and.not.contain('13912345670')
        .and.not.contain(PASSPHRASE);
    }
  });

  it('shows a small building by its zone, a large one by itself', async () => {
    const placeOf = async (building: number): Promise<string> =>
      ((await ok((await town.resident({ building })).get('/me'), 200)).body as MyAccountView).publicPlace
        .kind;
    expect(await placeOf(1)).to.equal('building');
    expect(await placeOf(6)).to.equal('zone');
  });

  it('by staff writes down a neighbour who has a phone but no account', async () => {
    const staff = await town.staff();
    const body = {
      phoneOnly: true,
      displayName: 'Grandmother Hu',
      phone: '0903 2512399',
      language: 'zh-CN',
      buildingId: town.community.buildings[0]?.id,
    };
    const row = (await ok(staff.post('/accounts', body), 201)).body as AccountListItem;
    expect(row).to.include({ displayName: 'Grandmother Hu', status: 'active', hasPhoneOnly: true });
    const listed = async (query: string): Promise<string[]> =>
      ((await ok(staff.get(`/accounts?${query}`), 200)).body as Page<AccountListItem>).items.map(
        ({ id }) => id,
      );
    expect(await listed('phoneOnly=true')).to.deep.equal([row.id]);
    expect(await listed('phoneOnly=false&limit=50'))
      .to.include(staff.accountId)
      .and.not.include(row.id);
    const person = await app.house.accounts.person(town.community.id, row.id);
    expect(person).to.include({ hasPhoneOnly: true });
    expect(await app.house.accounts.readVisit(row.id)).to.include({ phone: '0903 2512399', door: '' });
    expect((await (await town.resident()).post('/accounts', body)).status).to.equal(403);
    expect((await town.stranger().post(`/accounts?community=${town.community.slug}`, body)).status).to.equal(
      403,
    );
    expect(pointersOf(await staff.post('/accounts', { ...body, passphrase: PASSPHRASE }))).to.deep.equal([
      '/passphrase',
    ]);
    expect(
      (
        await app.newClient().post('/session', {
          signInName: '0903 2512399',
          passphrase: PASSPHRASE,
          community: town.community.slug,
        })
      ).status,
    ).to.equal(401);
  });

  it('finds nobody’s community under a wrong name', async () => {
    const answer = await app.newClient().post('/accounts', {
      displayName: 'A',
      signInName: 'somebody',
      passphrase: PASSPHRASE,
      language: 'en',
      community: 'no-such-town',
    });
    expect(answer.status).to.equal(404);
  });

  describe('GET /passphrase-suggestion', () => {
    it('offers words in the reader’s language that sign-up takes', async () => {
      for (const [query, shape] of [
        ['language=zh-CN', /^[a-z]+(-[a-z]+){4}-\d{3}$/],
        ['language=en', /^[a-z]+(-[a-z]+){4}-\d{3}$/],
        ['language=ug', /^[a-z]+(-[a-z]+){4}-\d{3}$/],
        ['language=ug&script=arabic', /^[\u0600-\u06FF]+(-[\u0600-\u06FF]+){4}-\d{3}$/],
      ] as [string, RegExp][]) {
        const { passphrase } = (await ok(app.newClient().get(`/passphrase-suggestion?${query}`), 200))
          .body as { passphrase: string };
        expect(passphrase).to.match(shape);
        await ok(signUp({ signInName: `offer-${query.replaceAll(/[^a-z]/gi, '')}`, passphrase }), 201);
      }
    });
  });
});
