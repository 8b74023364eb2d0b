import { DEFAULT_KINDS, DEFAULT_SKILLS } from '../../src/communities/default-kinds.ts';
import type { Building, Community } from '../../src/communities/community-types.ts';

/** A plain estate of six buildings in two zones; building 6 is too small to be shown. Open every day from 8 to 20. */
export function sampleCommunity(slug: string, newId: () => string): Omit<Community, 'id' | 'version'> {
  const zones = ['North', 'South'].map((name) => ({ id: newId(), name: { en: name } }));
  const buildings = [1, 2, 3, 4, 5, 6].map((number): Building => ({
    id: newId(),
    name: {
      en: `Building ${String(number)}`,
      'zh-CN': `${String(number)}号楼`,
      ug: `${String(number)}-بىنا`,
    },
    footprint: null,
    point: [79.93 + number / 2_000, 37.08 + number / 4_000],
    zoneId: zones[number <= 3 ? 0 : 1]?.id ?? null,
    households: number === 6 ? 8 : 30,
  }));
  return {
    slug,
    name: { en: 'Test Court', 'zh-CN': '测试社区', ug: 'سىناق مەھەللىسى' },
    languages: ['zh-CN', 'ug', 'en'],
    timeZone: 'Asia/Shanghai',
    secondTimeZone: 'Asia/Urumqi',
    openingHours: [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, from: 480, to: 1_200 })),
    holidays: [],
    centrePhone: '0903 2512345',
    emergencyNumbers: [{ number: '120', name: { en: 'Ambulance', 'zh-CN': '急救' } }],
    centrePoint: [79.932, 37.081],
    kindsOfHelp: DEFAULT_KINDS,
    skills: DEFAULT_SKILLS,
    zones,
    buildings,
    plan: null,
  };
}
