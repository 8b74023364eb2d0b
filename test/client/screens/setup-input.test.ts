import { expect } from 'chai';
import type { KindOfHelpView, SkillView } from '../../../src/shared/api-types.ts';
import { setupBody } from '../../../src/communities/community-schemas.ts';
import { DEFAULT_KINDS, DEFAULT_SKILLS } from '../../../src/communities/default-kinds.ts';
import { setupBodyOf } from '../../../client/src/screens/setup/setup-body.ts';
import { centrePointOf, wrongHolidayLines } from '../../../client/src/screens/setup/setup-input.ts';

const defaults = {
  kindsOfHelp: DEFAULT_KINDS as unknown as KindOfHelpView[],
  skills: DEFAULT_SKILLS as unknown as SkillView[],
};
const typed = {
  setupCode: ' ABCD-EFGH-JKLM-NPQR ',
  administrator: { displayName: 'Rena', signInName: ' rena ', passphrase: 'xing hua liu shui qiao' },
  slug: 'xingyuan',
  name: { 'zh-CN': '杏园社区', ug: '', en: ' Apricot Court ' },
  languages: ['en' as const, 'zh-CN' as const],
  timeZone: 'Asia/Shanghai',
  secondTimeZone: '',
  centrePhone: '0903-000 0126',
  hours: [
    { isOpen: true, from: '10:00', to: '19:00' },
    { isOpen: false, from: '10:00', to: '19:00' },
  ],
  holidays: '2027-01-01\n\n2027-02-17\n',
  emergency: [
    { number: '120', name: { en: 'Ambulance' } },
    { number: ' ', name: { en: 'Nobody' } },
  ],
  how: 'typed' as const,
  typed: '',
  buildings: [
    {
      name: '6',
      households: 36,
      zoneName: 'South',
      footprint: {
        type: 'Polygon' as const,
        coordinates: [
          [
            [79.931234567, 37.1],
            [79.932, 37.1],
            [79.932, 37.101],
            [79.931234567, 37.1],
          ] as [number, number][],
        ],
      },
    },
    { name: '7', households: null, zoneName: null, footprint: null },
  ],
  longitude: '79.92',
  latitude: ' 37.11 ',
  uploaded: null,
  kindIds: ['shopping', 'repair'],
  skillIds: DEFAULT_SKILLS.map(({ id }) => id),
};

describe('what is typed at the first start', () => {
  it('names the lines of the holidays that are no days of the calendar', () => {
    expect(wrongHolidayLines('2027-01-01\n\n2027-02-28')).to.deep.equal([]);
    expect(wrongHolidayLines('2027-02-30\nNew Year\n2028-02-29')).to.deep.equal([1, 2]);
  });

  it('takes a longitude and a latitude for the centre and nothing else', () => {
    expect(centrePointOf({ longitude: '79.92', latitude: '37.11' })).to.deep.equal([79.92, 37.11]);
    for (const [longitude, latitude] of [
      ['', ''],
      ['79.92', ''],
      ['181', '37'],
      ['79', '91'],
      ['east', '37'],
      ['0', '0'],
    ] as const) {
      expect(centrePointOf({ longitude, latitude })).to.equal(null);
    }
  });

  it('is sent in the form the server takes, trimmed, with coordinates of six decimals', () => {
    const body = setupBodyOf(typed, defaults, 'zh-CN');
    const { error } = setupBody.validate(body, { abortEarly: false });
    expect(error?.message).to.equal(undefined);
    expect(body['setupCode']).to.equal('ABCD-EFGH-JKLM-NPQR');
    expect(body).to.have.nested.property('administrator.signInName', 'rena');
    expect(body).to.have.nested.property('community.secondTimeZone', null);
    expect(body).to.have.deep.nested.property('community.name', { 'zh-CN': '杏园社区', en: 'Apricot Court' });
    expect(body).to.have.deep.nested.property('community.openingHours', [{ day: 0, from: 600, to: 1140 }]);
    expect(body).to.have.deep.nested.property('community.holidays', ['2027-01-01', '2027-02-17']);
    expect(body).to.have.nested.property('community.emergencyNumbers.length', 1);
    expect(body).to.have.nested.property('buildings.list[0].footprint.coordinates[0][0][0]', 79.931235);
    expect(body).to.have.nested.property('buildings.list[1].households', null);
    const kinds = (body['community'] as { kindsOfHelp: { id: string }[] }).kindsOfHelp.map(({ id }) => id);
    expect(kinds).to.deep.equal(['shopping', 'repair']);
  });

  it('is not sent while the centre stands nowhere', () => {
    expect(() => setupBodyOf({ ...typed, latitude: '' }, defaults, 'en')).to.throw(TypeError);
  });
});
