/**
 * The words of the engine: what it is told about helpers and requests, and what it answers.
 *
 * Units: distances in metres, times in milliseconds since 1970 (UTC), minutes of the local week
 * counted from Monday 00:00 (0..10079), probabilities and parts in [0, 1], points as GeoJSON
 * positions [longitude, latitude]. Places are centres of public places, never homes.
 */
export type Point = readonly [longitude: number, latitude: number];
export type Urgency = 'critical' | 'high' | 'normal' | 'low';

/** A half-open span of the local week in minutes; a span that crosses Sunday night is given as two. */
export interface WeekSpan {
  readonly from: number;
  readonly to: number;
}

export interface HelperSkill {
  readonly skillId: string;
  /** 1 can do it, 2 does it well, 3 does it for a living. */
  readonly level: 1 | 2 | 3;
  readonly verified: boolean;
}

/** What experience says about a helper; all zero for a newcomer. */
export interface HelperHistory {
  readonly offered: number;
  readonly accepted: number;
  readonly declined: number;
  readonly lapsed: number;
  /** Assignments promised and kept (done), for the reliability estimate. */
  readonly promised: number;
  readonly kept: number;
  readonly minutesLast28Days: number;
  readonly offersLast7Days: number;
  readonly lastOfferedAt: number | null;
  /** Last time the helper opened the app or answered: attention is back then. */
  readonly lastSeenAt: number | null;
}

/** Everything the engine knows about one helper. A change is one call with the whole record. */
export interface Helper {
  readonly helperId: string;
  readonly householdId: string | null;
  /** The public place the helper lives in; equal areas get equal treatment (floors per area). */
  readonly areaId: string;
  readonly point: Point;
  readonly radiusMetres: number;
  readonly skills: readonly HelperSkill[];
  readonly trustTier: 0 | 1 | 2 | 3;
  readonly languages: readonly string[];
  readonly gender: 'woman' | 'man' | null;
  readonly weekly: readonly WeekSpan[];
  /** Local minutes of the day; null when the helper has no quiet hours. May cross midnight. */
  readonly quietHours: { readonly from: number; readonly to: number } | null;
  readonly breaksQuietHoursForCritical: boolean;
  readonly isOnDuty: boolean;
  readonly isSuspended: boolean;
  readonly maxTasks: number;
  readonly activeTasks: number;
  readonly openOffers: number;
  readonly offersToday: number;
  readonly maxOffersPerDay: number;
  readonly nextOfferNotBefore: number;
  /** Account ids that this helper blocked or that blocked this helper: mutual by construction. */
  readonly blocked: readonly string[];
  readonly kindsNotDone: readonly string[];
  /** False: this person asked for plain nearest-first treatment. */
  readonly automaticRanking: boolean;
  /** 1 when a live channel (open socket, push) exists, lower when only slow channels do. */
  readonly reachability: number;
  readonly history: HelperHistory;
}

export interface MatchRequest {
  readonly requestId: string;
  readonly kindId: string;
  readonly tier: 0 | 1 | 2 | 3;
  readonly urgency: Urgency;
  readonly areaId: string;
  readonly point: Point;
  /** Author, beneficiary and proxy: never asked for their own request, and checked against blocks. */
  readonly partyIds: readonly string[];
  readonly householdId: string | null;
  /** All are needed. */
  readonly requiredSkills: readonly { readonly skillId: string; readonly mustBeVerified: boolean }[];
  readonly preferredSkills: readonly string[];
  /** The helper shares at least one of these; empty: any. */
  readonly languages: readonly string[];
  readonly genderWish: 'woman' | 'man' | null;
  /** When the help takes place; `startWeekMinute` is `startsAt` on the community's wall clock. */
  readonly startsAt: number;
  readonly minutes: number;
  readonly startWeekMinute: number;
  /** True when anybody free in one of the windows will do soon ("as soon as possible"). */
  readonly isAsap: boolean;
  /** Helpers that were asked, declined, withdrew or did not come: not asked again for this request. */
  readonly excludedHelperIds: readonly string[];
  readonly helpedBeforeIds: readonly string[];
}

/** The moment of ranking; `weekMinute` is `now` on the community's wall clock. */
export interface Moment {
  readonly now: number;
  readonly weekMinute: number;
}

export const REFUSALS = [
  'own_request',
  'same_household',
  'suspended',
  'off_duty',
  'missing_skill',
  'skill_not_verified',
  'trust_tier',
  'gender_wish',
  'language',
  'not_available_then',
  'too_far',
  'too_many_tasks',
  'asked_too_often_today',
  'resting',
  'quiet_hours',
  'blocked',
  'does_not_do_kind',
  'already_asked',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The five parts of a score, each already weighted; they add up to `score` (0..100). */
export interface ScoreParts {
  readonly skillAndLanguage: number;
  readonly near: number;
  readonly free: number;
  readonly keepsPromises: number;
  readonly fairTurn: number;
}

/** A reason in words is a key with values; the sentence is written by the reader's dictionary. */
export type Reason =
  | { readonly key: 'nearest' | 'near' | 'far_but_skilled'; readonly metres: number }
  | { readonly key: 'skill_verified' | 'skill_unverified' | 'expert'; readonly skillId: string }
  | { readonly key: 'same_language'; readonly language: string }
  | { readonly key: 'helped_before' | 'keeps_promises' | 'fair_turn' | 'newcomer' | 'free_then' };

export interface RankedHelper {
  readonly helperId: string;
  readonly metres: number;
  readonly score: number;
  readonly parts: ScoreParts;
  readonly reasons: readonly Reason[];
  /** Chance that this helper accepts when attentive, belief of attention, and both with utility: p·b·u orders waves. */
  readonly acceptance: number;
  readonly attention: number;
  readonly order: number;
  /** For one household per wave and floors per area; absent on entries that were read back from a store. */
  readonly householdId?: string | null;
  readonly areaId?: string;
  /** Last offer (0: never) when it is a week ago or longer, else null: such helpers get a place in a wave. */
  readonly idleSince?: number | null;
}

export interface Ranking {
  readonly requestId: string;
  /** Best first; ties broken by seeded hash of request and helper. */
  readonly ranked: readonly RankedHelper[];
  /** How many helpers are eligible in all (ranked may be cut at `limit`). */
  readonly eligibleCount: number;
  readonly refusedCounts: Readonly<Partial<Record<Refusal, number>>>;
  readonly versions: { readonly engine: string; readonly coefficients: string; readonly weights: string };
  readonly seed: number;
  /** SHA-like digest of request, moment and the values used, for replay. */
  readonly digest: string;
}

/** Who is told in the next wave, or why nobody is. */
export type WavePlan =
  | {
      readonly kind: 'wave';
      readonly waveNo: number;
      readonly helpers: readonly RankedHelper[];
      /** Chance that at least one of them accepts. */
      readonly expectedAcceptance: number;
      readonly waitMs: number;
      /** Reserve candidates in order, for when a reservation of one of `helpers` fails. */
      readonly reserve: readonly RankedHelper[];
    }
  | { readonly kind: 'stop'; readonly reason: 'nobody_eligible' | 'chance_too_small' | 'waves_used_up' };

export interface WaveHistory {
  /** Waves sent so far for this request. */
  readonly wavesSent: number;
  /** Free slots that want a helper. */
  readonly slotsFree: number;
  /** Areas or households already told in this request's open wave. */
  readonly openOffers: number;
}

/** A ranking without its explanations: what the hot path answers. */
export interface BestHelper {
  readonly helperId: string;
  readonly metres: number;
  readonly score: number;
}

/**
 * A list that its owner reuses, so that a search allocates nothing: the first `count` places are the answer, best
 * or nearest first. Made by `createFoundHelpers`.
 */
export interface FoundHelpers {
  count: number;
  readonly helperIds: string[];
  readonly metres: Float64Array;
  readonly scores: Float64Array;
}

/** How a ranking is asked for. */
export interface RankOptions {
  readonly limit: number;
  readonly seed: number;
  /**
   * False leaves out `eligibleCount` (then the number ranked) and `refusedCounts` (then empty), which need one
   * look at everybody: 1 ms per 30,000 helpers. Default true.
   */
  readonly counts?: boolean;
}

/** The part of a helper that changes by the minute; see `MatchingIndex.setLoad`. */
export type HelperLoad = Pick<
  Helper,
  'isOnDuty' | 'activeTasks' | 'openOffers' | 'offersToday' | 'nextOfferNotBefore'
>;

/** One Community's live index. One owner, one thread; every method is synchronous. */
export interface MatchingIndex {
  /** Adds or replaces a helper. Throws MatchingInputError naming the field; the index is then unchanged. */
  put(helper: Helper): void;
  /** Changes duty and load only, much faster than `put`; false when there is no such helper. */
  setLoad(helperId: string, load: Partial<HelperLoad>): boolean;
  remove(helperId: string): void;
  readonly size: number;
  get(helperId: string): Helper | undefined;
  /** Exact top `limit` with every hard constraint on. */
  rank(request: MatchRequest, moment: Moment, options: RankOptions): Ranking;
  /** The same order as `rank`, without explanations and counts. */
  best(request: MatchRequest, moment: Moment, options: RankOptions): readonly BestHelper[];
  /** The nearest available helpers with a skill, in exact great-circle order; no other constraint. */
  nearest(
    skillId: string,
    point: Point,
    options: { readonly limit: number; readonly withinMetres: number },
  ): readonly { readonly helperId: string; readonly metres: number }[];
  /** As `best`, into a list that is reused; it holds at most as many as it was made for. */
  bestInto(request: MatchRequest, moment: Moment, options: RankOptions, found: FoundHelpers): void;
  /** As `nearest`, into a list that is reused; scores are 0. */
  nearestInto(
    skillId: string,
    point: Point,
    options: { readonly limit: number; readonly withinMetres: number },
    found: FoundHelpers,
  ): void;
  /** Why this helper is or is not asked: the ranked entry, or every refusal that applies. */
  explain(
    request: MatchRequest,
    helperId: string,
    moment: Moment,
    seed: number,
  ): { readonly ranked: RankedHelper } | { readonly refusals: readonly Refusal[] } | undefined;
  /**
   * Works on pending rebuilds for about `units` entries (50,000 are a few milliseconds) and says whether all
   * is built. Call it in slices after loading many helpers; answers are exact at any time, only slower before.
   */
  maintain(units: number): boolean;
}
