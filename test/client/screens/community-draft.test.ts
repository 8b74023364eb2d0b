import { expect } from 'chai';
import {
  changedKeys,
  draftOf,
  goneBuildings,
  listsOf,
  mergeDrafts,
  writesOf,
} from '../../../client/src/screens/community/community-draft.ts';
import { readTypedBuildings } from '../../../client/src/screens/setup/building-list.ts';
import { settingsOf } from '../../../client/src/screens/setup/setup-body.ts';
import type { CommunitySettingsView, KindOfHelpView, SkillView } from '../../../src/shared/api-types.ts';
import { DEFAULT_KINDS, DEFAULT_SKILLS } from '../../../src/communities/default-kinds.ts';
import type { LocalisedText } from '../../../src/shared/vocabulary.ts';

const kinds = DEFAULT_KINDS as unknown as KindOfHelpView[];
const skills = DEFAULT_SKILLS as unknown as SkillView[];
const settings: CommunitySettingsView = {
  version: 4,
  name: { 'zh-CN': '杏园社区', en: 'Apricot Court' },
  languages: ['zh-CN', 'en'],
  timeZone: 'Asia/Shanghai',
  secondTimeZone: null,
  openingHours: [
    { day: 0, from: 600, to: 840 },
    { day: 0, from: 960, to: 1_140 },
    { day: 6, from: 0, to: 1_440 },
  ],
  holidays: ['2027-01-01', '2027-02-17'],
  centrePhone: '0903-000 0126',
  emergencyNumbers: [{ number: '120', name: { en: 'Ambulance' } }],
  centrePoint: [79.92, 37.11],
  kindsOfHelp: kinds.slice(0, 3),
  skills: skills.slice(0, 2),
  buildings: [
    {
      name: { 'zh-CN': '6号楼', ug: '6-بىنا', en: 'Building 6' },
      households: 36,
      zone: { en: 'South', 'zh-CN': '南区' },
      hasFootprint: true,
    },
    { name: { en: 'Old hall' }, households: null, zone: null, hasFootprint: false },
  ],
};
const english = (text: LocalisedText): string => text.en ?? '';
const read = () => draftOf(settings, english);

describe('the settings of a community in the fields of the page', () => {
  it('go back to the server as they came when nothing was changed, the midday pause included', () => {
    const { version: _version, buildings: _buildings, ...rest } = settings;
    expect(settingsOf(read(), settings)).to.deep.equal(rest);
    expect(changedKeys(read(), read())).to.deep.equal([]);
  });

  it('keep a pause that still lies between opening and closing, and drop one that does not', () => {
    const draft = read();
    draft.hours[0] = { ...draft.hours[0], isOpen: true, from: '09:00', to: '20:00' };
    expect(settingsOf(draft, settings).openingHours.slice(0, 2)).to.deep.equal([
      { day: 0, from: 540, to: 840 },
      { day: 0, from: 960, to: 1_200 },
    ]);
    draft.hours[0] = { ...draft.hours[0], isOpen: true, from: '09:00', to: '15:00' };
    expect(settingsOf(draft, settings).openingHours[0]).to.deep.equal({ day: 0, from: 540, to: 900 });
  });

  it('list the buildings one a line, as the typed list reads them', () => {
    expect(read().typed).to.equal('Building 6, 36, South\nOld hall');
    const { buildings, problems } = readTypedBuildings(read().typed);
    expect(problems).to.deep.equal([]);
    // Saving must not ask for buildings when that part of the page was never opened.
    expect(read().buildings).to.deep.equal(buildings);
    expect(buildings.map(({ name, households, zoneName }) => [name, households, zoneName])).to.deep.equal([
      ['Building 6', 36, 'South'],
      ['Old hall', null, null],
    ]);
  });

  it('offer what was switched off again, from the default lists', () => {
    const lists = listsOf(settings, { kindsOfHelp: kinds, skills });
    expect(lists.kindsOfHelp).to.have.length(kinds.length);
    const draft = { ...read(), kindIds: [...read().kindIds, kinds[5]?.id ?? ''] };
    expect(settingsOf(draft, lists).kindsOfHelp.map(({ id }) => id)).to.deep.equal(draft.kindIds);
  });

  it('are written apart from the buildings, each only when it was changed', () => {
    const phone = changedKeys(read(), { ...read(), centrePhone: '1' });
    expect(writesOf(phone)).to.deep.equal({ settings: true, buildings: false });
    const list = changedKeys(read(), { ...read(), typed: '1, 20', buildings: [] });
    expect(writesOf(list)).to.deep.equal({ settings: false, buildings: true });
  });

  it('after somebody else saved, hold what was typed here and what they wrote elsewhere', () => {
    const mine = { ...read(), centrePhone: '0903 1', holidays: '2027-05-01' };
    const theirs = { ...read(), centrePhone: '0903 2', kindIds: ['shopping'] };
    const { draft, clashes } = mergeDrafts(read(), mine, theirs);
    expect(draft).to.deep.include({
      centrePhone: '0903 1',
      holidays: '2027-05-01',
      kindIds: ['shopping'],
    });
    expect(clashes).to.deep.equal(['centrePhone']);
    const { draft: mixed } = mergeDrafts(read(), read(), { ...read(), typed: '7, 20' });
    expect(mixed.buildings.map(({ name }) => name)).to.deep.equal(['7']);
  });

  it('name the buildings that would be gone, whichever language or number they are typed in', () => {
    const gone = (...names: string[]): string[] => goneBuildings(settings, names).map(english);
    expect(gone('6号楼', 'Old hall')).to.deep.equal([]);
    expect(gone('6', 'Old hall')).to.deep.equal([]);
    expect(gone('Building 7')).to.deep.equal(['Building 6', 'Old hall']);
  });
});
