import type { Helper, MatchRequest, Point, Urgency } from './match-types.ts';
import { seededRandom } from './seeded-hash.ts';

/**
 * The simulated neighbourhood: who lives there, who needs what and when, and how people really answer, which
 * the engine does not see. Constants carry their source; those without one are marked "chosen".
 */
export const WORLD = {
  helpers: 900,
  days: 14,
  requestsPerDay: 24,
  areas: 12,
  skills: 12,
  /** Side of the neighbourhood in metres (chosen: a sub-district of a city). */
  side: 3000,
  /** Mix of urgencies (chosen). */
  urgencies: { critical: 0.04, high: 0.16, normal: 0.5, low: 0.3 },
  /** Minutes until a request is past its deadline, by urgency (lifecycle of the product). */
  deadlineMinutes: { critical: 15, high: 60, normal: 12 * 60, low: 48 * 60 },
  twoSlots: 0.1,
  /** Mean chance of accepting when attentive; 17-47 % observed (Khalemsky et al., JMIR mHealth 2023). */
  acceptMean: 0.32,
  /** Spread of personal log-odds around it (chosen so that most people lie in 0.17-0.47). */
  acceptSpread: 0.7,
  /** Hourly chance that attention comes back (chosen; scarce attention of Manshadi and Rodilitz, EC'20). */
  hazardPerHour: 0.06,
  /** Openings of the app per day that bring attention back (chosen). */
  opensPerDay: 0.4,
  /** Answer delay, log-normal: median minutes and sigma (chosen after response times in GoodSAM studies). */
  delayMedianMinutes: { critical: 1, high: 3, normal: 6, low: 10 },
  delaySigma: 0.8,
  noShow: 0.05,
} as const;

export interface WorldSize {
  readonly helpers?: number;
  readonly days?: number;
  readonly requestsPerDay?: number;
}

export interface SimHelper {
  readonly helper: Helper;
  /** True log-odds of accepting, before the way is counted. */
  readonly odds: number;
  readonly area: number;
}

export interface SimRequest {
  readonly request: MatchRequest;
  readonly at: number;
  readonly slots: number;
  readonly area: number;
  readonly no: number;
}

export interface World {
  readonly seed: number;
  readonly days: number;
  readonly helpers: readonly SimHelper[];
  readonly requests: readonly SimRequest[];
}

/** Monday 00:00 UTC; the simulated wall clock is UTC. */
export const START = Date.UTC(2026, 2, 2);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const METRES_PER_DEGREE = 111_195;

/** Minute of the local week of a simulated moment. */
export function weekMinuteOf(at: number): number {
  return Math.floor((at - START) / MINUTE) % 10_080;
}

/** A neighbourhood drawn from a seed: same seed, same people and same requests for every policy. */
export function createWorld(seed: number, size: WorldSize = {}): World {
  const random = seededRandom(seed);
  const days = size.days ?? WORLD.days;
  const centres = Array.from({ length: WORLD.areas }, () => place(random, WORLD.side));
  const helpers = Array.from({ length: size.helpers ?? WORLD.helpers }, (_, no) =>
    drawHelper(no, centres, random),
  );
  const requests: SimRequest[] = [];
  const perHour = (size.requestsPerDay ?? WORLD.requestsPerDay) / 24;
  for (let at = START; ;) {
    at += (-Math.log(1 - random()) / (2 * perHour)) * HOUR;
    if (at >= START + days * 24 * HOUR) break;
    // Thinning of a Poisson stream gives the curve of the day (Lewis and Shedler, 1979).
    if (random() < dayCurve(at) / 2) requests.push(drawRequest(requests.length, at, centres, random));
  }
  return { seed, days, helpers, requests };
}

/** Requests by hour of the day, mean 1, at most 2: quiet nights, a peak in the morning (chosen). */
function dayCurve(at: number): number {
  const hour = Math.floor((at - START) / HOUR) % 24;
  if (hour < 6) return 0.15;
  if (hour < 8) return 0.8;
  if (hour < 12) return 2;
  if (hour < 20) return 1.45;
  return 0.6;
}

function place(random: () => number, spread: number): Point {
  const x = (random() - 0.5) * spread;
  const y = (random() - 0.5) * spread;
  return [87.6 + x / (METRES_PER_DEGREE * Math.cos((43.8 * Math.PI) / 180)), 43.8 + y / METRES_PER_DEGREE];
}

function near(centre: Point, random: () => number): Point {
  const at = place(random, 500);
  return [centre[0] + at[0] - 87.6, centre[1] + at[1] - 43.8];
}

function zipf(random: () => number): number {
  return Math.floor(WORLD.skills ** random()) - 1;
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function drawHelper(no: number, centres: readonly Point[], random: () => number): SimHelper {
  const area = Math.floor(random() ** 1.4 * centres.length);
  const skills = new Set(Array.from({ length: 2 + Math.floor(random() * 3) }, () => zipf(random)));
  const from = 60 * (6 + Math.floor(random() * 8));
  const to = Math.min(1440, from + 60 * (4 + Math.floor(random() * 8)));
  const weekly = [0, 1, 2, 3, 4, 5, 6]
    .filter(() => random() < 0.7)
    .map((day) => ({ from: day * 1440 + from, to: day * 1440 + to }));
  const helper: Helper = {
    helperId: `h${no}`,
    householdId: random() < 0.4 ? `home${Math.floor(no / 2)}` : null,
    areaId: `area${area}`,
    point: near(centres[area]!, random),
    radiusMetres: 800 + Math.floor(random() * 2700),
    skills: [...skills].map((skill) => ({
      skillId: `skill${skill}`,
      level: (1 + Math.floor(random() * 3)) as 1 | 2 | 3,
      verified: random() < 0.8,
    })),
    trustTier: random() < 0.15 ? 0 : random() < 0.4 ? 1 : 2,
    languages: random() < 0.4 ? ['zh'] : random() < 0.5 ? ['ug'] : ['zh', 'ug'],
    gender: random() < 0.55 ? 'woman' : 'man',
    weekly: random() < 0.2 ? [] : weekly.length > 0 ? weekly : [{ from: 0, to: 10_080 }],
    quietHours: { from: 22 * 60, to: 7 * 60 },
    breaksQuietHoursForCritical: random() < 0.4,
    isOnDuty: random() < 0.9,
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
  const mean = Math.log(WORLD.acceptMean / (1 - WORLD.acceptMean));
  return { helper, odds: mean + WORLD.acceptSpread * gauss(random), area };
}

function drawUrgency(random: () => number): Urgency {
  let left = random();
  for (const urgency of ['critical', 'high', 'normal'] as const) {
    left -= WORLD.urgencies[urgency];
    if (left < 0) return urgency;
  }
  return 'low';
}

function drawRequest(no: number, at: number, centres: readonly Point[], random: () => number): SimRequest {
  const urgency = drawUrgency(random);
  const area = Math.floor(random() * centres.length);
  const isSoon = urgency === 'critical' || urgency === 'high';
  const startsAt = at + (isSoon ? 0.5 : 3 + random() * 40) * HOUR;
  const request: MatchRequest = {
    requestId: `r${no}`,
    kindId: `kind${Math.floor(random() * 8)}`,
    tier: random() < 0.6 ? 0 : random() < 0.7 ? 1 : 2,
    urgency,
    areaId: `area${area}`,
    point: near(centres[area]!, random),
    partyIds: [`author${no}`],
    householdId: null,
    requiredSkills: [{ skillId: `skill${zipf(random)}`, mustBeVerified: random() < 0.2 }],
    preferredSkills: [],
    languages: random() < 0.3 ? ['ug'] : random() < 0.5 ? ['zh', 'ug'] : [],
    genderWish: random() < 0.1 ? 'woman' : null,
    startsAt,
    minutes: 30 + 15 * Math.floor(random() * 6),
    startWeekMinute: weekMinuteOf(startsAt),
    isAsap: isSoon || random() < 0.4,
    excludedHelperIds: [],
    helpedBeforeIds: [],
  };
  return { request, at, slots: random() < WORLD.twoSlots ? 2 : 1, area, no };
}

/** Whether this helper would accept this request when attentive: one fixed draw, the same for every policy. */
export function wouldAccept(world: World, helperNo: number, request: SimRequest, metres: number): boolean {
  const random = seededRandom((world.seed * 2654435761) ^ (helperNo * 40_503) ^ (request.no * 65_537));
  random();
  const odds =
    world.helpers[helperNo]!.odds - metres / 4000 + (request.request.urgency === 'critical' ? 0.5 : 0);
  return random() < 1 / (1 + Math.exp(-odds));
}

/** Minutes until the answer, log-normal; the same for every policy. */
export function answerMinutes(world: World, helperNo: number, request: SimRequest): number {
  const random = seededRandom((world.seed * 97) ^ (helperNo * 7919) ^ (request.no * 104_729));
  random();
  return WORLD.delayMedianMinutes[request.request.urgency] * Math.exp(WORLD.delaySigma * gauss(random));
}
