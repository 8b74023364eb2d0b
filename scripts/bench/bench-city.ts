import type { Helper, MatchRequest, Moment, Point } from '../../src/matching/match-types.ts';
import { seededRandom } from '../../src/matching/seeded-hash.ts';

/** Wednesday 10:00 on the community's wall clock. */
export const MOMENT: Moment = { now: Date.UTC(2026, 2, 4, 2, 0), weekMinute: 2 * 1440 + 600 };

const CENTRE: Point = [87.6, 43.8];
const SKILLS = 40;
const METRES_PER_DEGREE = 111_195;

/** A seeded city: 60 Gaussian clusters and 15 % uniform on 40 km by 40 km; skills by Zipf's law. */
export interface BenchCity {
  point(): Point;
  skill(): number;
  readonly random: () => number;
}

export function benchCity(seed: number): BenchCity {
  const random = seededRandom(seed);
  const clusters = Array.from({ length: 60 }, () => ({
    x: (random() - 0.5) * 36_000,
    y: (random() - 0.5) * 36_000,
    spread: 300 + random() * 1200,
  }));
  const harmonic: number[] = [];
  let sum = 0;
  for (let skill = 1; skill <= SKILLS; skill += 1) harmonic.push((sum += 1 / skill));
  return {
    random,
    point() {
      const cluster = clusters[Math.floor(random() * clusters.length)]!;
      const isUniform = random() < 0.15;
      const x = isUniform ? (random() - 0.5) * 40_000 : cluster.x + cluster.spread * gauss(random);
      const y = isUniform ? (random() - 0.5) * 40_000 : cluster.y + cluster.spread * gauss(random);
      const latitude = CENTRE[1] + y / METRES_PER_DEGREE;
      const longitude = CENTRE[0] + x / (METRES_PER_DEGREE * Math.cos((CENTRE[1] * Math.PI) / 180));
      return [longitude, latitude];
    },
    skill() {
      const at = random() * sum;
      return harmonic.findIndex((limit) => at <= limit);
    },
  };
}

export function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const WORK_WEEK = Array.from({ length: 7 }, (_, day) => ({ from: day * 1440 + 480, to: day * 1440 + 1200 }));
const EVENINGS = Array.from({ length: 7 }, (_, day) => ({ from: day * 1440 + 1080, to: day * 1440 + 1320 }));

/** A helper with everything that constraints and score look at; 60 % are available. */
export function benchHelper(city: BenchCity, no: number): Helper {
  const { random } = city;
  const skills = new Set(Array.from({ length: 1 + Math.floor(random() * 5) }, () => city.skill()));
  const offered = Math.floor(random() * 40);
  const accepted = Math.floor(random() * (offered + 1));
  const promised = Math.floor(random() * 20);
  const week = random();
  return {
    helperId: `h${no}`,
    householdId: random() < 0.3 ? `home${Math.floor(random() * 1e6)}` : null,
    areaId: `area${Math.floor(random() * 60)}`,
    point: city.point(),
    radiusMetres: 5000,
    skills: [...skills].map((skill) => ({
      skillId: `skill${skill}`,
      level: (1 + Math.floor(random() * 3)) as 1 | 2 | 3,
      verified: random() < 0.7,
    })),
    trustTier: random() < 0.2 ? 0 : random() < 0.5 ? 1 : random() < 0.7 ? 2 : 3,
    languages: random() < 0.5 ? ['zh'] : random() < 0.6 ? ['zh', 'ug'] : ['ug'],
    gender: random() < 0.55 ? 'woman' : 'man',
    weekly: week < 0.4 ? [] : week < 0.8 ? WORK_WEEK : EVENINGS,
    quietHours: random() < 0.7 ? { from: 1320, to: 420 } : null,
    breaksQuietHoursForCritical: random() < 0.3,
    isOnDuty: random() < 0.6,
    isSuspended: false,
    maxTasks: 2,
    activeTasks: 0,
    openOffers: Math.floor(random() * 2),
    offersToday: Math.floor(random() * 4),
    maxOffersPerDay: 6,
    nextOfferNotBefore: random() < 0.1 ? MOMENT.now + 1e6 : 0,
    blocked: random() < 0.05 ? [`account${Math.floor(random() * 1e4)}`] : [],
    kindsNotDone: random() < 0.1 ? [`kind${Math.floor(random() * 20)}`] : [],
    automaticRanking: random() < 0.95,
    reachability: random() < 0.8 ? 1 : 0.6,
    history: {
      offered,
      accepted,
      declined: Math.floor((offered - accepted) / 2),
      lapsed: Math.ceil((offered - accepted) / 2),
      promised,
      kept: promised - Math.floor(random() * random() * promised),
      minutesLast28Days: Math.floor(random() * random() * 1500),
      offersLast7Days: Math.floor(random() * 8),
      lastOfferedAt: offered === 0 ? null : MOMENT.now - random() * 1e9,
      lastSeenAt: MOMENT.now - random() * 1e9,
    },
  };
}

/** A request of the same city: one skill by Zipf, half of them with further wishes. */
export function benchRequest(city: BenchCity, no: number): MatchRequest {
  const { random } = city;
  return {
    requestId: `r${no}`,
    kindId: `kind${Math.floor(random() * 20)}`,
    tier: random() < 0.5 ? 0 : random() < 0.7 ? 1 : 2,
    urgency: (['critical', 'high', 'normal', 'low'] as const)[Math.floor(random() * 4)]!,
    areaId: 'area0',
    point: city.point(),
    partyIds: [`account${Math.floor(random() * 1e4)}`],
    householdId: random() < 0.5 ? `home${Math.floor(random() * 1e6)}` : null,
    requiredSkills: [{ skillId: `skill${city.skill()}`, mustBeVerified: random() < 0.3 }],
    preferredSkills: random() < 0.2 ? [`skill${city.skill()}`] : [],
    languages: random() < 0.5 ? ['ug'] : ['zh', 'ug'],
    genderWish: random() < 0.2 ? 'woman' : null,
    startsAt: MOMENT.now + 3_600_000,
    minutes: 30 + 15 * Math.floor(random() * 8),
    startWeekMinute: 2 * 1440 + 660 + 15 * Math.floor(random() * 8),
    isAsap: random() < 0.3,
    excludedHelperIds: random() < 0.3 ? [`h${Math.floor(random() * 1e4)}`] : [],
    helpedBeforeIds: random() < 0.3 ? [`h${Math.floor(random() * 1e4)}`] : [],
  };
}
