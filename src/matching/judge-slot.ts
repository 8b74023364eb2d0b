import { inDaySpan, isFree } from './eligibility.ts';
import { INT, INTS, isAvailable, MARK, OTHER_BIT, REAL, REALS, TRAIT } from './helper-columns.ts';
import { skillEntry, type HelperTable } from './helper-table.ts';
import { REFUSALS, type Refusal } from './match-types.ts';
import { NEAR_TABLE_METRES, nearPoints } from './near-table.ts';
import { HOUR_WORDS } from './plan-book.ts';
import type { PreparedQuery } from './prepared-query.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';

const { points, skillShares, levelValue } = SCORE_WEIGHTS;

const NOT_ASKED = (MARK.own | MARK.blocked | MARK.excluded) << TRAIT.markShift;
const KNOWN = MARK.known << TRAIT.markShift;

/**
 * Whether the helper in a slot may be asked, skills apart (see `skillGap`): the constraints of `refusalsOf` on
 * columns, the cheap ones first. Nothing is allocated. The tests hold it against an independent oracle.
 */
export function mayBeAsked(query: PreparedQuery, table: HelperTable, slot: number, metres: number): boolean {
  const ints = table.columns.ints;
  const at = slot * INTS;
  const traits = ints[at + INT.traits]!;
  return (
    isAvailable(traits) &&
    metres <= ints[at + INT.radius]! &&
    ((traits >> TRAIT.tierShift) & 3) >= query.tier &&
    (query.gender === 0 || ((traits >> TRAIT.genderShift) & 3) === query.gender) &&
    (query.isCritical || query.now >= table.columns.reals[slot * REALS + REAL.notBefore]!) &&
    (traits & NOT_ASKED) === 0 &&
    speaks(query, table, slot) &&
    !isQuietNow(query, traits, ints[at + INT.quiet]!) &&
    !refusesKind(query, table, slot) &&
    !sharesHousehold(query, table, slot) &&
    isFreeThen(query, table, slot)
  );
}

/** The first refusal in the order of `REFUSALS`, as its index; −1 when the helper may be asked. */
export function firstRefusal(query: PreparedQuery, table: HelperTable, slot: number, metres: number): number {
  const ints = table.columns.ints;
  const at = slot * INTS;
  const traits = ints[at + INT.traits]!;
  const marks = traits >> TRAIT.markShift;
  if ((marks & MARK.own) !== 0) return REFUSAL.own_request;
  if (sharesHousehold(query, table, slot)) return REFUSAL.same_household;
  if ((traits & TRAIT.suspended) !== 0) return REFUSAL.suspended;
  if ((traits & TRAIT.onDuty) === 0) return REFUSAL.off_duty;
  const gap = skillGap(query, table, slot);
  if (gap !== 0) return gap === 2 ? REFUSAL.missing_skill : REFUSAL.skill_not_verified;
  if (((traits >> TRAIT.tierShift) & 3) < query.tier) return REFUSAL.trust_tier;
  if (query.gender !== 0 && ((traits >> TRAIT.genderShift) & 3) !== query.gender) return REFUSAL.gender_wish;
  if (!speaks(query, table, slot)) return REFUSAL.language;
  if (!isFreeThen(query, table, slot)) return REFUSAL.not_available_then;
  if (metres > ints[at + INT.radius]!) return REFUSAL.too_far;
  if ((traits & TRAIT.full) !== 0) return REFUSAL.too_many_tasks;
  if ((traits & TRAIT.askedOut) !== 0) return REFUSAL.asked_too_often_today;
  const isResting = !query.isCritical && query.now < table.columns.reals[slot * REALS + REAL.notBefore]!;
  if (isResting) return REFUSAL.resting;
  if (isQuietNow(query, traits, ints[at + INT.quiet]!)) return REFUSAL.quiet_hours;
  if ((marks & MARK.blocked) !== 0) return REFUSAL.blocked;
  if (refusesKind(query, table, slot)) return REFUSAL.does_not_do_kind;
  return (marks & MARK.excluded) !== 0 ? REFUSAL.already_asked : -1;
}

const REFUSAL = Object.fromEntries(REFUSALS.map((name, at) => [name, at])) as Readonly<
  Record<Refusal, number>
>;

/** True when the helper in a slot has helped this author before. */
export function isKnown(table: HelperTable, slot: number): boolean {
  return (table.columns.ints[slot * INTS + INT.traits]! & KNOWN) !== 0;
}

/**
 * The score of the helper in a slot, the same number bit by bit as `scoreOf(scoreParts(...))`: the order of
 * every sum and product is the same. `bits` are level and proof of the one required skill, −1 when they are to
 * be looked up. Allocates nothing.
 */
export function scoreOfSlot(
  query: PreparedQuery,
  table: HelperTable,
  slot: number,
  metres: number,
  bits: number,
): number {
  const traits = table.columns.ints[slot * INTS + INT.traits]!;
  const isAutomatic = (traits & TRAIT.automatic) !== 0;
  const needs = query.needs.length;
  let level = 0;
  let verified = 0;
  for (let i = 0; i < needs; i += 1) {
    const own = bits >= 0 ? bits : table.pool.ints[skillEntry(table, slot, query.needs[i]! >> 3)]!;
    const packed = isAutomatic ? own : 7;
    level += levelValue[packed & 3]!;
    if ((packed & 4) !== 0) verified += 1;
  }
  const metBefore = isAutomatic && (traits & KNOWN) !== 0;
  const share =
    skillShares.level * (needs === 0 ? 1 : level / needs) +
    skillShares.verified * (needs === 0 ? 1 : verified / needs) +
    skillShares.preferred * preferredShare(query, table, slot) +
    skillShares.language * (speaksFirst(query, table, slot) ? 1 : 0.5) +
    skillShares.helpedBefore * (metBefore ? 1 : 0);
  const near = metres < NEAR_TABLE_METRES ? query.near[metres]! : nearPoints(metres, query.request.urgency);
  return table.columns.reals[slot * REALS + REAL.base]! + near + points.skillAndLanguage * share;
}

function preferredShare(query: PreparedQuery, table: HelperTable, slot: number): number {
  const wanted = query.preferred.length;
  if (wanted === 0) return 1;
  let has = 0;
  for (let i = 0; i < wanted; i += 1) {
    const code = query.preferred[i]!;
    if (code >= 0 && skillEntry(table, slot, code) >= 0) has += 1;
  }
  return has / wanted;
}

/** 0 all there, 1 one is not verified though it must be, 2 one is missing. */
export function skillGap(query: PreparedQuery, table: HelperTable, slot: number): number {
  let gap = 0;
  for (let i = 0; i < query.needs.length; i += 1) {
    const need = query.needs[i]!;
    const at = need < 0 ? -1 : skillEntry(table, slot, need >> 3);
    if (at < 0) return 2;
    if ((need & 4) !== 0 && (table.pool.ints[at]! & 4) === 0) gap = 1;
  }
  return gap;
}

function speaks(query: PreparedQuery, table: HelperTable, slot: number): boolean {
  const wanted = query.request.languages;
  if (wanted.length === 0) return true;
  const shared = table.columns.ints[slot * INTS + INT.languages]! & query.languages;
  if ((shared & ~OTHER_BIT) !== 0) return true;
  if (shared === 0) return false;
  const own = table.helpers[slot]!.languages;
  for (const language of wanted) if (own.includes(language)) return true;
  return false;
}

function speaksFirst(query: PreparedQuery, table: HelperTable, slot: number): boolean {
  const first = query.request.languages[0];
  if (first === undefined) return true;
  const shared = table.columns.ints[slot * INTS + INT.languages]! & query.firstLanguage;
  if (shared !== OTHER_BIT) return shared !== 0;
  return table.helpers[slot]!.languages.includes(first);
}

function refusesKind(query: PreparedQuery, table: HelperTable, slot: number): boolean {
  const shared = table.columns.ints[slot * INTS + INT.kinds]! & query.kind;
  if (shared !== OTHER_BIT) return shared !== 0;
  return table.helpers[slot]!.kindsNotDone.includes(query.request.kindId);
}

function sharesHousehold(query: PreparedQuery, table: HelperTable, slot: number): boolean {
  if (query.household === 0 || table.columns.ints[slot * INTS + INT.household] !== query.household)
    return false;
  return table.helpers[slot]!.householdId === query.request.householdId;
}

function isQuietNow(query: PreparedQuery, traits: number, packed: number): boolean {
  if ((traits & TRAIT.hasQuiet) === 0) return false;
  if (query.isCritical && (traits & TRAIT.breaksQuiet) !== 0) return false;
  return inDaySpan(query.dayMinute, packed & 2047, packed >> 11);
}

/** Whole hours decide most cases by six words; the plan itself is read only when they cannot. */
function isFreeThen(query: PreparedQuery, table: HelperTable, slot: number): boolean {
  const { words } = table.columns.plans;
  const at = table.columns.ints[slot * INTS + INT.plan]!;
  let missing = 0;
  let untouched = 0;
  let touched = 0;
  for (let word = 0; word < HOUR_WORDS; word += 1) {
    const wanted = query.hours[word]!;
    missing |= wanted & ~words[at + word]!;
    untouched |= wanted & ~words[at + HOUR_WORDS + word]!;
    touched |= wanted & words[at + HOUR_WORDS + word]!;
  }
  if (missing === 0) return true;
  if (query.request.isAsap ? touched === 0 : untouched !== 0) return false;
  return isFree(table.helpers[slot]!.weekly, query.request);
}
