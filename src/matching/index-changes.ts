import { INT, INTS, writeColumns, writePlace, type Frame } from './helper-columns.ts';
import { EVERYBODY, positionOf, skillBit, skillEntry, takeSlot, type HelperTable } from './helper-table.ts';
import type { Helper } from './match-types.ts';
import {
  attach,
  createSkillGrid,
  detach,
  refresh,
  reseat,
  wantsBuild,
  type SkillGrid,
} from './skill-grid.ts';
import { giveList, NOWHERE, packSkill, STRIDE, takeList } from './skill-pool.ts';

/** The grids of an index by skill code; `grids[0]`, everybody, exists from its first use. */
export interface Grids {
  readonly codes: Map<string, number>;
  readonly grids: (SkillGrid | undefined)[];
  /** Grids with a rebuild to do. */
  readonly waiting: Set<SkillGrid>;
}

export function createGrids(): Grids {
  return { codes: new Map(), grids: [undefined], waiting: new Set() };
}

/** Writes one checked helper into columns, lists and grids. Everything is visible to the next query. */
export function writeHelper(table: HelperTable, grids: Grids, frame: Frame, helper: Helper): void {
  const known = table.slotOf.get(helper.helperId);
  const slot = known ?? takeSlot(table);
  const before = known === undefined ? undefined : table.helpers[slot];
  const moved = before !== undefined && !isSamePoint(before, helper);
  if (moved) detachAll(table, grids, slot);
  if (before === undefined || !haveSameSkills(before, helper)) replaceSkills(table, grids, slot, helper);
  else relevelSkills(table, slot, helper);
  table.slotOf.set(helper.helperId, slot);
  writeBlocked(table, slot, before?.blocked ?? [], helper.blocked);
  table.helpers[slot] = { ...helper };
  table.ids[slot] = helper.helperId;
  writeColumns(table.columns, slot, helper);
  if (before === undefined || moved) {
    writePlace(frame, helper.point, table.columns.places, 3 * slot);
  }
  settle(table, grids, slot);
}

/** Takes a helper out of everything and frees the slot. */
export function eraseHelper(table: HelperTable, grids: Grids, slot: number): void {
  const helper = table.helpers[slot]!;
  detachAll(table, grids, slot);
  writeBlocked(table, slot, helper.blocked, []);
  const at = slot * INTS;
  const ints = table.columns.ints;
  giveList(table.pool, ints[at + INT.skillStart]!, ints[at + INT.skillCount]!);
  ints[at + INT.skillCount] = 0;
  ints[at + INT.traits] = 0;
  table.helpers[slot] = undefined;
  table.slotOf.delete(helper.helperId);
  table.freeSlots.push(slot);
}

/** The grid of everybody, made from all slots the first time it is asked for. */
export function everybody(table: HelperTable, grids: Grids): SkillGrid {
  const existing = grids.grids[EVERYBODY];
  if (existing !== undefined) return existing;
  const grid = createSkillGrid(EVERYBODY);
  grids.grids[EVERYBODY] = grid;
  for (let slot = 0; slot < table.end; slot += 1) {
    if (table.helpers[slot] !== undefined) attach(grid, table, slot);
  }
  if (wantsBuild(grid)) grids.waiting.add(grid);
  return grid;
}

/** Brings every grid of a helper up to date: takes the new ones in, refreshes the others. */
export function settle(table: HelperTable, grids: Grids, slot: number): void {
  const start = table.columns.ints[slot * INTS + INT.skillStart]!;
  const count = table.columns.ints[slot * INTS + INT.skillCount]!;
  for (let i = 0; i < count; i += 1) {
    settleIn(table, grids, grids.grids[table.pool.ints[start + STRIDE * i]! >> 3]!, slot);
  }
  const all = grids.grids[EVERYBODY];
  if (all !== undefined) settleIn(table, grids, all, slot);
}

/** After a helper became available or not, and nothing else: the entries change places in their cells. */
export function switchAvailability(table: HelperTable, grids: Grids, slot: number): void {
  const start = table.columns.ints[slot * INTS + INT.skillStart]!;
  const count = table.columns.ints[slot * INTS + INT.skillCount]!;
  const pool = table.pool.ints;
  for (let i = 0; i < count; i += 1) {
    const at = start + STRIDE * i;
    const grid = grids.grids[pool[at]! >> 3]!;
    reseat(grid, table, slot, pool[at + 1 + grid.live.side]!);
  }
  const all = grids.grids[EVERYBODY];
  if (all !== undefined) reseat(all, table, slot, table.everybodyAt[2 * slot + all.live.side]!);
}

function settleIn(table: HelperTable, grids: Grids, grid: SkillGrid, slot: number): void {
  if (positionOf(table, slot, grid.code, grid.live.side) === NOWHERE) attach(grid, table, slot);
  else refresh(grid, table, slot);
  if (wantsBuild(grid)) grids.waiting.add(grid);
}

function detachAll(table: HelperTable, grids: Grids, slot: number): void {
  const start = table.columns.ints[slot * INTS + INT.skillStart]!;
  const count = table.columns.ints[slot * INTS + INT.skillCount]!;
  for (let i = 0; i < count; i += 1) {
    detach(grids.grids[table.pool.ints[start + STRIDE * i]! >> 3]!, table, slot);
  }
  const all = grids.grids[EVERYBODY];
  if (all !== undefined) detach(all, table, slot);
}

function replaceSkills(table: HelperTable, grids: Grids, slot: number, helper: Helper): void {
  const at = slot * INTS;
  const ints = table.columns.ints;
  const oldStart = ints[at + INT.skillStart]!;
  const oldCount = ints[at + INT.skillCount]!;
  const codes = helper.skills.map((skill) => codeOf(grids, skill.skillId));
  const wanted = new Set(codes);
  for (let i = 0; i < oldCount; i += 1) {
    const grid = grids.grids[table.pool.ints[oldStart + STRIDE * i]! >> 3]!;
    const isIn = positionOf(table, slot, grid.code, grid.live.side) !== NOWHERE;
    if (!wanted.has(grid.code) && isIn) detach(grid, table, slot);
  }
  const start = takeList(table.pool, helper.skills.length);
  let mask = 0;
  helper.skills.forEach((skill, i) => {
    const { ints: pool } = table.pool;
    const kept = skillEntry(table, slot, codes[i]!);
    pool[start + STRIDE * i] = packSkill(codes[i]!, skill.level, skill.verified);
    pool[start + STRIDE * i + 1] = kept < 0 ? NOWHERE : pool[kept + 1]!;
    pool[start + STRIDE * i + 2] = kept < 0 ? NOWHERE : pool[kept + 2]!;
    mask |= skillBit(codes[i]!);
  });
  ints[at + INT.skillMask] = mask;
  giveList(table.pool, oldStart, oldCount);
  ints[at + INT.skillStart] = start;
  ints[at + INT.skillCount] = helper.skills.length;
}

function relevelSkills(table: HelperTable, slot: number, helper: Helper): void {
  const start = table.columns.ints[slot * INTS + INT.skillStart]!;
  helper.skills.forEach((skill, i) => {
    const code = table.pool.ints[start + STRIDE * i]! >> 3;
    table.pool.ints[start + STRIDE * i] = packSkill(code, skill.level, skill.verified);
  });
}

function codeOf(grids: Grids, skillId: string): number {
  const known = grids.codes.get(skillId);
  if (known !== undefined) return known;
  const code = grids.grids.length;
  grids.codes.set(skillId, code);
  grids.grids.push(createSkillGrid(code));
  return code;
}

function isSamePoint(before: Helper, now: Helper): boolean {
  return before.point[0] === now.point[0] && before.point[1] === now.point[1];
}

function haveSameSkills(before: Helper, now: Helper): boolean {
  if (before.skills.length !== now.skills.length) return false;
  return before.skills.every((skill, i) => skill.skillId === now.skills[i]!.skillId);
}

function writeBlocked(
  table: HelperTable,
  slot: number,
  before: readonly string[],
  now: readonly string[],
): void {
  if (before === now) return;
  for (const accountId of before) {
    const slots = table.blockedBy.get(accountId);
    slots?.delete(slot);
    if (slots?.size === 0) table.blockedBy.delete(accountId);
  }
  for (const accountId of now) {
    let slots = table.blockedBy.get(accountId);
    if (slots === undefined) table.blockedBy.set(accountId, (slots = new Set()));
    slots.add(slot);
  }
}
