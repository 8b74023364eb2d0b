import type { Language, Role } from '../shared/vocabulary.ts';
import {
  ENGLISH_NAMES,
  HAN_FAMILY,
  HAN_MEN,
  HAN_WOMEN,
  UYGHUR_FATHERS,
  UYGHUR_MEN,
  UYGHUR_WOMEN,
} from './people-names.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface SampleSkill {
  readonly skillId: string;
  readonly level: 1 | 2 | 3;
  readonly verified: boolean;
}

export interface SampleHelper {
  readonly skills: readonly SampleSkill[];
  readonly weekly: readonly { readonly day: number; readonly from: number; readonly to: number }[];
  readonly radiusMetres: number;
  readonly maxTasks: number;
  readonly languages: readonly Language[];
  readonly gender: 'woman' | 'man' | null;
  readonly trustTier: 0 | 1 | 2 | 3;
  readonly isOnDuty: boolean;
  /** How this simulated neighbour behaves: chance to accept, to decline; the rest stays silent. */
  readonly accepts: number;
  readonly declines: number;
}

export interface SamplePerson {
  readonly signInName: string;
  readonly displayName: string;
  readonly language: Language;
  readonly mode: 'normal' | 'elder';
  readonly roles: readonly Role[];
  readonly buildingNumber: number;
  readonly door: string;
  readonly phone: string;
  readonly helper: SampleHelper | null;
  /** Set for the people a visitor can be. */
  readonly persona: 'resident' | 'elder' | 'volunteer' | 'staff' | null;
}

/** Skill of each sample volunteer trade: what they do, how well, and whether the centre has checked it. */
const TRADES: readonly (readonly SampleSkill[])[] = [
  [
    { skillId: 'repair', level: 3, verified: true },
    { skillId: 'carrying', level: 2, verified: false },
  ],
  [
    { skillId: 'shopping', level: 2, verified: false },
    { skillId: 'visit', level: 2, verified: true },
  ],
  [
    { skillId: 'doctor', level: 2, verified: true },
    { skillId: 'interpreter', level: 2, verified: true },
  ],
  [
    { skillId: 'phone-computer', level: 3, verified: true },
    { skillId: 'reading-forms', level: 2, verified: false },
  ],
  [
    { skillId: 'reading-forms', level: 3, verified: true },
    { skillId: 'interpreter', level: 3, verified: true },
    { skillId: 'tutoring', level: 2, verified: true },
  ],
  [
    { skillId: 'cooking', level: 2, verified: false },
    { skillId: 'shopping', level: 2, verified: false },
    { skillId: 'child-care', level: 2, verified: true },
  ],
  [
    { skillId: 'carrying', level: 2, verified: false },
    { skillId: 'ride', level: 2, verified: true },
    { skillId: 'something-else', level: 1, verified: false },
  ],
  [
    { skillId: 'visit', level: 3, verified: true },
    { skillId: 'something-else', level: 2, verified: false },
  ],
];

const WORKDAYS = [0, 1, 2, 3, 4];
const hours = (days: readonly number[], from: number, to: number): SampleHelper['weekly'] =>
  days.map((day) => ({ day, from: from * 60, to: to * 60 }));
/** Half of them are about at any hour, so that the sample estate lives whenever a visitor opens it. */
const WEEKS: readonly SampleHelper['weekly'][] = [
  hours([0, 1, 2, 3, 4, 5, 6], 0, 24),
  hours([0, 1, 2, 3, 4, 5, 6], 0, 24),
  hours([0, 1, 2, 3, 4, 5, 6], 0, 24),
  [...hours(WORKDAYS, 18, 23), ...hours([5, 6], 9, 22)],
  hours(WORKDAYS, 9, 18),
  hours([0, 1, 2, 3, 4, 5, 6], 10, 20),
];

function nameOf(random: SeededRandom, language: Language, gender: 'woman' | 'man'): string {
  if (language === 'ug') {
    return `${random.pick(gender === 'woman' ? UYGHUR_WOMEN : UYGHUR_MEN)} ${random.pick(UYGHUR_FATHERS)}`;
  }
  if (language === 'en') return random.pick(ENGLISH_NAMES);
  return random.pick(HAN_FAMILY) + random.pick(gender === 'woman' ? HAN_WOMEN : HAN_MEN);
}

function helperOf(
  random: SeededRandom,
  trade: number,
  language: Language,
  gender: 'woman' | 'man',
): SampleHelper {
  const languages: Language[] = [language];
  const second: Language = language === 'ug' ? 'zh-CN' : 'ug';
  if (random.chance(language === 'ug' ? 0.75 : 0.4)) languages.push(second);
  if (random.chance(0.15) && !languages.includes('en')) languages.push('en');
  const skills = TRADES[trade % TRADES.length] ?? [];
  return {
    skills,
    weekly: random.pick(WEEKS),
    radiusMetres: random.pick([400, 600, 800, 1200]),
    maxTasks: random.pick([1, 1, 2, 2, 3]),
    languages,
    gender,
    // The centre lets only people it knows well look after children.
    trustTier: skills.some(({ skillId }) => skillId === 'child-care')
      ? 3
      : random.pick([1, 1, 2, 2, 3] as const),
    isOnDuty: random.chance(0.7),
    accepts: 0.35 + random.next() * 0.4,
    declines: 0.1 + random.next() * 0.25,
  };
}

/** Phones of the sample people are in a range that is not given out. */
function phoneOf(index: number): string {
  return `0903-000${String(index).padStart(4, '0')}`;
}

function doorOf(random: SeededRandom): string {
  return `${1 + random.below(4)}-${1 + random.below(6)}0${1 + random.below(4)}`;
}

const WHOLE_WEEK = hours([0, 1, 2, 3, 4, 5, 6], 0, 24);

function personas(): SamplePerson[] {
  const base = { mode: 'normal', helper: null, roles: ['resident'] } as const;
  return [
    {
      ...base,
      signInName: 'xiulan',
      displayName: '王秀兰 (Xiulan)',
      language: 'zh-CN',
      buildingNumber: 6,
      door: '2-301',
      phone: phoneOf(1),
      persona: 'resident',
    },
    {
      ...base,
      signInName: 'patigul',
      displayName: 'پاتىگۈل (Patigül)',
      language: 'ug',
      mode: 'elder',
      buildingNumber: 11,
      door: '1-102',
      phone: phoneOf(2),
      persona: 'elder',
    },
    {
      ...base,
      signInName: 'alim',
      displayName: 'ئالىم (Alim)',
      language: 'ug',
      roles: ['resident', 'volunteer'],
      buildingNumber: 10,
      door: '3-404',
      phone: phoneOf(3),
      persona: 'volunteer',
      helper: {
        skills: [
          { skillId: 'repair', level: 3, verified: true },
          { skillId: 'shopping', level: 2, verified: true },
          { skillId: 'carrying', level: 2, verified: true },
          { skillId: 'reading-forms', level: 2, verified: true },
        ],
        weekly: WHOLE_WEEK,
        radiusMetres: 1500,
        maxTasks: 4,
        languages: ['ug', 'zh-CN', 'en'],
        gender: 'man',
        trustTier: 3,
        isOnDuty: true,
        accepts: 0.6,
        declines: 0.15,
      },
    },
    {
      ...base,
      signInName: 'rena',
      displayName: '热娜 (Rena)',
      language: 'zh-CN',
      roles: ['resident', 'staff'],
      buildingNumber: 13,
      door: '1-201',
      phone: phoneOf(4),
      persona: 'staff',
    },
  ];
}

/**
 * The sample neighbourhood's people: 220 residents, 70 of them volunteers, 3 more staff and an administrator.
 * Same seed, same people. The first four are the ones a visitor can be.
 */
export function buildPeople(
  random: SeededRandom,
  counts = { residents: 220, volunteers: 70, staff: 3 },
): SamplePerson[] {
  const people = personas();
  for (let index = people.length; index < counts.residents; index += 1) {
    const roll = random.next();
    const language: Language = roll < 0.52 ? 'ug' : roll < 0.97 ? 'zh-CN' : 'en';
    const gender = random.chance(0.55) ? 'woman' : 'man';
    const isVolunteer = index < counts.volunteers + 3;
    people.push({
      signInName: `neighbour${String(index).padStart(3, '0')}`,
      displayName: nameOf(random, language, gender),
      language,
      mode: !isVolunteer && random.chance(0.25) ? 'elder' : 'normal',
      roles: isVolunteer ? ['resident', 'volunteer'] : ['resident'],
      buildingNumber: 1 + random.below(24),
      door: doorOf(random),
      phone: phoneOf(index + 1),
      helper: isVolunteer ? helperOf(random, index, language, gender) : null,
      persona: null,
    });
  }
  for (let index = 0; index < counts.staff; index += 1) {
    people.push({
      signInName: index === 0 ? 'director' : `desk${index}`,
      displayName: nameOf(random, index % 2 === 0 ? 'zh-CN' : 'ug', 'woman'),
      language: index % 2 === 0 ? 'zh-CN' : 'ug',
      mode: 'normal',
      roles: index === 0 ? ['resident', 'staff', 'administrator'] : ['resident', 'staff'],
      buildingNumber: 13 + index,
      door: doorOf(random),
      phone: phoneOf(800 + index),
      helper: null,
      persona: null,
    });
  }
  return people;
}
