import { expect } from 'chai';
import type {
  CommunitySettings,
  CommunitySettingsView,
  CommunityView,
  HelperProfileView,
  ProblemView,
} from '../../src/shared/api-types.ts';
import { ok, type TestCommunity } from '../support/people.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('the settings of a community', () => {
  let app: TestApp;
  let town: TestCommunity;

  before(async function () {
    this.timeout(60_000);
    app = await startTestApp();
  });
  beforeEach(async () => {
    town = await app.given.community();
  });
  after(async () => {
    await app.stop();
  });

  const read = async (): Promise<CommunitySettingsView> =>
    (await ok(town.administrator.get('/community/settings'), 200)).body as CommunitySettingsView;
  function bodyOf(view: CommunitySettingsView): CommunitySettings & { version: number } {
    const { buildings: _buildings, ...settings } = view;
    return settings;
  }

  it('show an administrator the version and the households, and nobody else', async () => {
    const settings = await read();
    expect(settings.version).to.equal(1);
    expect(settings.buildings[0]).to.have.property('households').that.is.a('number');
    expect((await (await town.staff()).get('/community/settings')).status).to.equal(403);
    expect((await (await town.resident()).get('/community/settings')).status).to.equal(403);
    expect((await town.stranger().get('/community/settings')).status).to.equal(401);
  });

  it('go back as they were read, with what the administrator changed', async () => {
    const before = bodyOf(await read());
    const kindsOfHelp = before.kindsOfHelp.filter(({ id }) => id !== 'ride');
    const changed = { ...before, centrePhone: '0903 2599999', holidays: ['2027-02-17'], kindsOfHelp };
    const view = (await ok(town.administrator.put('/community', changed), 200)).body as CommunityView;
    expect(view).to.include({ centrePhone: '0903 2599999' });
    expect(bodyOf(await read())).to.deep.equal({ ...changed, version: 2 });
  });

  it('of two administrators who save at once the second is told, and finds what the first wrote', async () => {
    const before = bodyOf(await read());
    await ok(town.administrator.put('/community', { ...before, centrePhone: '0903 2500001' }), 200);
    const late = await town.administrator.put('/community', { ...before, centrePhone: '0903 2500002' });
    expect([late.status, (late.body as ProblemView).code]).to.deep.equal([409, 'version-changed']);
    expect(await read()).to.include({ centrePhone: '0903 2500001', version: 2 });
  });

  it('keep the names, the shape and the place of a building that stays on the list', async () => {
    const square = [
      [
        [79.93, 37.08],
        [79.931, 37.08],
        [79.931, 37.081],
        [79.93, 37.08],
      ],
    ];
    const drawn = { name: '1', households: 30, footprint: { type: 'Polygon', coordinates: square } };
    const put = async (list: object[], version: number): Promise<CommunityView> =>
      (await ok(town.administrator.put('/community/buildings', { buildings: { list }, version }), 200))
        .body as CommunityView;
    const [first] = (await put([drawn], 1)).buildings;
    const typed = [
      { name: 'Building 1', households: 31 },
      { name: 'New house', households: 20 },
    ];
    const [same, added] = (await put(typed, 2)).buildings;
    expect(same).to.deep.equal(first);
    expect(added?.name).to.deep.equal({ 'zh-CN': 'New house', ug: 'New house', en: 'New house' });
    expect((await read()).buildings[0]).to.include({ households: 31, hasFootprint: true });
  });

  it('let a volunteer save a profile that names what the centre has taken off its lists', async () => {
    const helper = await town.volunteer({
      skills: ['shopping', 'carrying'],
      profile: { kindsNotDone: ['ride'] },
    });
    const before = bodyOf(await read());
    const kindsOfHelp = before.kindsOfHelp.filter(({ id }) => id !== 'ride');
    const skills = before.skills.filter(({ id }) => id !== 'carrying');
    await ok(town.administrator.put('/community', { ...before, kindsOfHelp, skills }), 200);
    const profile = (await helper.get('/me/helper-profile')).body as HelperProfileView;
    const offer = {
      skills: profile.skills.map(({ skillId, level }) => ({ skillId, level })),
      weekly: profile.weekly,
      radiusMetres: 900,
      maxTasks: profile.maxTasks,
      maxOffersPerDay: profile.maxOffersPerDay,
      languages: profile.languages,
      quietHours: null,
      breaksQuietHoursForCritical: false,
      kindsNotDone: profile.kindsNotDone,
      gender: null,
      automaticRanking: true,
      version: profile.version,
    };
    await ok(helper.put('/me/helper-profile', offer), 200);
    const more = { ...offer, kindsNotDone: ['never-heard-of'], version: profile.version + 1 };
    expect((await helper.put('/me/helper-profile', more)).status).to.equal(422);
  });
});
