import {
  createColumns,
  growColumns,
  INT,
  INTS,
  isAvailable,
  REAL,
  REALS,
  TRAIT,
  type Columns,
} from './helper-columns.ts';
import type { Helper } from './match-types.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';
import { createSkillPool, NOWHERE, STRIDE, type SkillPool } from './skill-pool.ts';

/** Everything the index keeps about helpers, by slot: a small number that is reused when a helper leaves. */
export interface HelperTable {
  readonly columns: Columns;
  readonly pool: SkillPool;
  /** Positions in the grid of everybody: two per slot, one for either side of the grid. */
  everybodyAt: Int32Array;
  readonly slotOf: Map<string, number>;
  /** Our own copies, changed in place by `writeLoad`; never handed out. */
  readonly helpers: (Helper | undefined)[];
  readonly ids: string[];
  readonly freeSlots: number[];
  /** One past the highest slot ever used. */
  end: number;
  /** Slots that are blocked for an account, both directions. */
  readonly blockedBy: Map<string, Set<number>>;
}

/** The grid of everybody has this code; skills count from 1. */
export const EVERYBODY = 0;

export function createHelperTable(): HelperTable {
  return {
    columns: createColumns(),
    pool: createSkillPool(),
    everybodyAt: new Int32Array(128),
    slotOf: new Map(),
    helpers: [],
    ids: [],
    freeSlots: [],
    end: 0,
    blockedBy: new Map(),
  };
}

/** A slot for a new helper, with room in every column. */
export function takeSlot(table: HelperTable): number {
  const slot = table.freeSlots.pop() ?? table.end++;
  growColumns(table.columns, slot + 1);
  if (2 * slot + 2 > table.everybodyAt.length) {
    const grown = new Int32Array(2 * table.everybodyAt.length);
    grown.set(table.everybodyAt);
    table.everybodyAt = grown;
  }
  table.everybodyAt.fill(NOWHERE, 2 * slot, 2 * slot + 2);
  table.columns.ints[slot * INTS + INT.skillCount] = 0;
  return slot;
}

/** The bit of a skill in a mask of 32: a helper without the bit has not the skill; with it, it must be looked up. */
export function skillBit(code: number): number {
  return 1 << (code & 31);
}

/** Index in the pool of this helper's entry for a skill code, −1 without it. */
export function skillEntry(table: HelperTable, slot: number, code: number): number {
  const ints = table.columns.ints;
  const start = ints[slot * INTS + INT.skillStart]!;
  const end = start + STRIDE * ints[slot * INTS + INT.skillCount]!;
  for (let at = start; at < end; at += STRIDE) if (table.pool.ints[at]! >> 3 === code) return at;
  return -1;
}

/** True when the slot is in use and its helper belongs to the grid of this code. */
export function isMember(table: HelperTable, slot: number, code: number): boolean {
  if (table.helpers[slot] === undefined) return false;
  return code === EVERYBODY || skillEntry(table, slot, code) >= 0;
}

/** Which of the two sides of a grid: one is live, the other is being built or out of use. */
export type Side = 0 | 1;

/** Position of a member in one side of the grid of a code; NOWHERE when it has none. */
export function positionOf(table: HelperTable, slot: number, code: number, side: Side): number {
  if (code === EVERYBODY) return table.everybodyAt[2 * slot + side]!;
  const at = skillEntry(table, slot, code);
  return at < 0 ? NOWHERE : table.pool.ints[at + 1 + side]!;
}

export function setPosition(
  table: HelperTable,
  slot: number,
  code: number,
  side: Side,
  position: number,
): void {
  if (code === EVERYBODY) {
    table.everybodyAt[2 * slot + side] = position;
    return;
  }
  const at = skillEntry(table, slot, code);
  if (at >= 0) table.pool.ints[at + 1 + side] = position;
}

const { points, skillShares, levelValue } = SCORE_WEIGHTS;
const LEVEL_POINTS = levelValue.map((value) => points.skillAndLanguage * skillShares.level * value);
const VERIFIED_POINTS = points.skillAndLanguage * skillShares.verified;

/** The points a helper is sure of in the grid of a code: the own part, and level and proof of that skill. */
export function keyOf(table: HelperTable, slot: number, code: number): number {
  const base = table.columns.reals[slot * REALS + REAL.base]!;
  if (code === EVERYBODY) return base;
  const at = skillEntry(table, slot, code);
  if (at < 0) return base;
  const isAutomatic = (table.columns.ints[slot * INTS + INT.traits]! & TRAIT.automatic) !== 0;
  const packed = isAutomatic ? table.pool.ints[at]! : 7;
  return base + LEVEL_POINTS[packed & 3]! + ((packed & 4) === 0 ? 0 : VERIFIED_POINTS);
}

/**
 * What decides most refusals, in one number: level (2 bits), verified, tier (2), gender (2), and sixteen bits of
 * languages, the last for all that were named later. Level and proof are 0 in the grid of everybody.
 */
export function packFacts(table: HelperTable, slot: number, code: number): number {
  const at = code === EVERYBODY ? -1 : skillEntry(table, slot, code);
  const skill = at < 0 ? 0 : table.pool.ints[at]! & 7;
  const traits = table.columns.ints[slot * INTS + INT.traits]!;
  const person = (traits >> TRAIT.tierShift) & 15;
  const languages = languageFacts(table.columns.ints[slot * INTS + INT.languages]!);
  return skill | (person << FACT.personShift) | (languages << FACT.languageShift);
}

export const FACT = { personShift: 3, languageShift: 7 } as const;

/** Sixteen bits for a mask of languages; the last one stands for every bit from the sixteenth on. */
export function languageFacts(mask: number): number {
  return (mask & 0x7fff) | ((mask & ~0x7fff) === 0 ? 0 : 0x8000);
}

export function availableAt(table: HelperTable, slot: number): boolean {
  return table.helpers[slot] !== undefined && isAvailable(table.columns.ints[slot * INTS + INT.traits]!);
}
