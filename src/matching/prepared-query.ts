import { ASAP_SLACK_MINUTES, WEEK_MINUTES } from './eligibility.ts';
import {
  genderCode,
  householdCode,
  INT,
  INTS,
  MARK,
  TRAIT,
  writePlace,
  type Frame,
} from './helper-columns.ts';
import { languageFacts, skillBit, type HelperTable } from './helper-table.ts';
import type { MatchRequest, Moment } from './match-types.ts';
import { nearBounds, nearTable } from './near-table.ts';
import { HOUR_WORDS } from './plan-book.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';
import { querySeedOf } from './seeded-hash.ts';

/** A request and a moment in the units of the columns; one object is reused for all queries of an index. */
export interface PreparedQuery {
  request: MatchRequest;
  readonly place: Float64Array;
  /** Slots that carry a mark. */
  readonly marked: number[];
  now: number;
  dayMinute: number;
  isCritical: boolean;
  tier: number;
  gender: number;
  household: number;
  languages: number;
  firstLanguage: number;
  wantsLanguage: boolean;
  languageFacts: number;
  /** Bit of the first language wished for, when the facts of an entry tell it for sure; else 0. */
  firstLanguageFact: number;
  kind: number;
  tieSeed: number;
  /** Codes of the required skills; packed with 4 when they must be verified. −1: nobody has it. */
  readonly needs: number[];
  /** Bits of the required skills (see `skillBit`). */
  needMask: number;
  readonly preferred: number[];
  /** Hours that the task touches; for "as soon as possible", hours of which one must have a free minute. */
  readonly hours: Int32Array;
  near: Float64Array;
  nearBounds: Float32Array;
}

const { points, skillShares } = SCORE_WEIGHTS;

export function createPreparedQuery(request: MatchRequest): PreparedQuery {
  return {
    request,
    place: new Float64Array(3),
    marked: [],
    now: 0,
    dayMinute: 0,
    isCritical: false,
    tier: 0,
    gender: 0,
    household: 0,
    languages: 0,
    firstLanguage: 0,
    wantsLanguage: false,
    languageFacts: 0,
    firstLanguageFact: 0,
    kind: 0,
    tieSeed: 0,
    needs: [],
    needMask: 0,
    preferred: [],
    hours: new Int32Array(HOUR_WORDS),
    near: nearTable('normal'),
    nearBounds: nearBounds('normal'),
  };
}

/** Translates a request; marks the few helpers that are special for it. Nothing is kept from the last query. */
export function prepareQuery(
  query: PreparedQuery,
  table: HelperTable,
  frame: Frame,
  skillCodes: ReadonlyMap<string, number>,
  request: MatchRequest,
  moment: Moment,
  seed: number,
): void {
  query.request = request;
  writePlace(frame, request.point, query.place, 0);
  query.now = moment.now;
  query.dayMinute = moment.weekMinute % 1440;
  query.isCritical = request.urgency === 'critical';
  query.tier = request.tier;
  query.gender = genderCode(request.genderWish);
  query.household = householdCode(request.householdId);
  query.languages = 0;
  for (const language of request.languages) query.languages |= table.columns.languages.find(language);
  query.wantsLanguage = request.languages.length > 0;
  query.languageFacts = languageFacts(query.languages);
  const first = request.languages[0];
  query.firstLanguage = first === undefined ? 0 : table.columns.languages.find(first);
  query.firstLanguageFact = languageFacts(query.firstLanguage) & 0x7fff;
  query.kind = table.columns.kinds.find(request.kindId);
  query.tieSeed = querySeedOf(request.requestId, seed);
  query.near = nearTable(request.urgency);
  query.nearBounds = nearBounds(request.urgency);
  query.needs.length = 0;
  query.needMask = 0;
  for (const need of request.requiredSkills) {
    const code = skillCodes.get(need.skillId) ?? -1;
    if (code >= 0) query.needMask |= skillBit(code);
    query.needs.push(code < 0 ? -1 : (code << 3) | (need.mustBeVerified ? 4 : 0));
  }
  query.preferred.length = 0;
  for (const skillId of request.preferredSkills) query.preferred.push(skillCodes.get(skillId) ?? -1);
  markHours(query, request);
  markHelpers(query, table, request);
}

/** Largest points that skills and language can add to the key of a grid, for a helper not met before. */
export function mostBeyondKey(query: PreparedQuery, isSkillGrid: boolean): number {
  const needs = query.needs.length;
  let share = skillShares.preferred + skillShares.language;
  if (!isSkillGrid) share += skillShares.level + skillShares.verified;
  else if (needs > 1) share += ((skillShares.level + skillShares.verified) * (needs - 1)) / needs;
  return points.skillAndLanguage * share + ROUNDING;
}

/** Points that a helper lacks who does not speak the first language wished for. */
export const NOT_FIRST_LANGUAGE = 0.5 * points.skillAndLanguage * skillShares.language;

/** Sums in another order may differ by this much; bounds are raised by it. */
const ROUNDING = 1e-9;

function markHours(query: PreparedQuery, request: MatchRequest): void {
  query.hours.fill(0);
  const length = request.minutes + (request.isAsap ? ASAP_SLACK_MINUTES : 0);
  const first = Math.floor(request.startWeekMinute / 60);
  const last = Math.min(Math.ceil((request.startWeekMinute + length) / 60), first + WEEK_MINUTES / 60);
  for (let at = first; at < last; at += 1) {
    const hour = at % (WEEK_MINUTES / 60);
    query.hours[hour >> 5]! |= 1 << (hour & 31);
  }
}

function markHelpers(query: PreparedQuery, table: HelperTable, request: MatchRequest): void {
  const ints = table.columns.ints;
  for (const slot of query.marked) ints[slot * INTS + INT.traits]! &= ~(MARK.all << TRAIT.markShift);
  query.marked.length = 0;
  for (const partyId of request.partyIds) {
    mark(query, table, table.slotOf.get(partyId), MARK.own);
    const blocked = table.blockedBy.get(partyId);
    if (blocked !== undefined) for (const slot of blocked) mark(query, table, slot, MARK.blocked);
  }
  for (const helperId of request.excludedHelperIds) {
    mark(query, table, table.slotOf.get(helperId), MARK.excluded);
  }
  for (const helperId of request.helpedBeforeIds) {
    mark(query, table, table.slotOf.get(helperId), MARK.known);
  }
}

function mark(query: PreparedQuery, table: HelperTable, slot: number | undefined, kind: number): void {
  if (slot === undefined) return;
  query.marked.push(slot);
  table.columns.ints[slot * INTS + INT.traits]! |= kind << TRAIT.markShift;
}
