import { EARTH_METRES, writeUnitVector } from './distance.ts';
import type { Helper, Point } from './match-types.ts';
import { createPlanBook, planStart, type PlanBook } from './plan-book.ts';
import { hashText } from './seeded-hash.ts';
import { freeShare, fairTurnShare, promiseShare } from './score-parts.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';

/**
 * The hot columns: one record of 64 bytes per helper, one cache line, seen as 32-bit integers (`ints`) and as
 * doubles (`reals`) over the same memory. Offsets below count in the unit of their view.
 */
export const INTS = 16;
export const REALS = 8;
/** Offsets in `reals`: points that depend on the helper alone, end of rest. */
export const REAL = { base: 0, notBefore: 1 } as const;
/** Offsets in `ints`. */
export const INT = {
  traits: 4,
  languages: 5,
  kinds: 6,
  radius: 7,
  quiet: 8,
  household: 9,
  skillStart: 10,
  skillCount: 11,
  tieHash: 12,
  skillMask: 13,
  /** Where the helper's week begins in the book of plans. */
  plan: 14,
} as const;

/** Bits of `traits`. Available means on duty and none of the next three. */
export const TRAIT = {
  onDuty: 1,
  suspended: 2,
  full: 4,
  askedOut: 8,
  breaksQuiet: 16,
  automatic: 32,
  hasQuiet: 64,
  tierShift: 8,
  genderShift: 10,
  /** Marks of the present query (see `MARK`): set by `prepareQuery`, taken back by the next one. */
  markShift: 12,
} as const;

export const MARK = { own: 1, blocked: 2, excluded: 4, known: 8, all: 15 } as const;
const AVAILABILITY = TRAIT.onDuty | TRAIT.suspended | TRAIT.full | TRAIT.askedOut;

/** True when the helper behind these traits may be offered anything at all right now. */
export function isAvailable(traits: number): boolean {
  return (traits & AVAILABILITY) === TRAIT.onDuty;
}

/** Codes of texts from a small set (languages, kinds) as bits; bit 31 stands for all that came later. */
export interface BitCodes {
  /** The bit of a text, given out on first sight. */
  add(text: string): number;
  /** The bit of a text, 0 when nobody ever named it. */
  find(text: string): number;
}

export const OTHER_BIT = 1 << 31;

export function createBitCodes(): BitCodes {
  const bits = new Map<string, number>();
  return {
    add(text) {
      let bit = bits.get(text);
      if (bit === undefined) {
        bit = bits.size < 31 ? 1 << bits.size : OTHER_BIT;
        bits.set(text, bit);
      }
      return bit;
    },
    find: (text) => bits.get(text) ?? 0,
  };
}

/** The frame of an index: axes east, north and up at one point of the earth, each a unit vector. */
export type Frame = Float64Array;

/**
 * A frame with its origin under `point`. Seen from above (east, north) no two points look farther apart than
 * their chord, so boxes in that plane bound great-circle distances everywhere, poles and ±180° included.
 */
export function frameAt(point: Point): Frame {
  const frame = new Float64Array(9);
  writeUnitVector(point, frame, 6);
  const longitude = (point[0] * Math.PI) / 180;
  frame[0] = -Math.sin(longitude);
  frame[1] = Math.cos(longitude);
  frame[2] = 0;
  const x = frame[6]!;
  const y = frame[7]!;
  const z = frame[8]!;
  frame[3] = -z * frame[1];
  frame[4] = z * frame[0];
  frame[5] = x * frame[1] - y * frame[0];
  return frame;
}

const vector = new Float64Array(3);

/** Writes east, north and up in metres of a point into `out` at `at`; the origin is the centre of the earth. */
export function writePlace(frame: Frame, point: Point, out: Float64Array, at: number): void {
  writeUnitVector(point, vector, 0);
  for (let axis = 0; axis < 3; axis += 1) {
    const base = 3 * axis;
    out[at + axis] =
      EARTH_METRES *
      (frame[base]! * vector[0]! + frame[base + 1]! * vector[1]! + frame[base + 2]! * vector[2]!);
  }
}

export interface Columns {
  ints: Int32Array;
  reals: Float64Array;
  /** East, north and up in metres; three per slot. Read when entries are made, hardly ever by queries. */
  places: Float64Array;
  readonly languages: BitCodes;
  readonly kinds: BitCodes;
  readonly plans: PlanBook;
}

export function createColumns(): Columns {
  const buffer = new ArrayBuffer(64 * INTS * 4);
  return {
    ints: new Int32Array(buffer),
    reals: new Float64Array(buffer),
    places: new Float64Array(64 * 3),
    languages: createBitCodes(),
    kinds: createBitCodes(),
    plans: createPlanBook(),
  };
}

/** Makes room for `slots` records; the old content is kept. */
export function growColumns(columns: Columns, slots: number): void {
  if (slots * INTS <= columns.ints.length) return;
  const size = Math.max(2 * (columns.ints.length / INTS), slots);
  const buffer = new ArrayBuffer(size * INTS * 4);
  const ints = new Int32Array(buffer);
  ints.set(columns.ints);
  columns.ints = ints;
  columns.reals = new Float64Array(buffer);
  const places = new Float64Array(3 * size);
  places.set(columns.places);
  columns.places = places;
}

/** Writes everything of a record but its place, its skills and its position in grids. */
export function writeColumns(columns: Columns, slot: number, helper: Helper): void {
  const { ints, reals } = columns;
  const at = slot * INTS;
  reals[slot * REALS + REAL.base] = basePoints(helper);
  reals[slot * REALS + REAL.notBefore] = helper.nextOfferNotBefore;
  ints[at + INT.traits] = traitsOf(helper);
  ints[at + INT.languages] = maskOf(columns.languages, helper.languages);
  ints[at + INT.kinds] = maskOf(columns.kinds, helper.kindsNotDone);
  ints[at + INT.radius] = Math.floor(helper.radiusMetres);
  ints[at + INT.quiet] =
    helper.quietHours === null ? 0 : helper.quietHours.from | (helper.quietHours.to << 11);
  ints[at + INT.household] = householdCode(helper.householdId);
  ints[at + INT.tieHash] = hashText(helper.helperId);
  ints[at + INT.plan] = planStart(columns.plans, helper.weekly);
}

/** Points that depend on the helper alone; summed in the order of `scoreOf`, so that scores agree bit by bit. */
export function basePoints(helper: Helper): number {
  const { points } = SCORE_WEIGHTS;
  return (
    points.free * freeShare(helper) +
    points.keepsPromises * promiseShare(helper.history, helper.automaticRanking) +
    points.fairTurn * fairTurnShare(helper.history, helper.automaticRanking)
  );
}

export function traitsOf(helper: Helper): number {
  let traits = (helper.trustTier << TRAIT.tierShift) | (genderCode(helper.gender) << TRAIT.genderShift);
  if (helper.isOnDuty) traits |= TRAIT.onDuty;
  if (helper.isSuspended) traits |= TRAIT.suspended;
  if (helper.activeTasks >= helper.maxTasks) traits |= TRAIT.full;
  if (helper.offersToday >= helper.maxOffersPerDay) traits |= TRAIT.askedOut;
  if (helper.breaksQuietHoursForCritical) traits |= TRAIT.breaksQuiet;
  if (helper.automaticRanking) traits |= TRAIT.automatic;
  if (helper.quietHours !== null) traits |= TRAIT.hasQuiet;
  return traits;
}

/** 0 unknown, 1 woman, 2 man. */
export function genderCode(gender: Helper['gender']): number {
  if (gender === null) return 0;
  return gender === 'woman' ? 1 : 2;
}

/** A number for a household, never 0 for a real one; equal households have equal numbers, not the reverse. */
export function householdCode(householdId: string | null): number {
  return householdId === null ? 0 : hashText(householdId) | 1;
}

function maskOf(codes: BitCodes, texts: readonly string[]): number {
  let mask = 0;
  for (const text of texts) mask |= codes.add(text);
  return mask;
}
