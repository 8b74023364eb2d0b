import { expect } from 'chai';
import type { CommunityView, ProblemView, SessionView } from '../../src/shared/api-types.ts';
import { ok, PASSPHRASE } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

interface Setup {
  isDone: boolean;
  defaults: { kindsOfHelp: CommunityView['kindsOfHelp']; skills: CommunityView['skills'] };
}

describe('the set-up of an empty service', () => {
  let app: TestApp;
  let code: string;
  beforeEach(async () => {
    app = await startTestApp();
    code = (await app.house.setup.issueCode()) ?? '';
  });
  afterEach(async () => {
    await app.stop();
  });

  async function body(more: object = {}): Promise<Record<string, unknown>> {
    const { defaults } = (await ok(app.newClient().get('/setup'), 200)).body as Setup;
    return {
      setupCode: code,
      slug: 'apricot-court',
      administrator: {
        displayName: 'The director',
        signInName: 'director',
        passphrase: PASSPHRASE,
        language: 'zh-CN',
      },
      community: {
        name: { 'zh-CN': '杏园社区', ug: 'ئۆرۈكزار', en: 'Apricot Court' },
        languages: ['zh-CN', 'ug', 'en'],
        timeZone: 'Asia/Shanghai',
        secondTimeZone: 'Asia/Urumqi',
        centrePhone: '0903 2512345',
        openingHours: [{ day: 0, from: 600, to: 1_200 }],
        holidays: ['2027-01-01'],
        emergencyNumbers: [{ number: '120', name: { en: 'Ambulance' } }],
        centrePoint: [79.932, 37.081],
        ...defaults,
      },
      buildings: {
        list: [
          { name: '1', households: 36 },
          { name: '2', households: 12, zone: 'North' },
        ],
      },
      ...more,
    };
  }
  const pointersOf = (answer: { body: unknown }): string[] =>
    ((answer.body as ProblemView).errors ?? []).map(({ pointer }) => pointer);

  it('shows default kinds and skills in three languages, and no account exists before it', async () => {
    const { isDone, defaults } = (await ok(app.newClient().get('/setup'), 200)).body as Setup;
    expect(isDone).to.equal(false);
    for (const kind of defaults.kindsOfHelp)
      expect(Object.keys(kind.name), kind.id).to.have.members(['zh-CN', 'ug', 'en']);
    for (const skill of defaults.skills)
      expect(Object.keys(skill.name), skill.id).to.have.members(['zh-CN', 'ug', 'en']);
    expect((await app.newClient().get('/community')).status).to.equal(404);
    expect(
      (await app.newClient().post('/session', { signInName: 'admin', passphrase: 'admin' })).status,
    ).to.equal(401);
  });

  it('makes the community and its administrator once, with the code that was printed', async () => {
    const answer = await ok(app.newClient().post('/setup', await body()), 201);
    const view = answer.body as CommunityView;
    expect(view).to.include({ slug: 'apricot-court', secondTimeZone: 'Asia/Urumqi', isDemo: false });
    expect(view.buildings.map(({ name }) => name.en)).to.deep.equal(['Building 1', 'Building 2']);
    expect(answer.text).to.not.contain('households');
    const boss = app.newClient();
    const session = await ok(boss.post('/session', { signInName: 'director', passphrase: PASSPHRASE }), 201);
    expect((session.body as SessionView).needsTotp).to.equal('enrol');
    const again = await app.newClient().post('/setup', await body());
    expect([again.status, (again.body as ProblemView).code]).to.deep.equal([409, 'setup-done']);
    expect(await app.house.setup.issueCode()).to.equal(null);
  });

  it('of two who send the code at the same moment lets one be the administrator', async () => {
    const [one, two] = [await body(), await body({ slug: 'other-court' })];
    const answers = await Promise.all([
      app.newClient().post('/setup', one),
      app.newClient().post('/setup', two),
    ]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
    expect(await app.house.communities.ids()).to.have.length(1);
  });

  it('takes the code without its hyphens, and no other', async () => {
    const wrong = await app.newClient().post('/setup', await body({ setupCode: 'AAAA-BBBB-CCCC-DDDD' }));
    expect([wrong.status, (wrong.body as ProblemView).code]).to.deep.equal([403, 'wrong-setup-code']);
    expect(await app.house.communities.ids()).to.deep.equal([]);
    await ok(
      app.newClient().post('/setup', await body({ setupCode: code.toLowerCase().replaceAll('-', '') })),
      201,
    );
  });

  it('names bad fields of the administrator and of the community before anything is written', async () => {
    const weak = { displayName: 'D', signInName: '1', passphrase: 'short', language: 'en' };
    expect(
      pointersOf(await app.newClient().post('/setup', await body({ administrator: weak }))),
    ).to.have.members(['/administrator/signInName', '/administrator/passphrase']);
    const whole = await body();
    const community = {
      ...(whole['community'] as object),
      timeZone: 'Mars/Olympus',
      openingHours: [{ day: 7, from: 900, to: 800 }],
    };
    const pointers = pointersOf(await app.newClient().post('/setup', { ...whole, community }));
    expect(pointers).to.include.members([
      '/community/timeZone',
      '/community/openingHours/0/day',
      '/community/openingHours/0/to',
    ]);
    expect(await app.house.communities.ids()).to.deep.equal([]);
    await ok(app.newClient().post('/setup', whole), 201);
  });

  it('reads buildings from a map, and names the feature that is wrong', async () => {
    const square = [
      [
        [79.93, 37.08],
        [79.931, 37.08],
        [79.931, 37.081],
        [79.93, 37.08],
      ],
    ];
    const feature = (properties: object, geometry: object = { type: 'Polygon', coordinates: square }) => ({
      type: 'Feature',
      properties,
      geometry,
    });
    const upload = (features: object[]) => ({
      buildings: { geoJson: { type: 'FeatureCollection', features } },
    });
    const bad = await app
      .newClient()
      .post('/setup', await body(upload([feature({ name: '1' }), feature({ name: '2', households: -3 })])));
    expect(bad.status).to.equal(422);
    expect((bad.body as ProblemView).errors?.[0]?.detail).to.contain('Feature 2');
    const features = Array.from({ length: 300 }, (_, n) =>
      feature({ name: `House ${String(n)}`, households: 20, zone: 'East' }),
    );
    const view = (await ok(app.newClient().post('/setup', await body(upload(features))), 201))
      .body as CommunityView;
    expect(view.buildings).to.have.length(300);
    expect(view.zones.map(({ name }) => name.en)).to.deep.equal(['East']);
  });
});

describe('the community', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(async () => {
    await app.stop();
  });

  it('is read by anybody: hours, phone, kinds; never how many live in a building', async () => {
    const { community } = await app.given.community();
    const answer = await ok(app.newClient().get(`/community?community=${community.slug}`), 200);
    const view = answer.body as CommunityView;
    expect(view).to.include({
      slug: community.slug,
      centrePhone: '0903 2512345',
      isOpenNow: true,
      nextOpening: null,
    });
    expect(answer.text).to.not.contain('households');
    app.clock.advance(10 * 60 * 60_000);
    const night = (await ok(app.newClient().get(`/community?community=${community.slug}`), 200))
      .body as CommunityView;
    expect(night).to.include({ isOpenNow: false, nextOpening: '2026-11-25T00:00:00.000Z' });
  });

  it('of another slug is another community, and an unknown one is 404', async () => {
    const [one, two] = [await app.given.community(), await app.given.community()];
    for (const { community } of [one, two]) {
      expect(
        ((await app.newClient().get(`/community?community=${community.slug}`)).body as CommunityView).id,
      ).to.equal(community.id);
    }
    expect((await app.newClient().get('/community?community=nowhere')).status).to.equal(404);
  });

  it('never moves a public place that was given, though buildings change', async () => {
    const town = await app.given.community();
    const amina = await town.resident({ building: 1 });
    const before = (await amina.get('/me')).body as { publicPlace: object };
    const list = [
      { name: '1', households: 30, point: [80, 38] },
      { name: '2', households: 30 },
    ];
    const answer = await ok(
      town.administrator.put('/community/buildings', { buildings: { list }, version: 1 }),
      200,
    );
    expect((answer.body as CommunityView).buildings).to.have.length(2);
    expect(((await amina.get('/me')).body as { publicPlace: object }).publicPlace).to.deep.equal(
      before.publicPlace,
    );
    const late = await town.administrator.put('/community/buildings', { buildings: { list }, version: 1 });
    expect([late.status, (late.body as ProblemView).code]).to.deep.equal([409, 'version-changed']);
  });

  it('is changed by its administrator only', async () => {
    const town = await app.given.community();
    const staff = await town.staff();
    expect((await staff.put('/community', {})).status).to.equal(403);
    expect((await (await town.resident()).put('/community/buildings', {})).status).to.equal(403);
    expect((await town.stranger().put('/community', {})).status).to.equal(401);
    expect((await town.administrator.put('/community', { version: 1, slug: 'x' })).status).to.equal(422);
  });
});
