import type { Helper, MatchRequest, Moment, Point, Urgency } from '../../../src/matching/match-types.ts';
import { seededRandom } from '../../../src/matching/seeded-hash.ts';

export const NOW = Date.UTC(2026, 2, 4, 10, 0);

/** How the helpers of a case lie on the earth. */
export const LAYOUTS = [
  'dense',
  'sparse',
  'one building',
  'line',
  'date line',
  'north pole',
  'south pole',
  'equal scores',
  'whole world',
  'one far away',
  'radius 0',
  'nobody',
] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface City {
  readonly helpers: Helper[];
  readonly random: () => number;
  readonly layout: Layout;
}

/** A city of `count` random helpers; the same seed gives the same city. */
export function randomCity(layout: Layout, count: number, seed: number): City {
  const random = seededRandom(seed);
  const helpers: Helper[] = [];
  const size = layout === 'nobody' ? 0 : count;
  for (let i = 0; i < size; i += 1) helpers.push(randomHelper(`h${i}`, layout, random));
  return { helpers, random, layout };
}

export function randomHelper(helperId: string, layout: Layout, random: () => number): Helper {
  const isEqual = layout === 'equal scores';
  const point = randomPoint(layout, random);
  const base = plainHelper(helperId, point);
  if (isEqual) return { ...base, isOnDuty: random() < 0.9 };
  const between = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  const chance = (p: number): boolean => random() < p;
  const offered = between(0, 30);
  const accepted = between(0, offered);
  const declined = between(0, offered - accepted);
  const promised = between(0, 20);
  const reach = layout === 'radius 0' ? 0 : layout === 'whole world' ? between(0, 2e7) : between(50, 6000);
  return {
    ...base,
    householdId: chance(0.3) ? `household${between(0, 30)}` : null,
    areaId: `area${between(0, 5)}`,
    radiusMetres: chance(0.1) ? reach + 0.5 : reach,
    skills: randomSkills(random),
    trustTier: between(0, 3) as Helper['trustTier'],
    languages: randomLanguages(random),
    gender: chance(0.1) ? null : chance(0.5) ? 'woman' : 'man',
    weekly: randomWeek(random),
    quietHours: chance(0.4) ? { from: between(0, 1440), to: between(0, 1440) } : null,
    breaksQuietHoursForCritical: chance(0.5),
    isOnDuty: chance(0.8),
    isSuspended: chance(0.05),
    maxTasks: between(0, 3),
    activeTasks: between(0, 2),
    openOffers: between(0, 2),
    offersToday: between(0, 6),
    maxOffersPerDay: between(3, 6),
    nextOfferNotBefore: NOW + between(-100, 20) * 60_000,
    blocked: chance(0.1) ? [`account${between(0, 9)}`] : [],
    kindsNotDone: chance(0.2) ? [`kind${between(0, 40)}`, 'kind1'] : [],
    automaticRanking: chance(0.85),
    reachability: random(),
    history: {
      offered,
      accepted,
      declined,
      lapsed: offered - accepted - declined,
      promised,
      kept: between(0, promised),
      minutesLast28Days: between(0, 2000),
      offersLast7Days: between(0, 15),
      lastOfferedAt: offered === 0 ? null : NOW - between(0, 20_000) * 60_000,
      lastSeenAt: chance(0.3) ? null : NOW - between(0, 20_000) * 60_000,
    },
  };
}

export function plainHelper(helperId: string, point: Point): Helper {
  return {
    helperId,
    householdId: null,
    areaId: 'area0',
    point,
    radiusMetres: 5000,
    skills: [
      { skillId: 'skill0', level: 2, verified: true },
      { skillId: 'skill1', level: 1, verified: false },
    ],
    trustTier: 3,
    languages: ['zh', 'ug'],
    gender: 'woman',
    weekly: [],
    quietHours: null,
    breaksQuietHoursForCritical: false,
    isOnDuty: true,
    isSuspended: false,
    maxTasks: 2,
    activeTasks: 0,
    openOffers: 0,
    offersToday: 0,
    maxOffersPerDay: 6,
    nextOfferNotBefore: 0,
    blocked: [],
    kindsNotDone: [],
    automaticRanking: true,
    reachability: 1,
    history: {
      offered: 0,
      accepted: 0,
      declined: 0,
      lapsed: 0,
      promised: 0,
      kept: 0,
      minutesLast28Days: 0,
      offersLast7Days: 0,
      lastOfferedAt: null,
      lastSeenAt: null,
    },
  };
}

export function plainRequest(point: Point): MatchRequest {
  return {
    requestId: 'request0',
    kindId: 'kind0',
    tier: 0,
    urgency: 'normal',
    areaId: 'area0',
    point,
    partyIds: ['author'],
    householdId: null,
    requiredSkills: [{ skillId: 'skill0', mustBeVerified: false }],
    preferredSkills: [],
    languages: [],
    genderWish: null,
    startsAt: NOW + 3_600_000,
    minutes: 60,
    startWeekMinute: 2 * 1440 + 660,
    isAsap: false,
    excludedHelperIds: [],
    helpedBeforeIds: [],
  };
}

export function randomRequest(city: City, no: number): { request: MatchRequest; moment: Moment } {
  const { random } = city;
  const between = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  const chance = (p: number): boolean => random() < p;
  const someIds = (p: number): string[] =>
    chance(p) ? Array.from({ length: between(1, 4) }, () => `h${between(0, city.helpers.length)}`) : [];
  const skills = new Set(Array.from({ length: [0, 1, 1, 1, 2, 3][between(0, 5)]! }, () => anySkill(random)));
  const request: MatchRequest = {
    ...plainRequest(randomPoint(city.layout, random)),
    requestId: `request${no}`,
    kindId: `kind${between(0, 40)}`,
    tier: [0, 0, 1, 2, 3][between(0, 4)] as MatchRequest['tier'],
    urgency: (['critical', 'high', 'normal', 'low'] as readonly Urgency[])[between(0, 3)]!,
    partyIds: [`account${between(0, 9)}`, ...someIds(0.2)],
    householdId: chance(0.3) ? `household${between(0, 30)}` : null,
    requiredSkills: [...skills].map((skillId) => ({ skillId, mustBeVerified: chance(0.3) })),
    preferredSkills: chance(0.3) ? [...new Set([anySkill(random), anySkill(random)])] : [],
    languages: chance(0.5) ? [...new Set(randomLanguages(random))] : [],
    genderWish: chance(0.2) ? (chance(0.5) ? 'woman' : 'man') : null,
    minutes: between(1, 300),
    startWeekMinute: between(0, 10_079),
    isAsap: chance(0.4),
    excludedHelperIds: someIds(0.3),
    helpedBeforeIds: someIds(0.4),
  };
  return { request, moment: { now: NOW, weekMinute: between(0, 10_079) } };
}

function anySkill(random: () => number): string {
  return `skill${Math.floor(random() * random() * 9)}`;
}

function randomSkills(random: () => number): Helper['skills'] {
  const ids = new Set(Array.from({ length: Math.floor(random() * 5) }, () => anySkill(random)));
  return [...ids].map((skillId) => ({
    skillId,
    level: (1 + Math.floor(random() * 3)) as 1 | 2 | 3,
    verified: random() < 0.6,
  }));
}

/** Mostly two common languages, and a tail of many, more than a machine word has bits. */
function randomLanguages(random: () => number): string[] {
  const all = ['zh', 'ug', 'en', 'kk'];
  const known = all.filter(() => random() < 0.5);
  if (random() < 0.2) known.push(`rare${Math.floor(random() * 45)}`);
  return known;
}

function randomWeek(random: () => number): Helper['weekly'] {
  const kind = random();
  if (kind < 0.3) return [];
  if (kind < 0.6) {
    const from = 60 * Math.floor(random() * 12);
    return [0, 1, 2, 3, 4, 5, 6].map((day) => ({ from: day * 1440 + from, to: day * 1440 + from + 720 }));
  }
  if (kind < 0.7) return [{ from: 0, to: 10_080 }];
  if (kind < 0.75)
    return [
      { from: 9000, to: 10_080 },
      { from: 0, to: 3000 },
    ];
  return Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
    const from = Math.floor(random() * 10_000);
    return { from, to: Math.min(10_080, from + 1 + Math.floor(random() * 2000)) };
  });
}

/** A place of the layout; places repeat on purpose in some, so that equal distances occur. */
export function randomPoint(layout: Layout, random: () => number): Point {
  const spread = (size: number): number => (random() - 0.5) * size;
  switch (layout) {
    case 'one building':
      return [87.6, 43.8];
    case 'line':
      return [87.6 + spread(0.3), 43.8];
    case 'equal scores':
      return [87.6 + Math.floor(random() * 8) * 0.002, 43.8 + Math.floor(random() * 8) * 0.002];
    case 'date line': {
      const longitude = 180 + spread(0.1);
      return [longitude > 180 ? longitude - 360 : longitude, -17 + spread(0.1)];
    }
    case 'north pole':
      return [spread(360), 90 - random() * 0.05];
    case 'south pole':
      return [random() < 0.1 ? 0 : spread(360), random() < 0.1 ? -90 : -90 + random() * 0.05];
    case 'sparse':
      return [87 + spread(6), 43 + spread(6)];
    case 'whole world':
      return [spread(360), (Math.asin(2 * random() - 1) * 180) / Math.PI];
    case 'one far away':
      return random() < 0.01 ? [-70, -30] : [87.6 + spread(0.1), 43.8 + spread(0.1)];
    case 'radius 0':
      return [87.6 + Math.floor(random() * 5) * 0.001, 43.8];
    default:
      return [87.6 + spread(0.08) * random(), 43.8 + spread(0.08) * random()];
  }
}
