import {
  buildGrid,
  ENTRY,
  ENTRY_INTS,
  FACTS,
  KEY,
  raiseBounds,
  SLOT,
  type GridBuffers,
  type GridSource,
} from './grid-build.ts';
import { cellOf } from './grid-shape.ts';
import { INT, INTS, REAL, REALS } from './helper-columns.ts';
import {
  availableAt,
  isMember,
  keyOf,
  positionOf,
  packFacts,
  setPosition,
  type HelperTable,
} from './helper-table.ts';
import { NOWHERE } from './skill-pool.ts';

/**
 * The live grid of one skill: buffers whose entries are only swapped inside cells, a short overflow list of members
 * that came or moved since they were built, and at most one rebuild under way into second buffers.
 */
export interface SkillGrid {
  readonly code: number;
  main: GridBuffers | null;
  /** Slots of members outside `main`; a member's position there is −1 − place in the list. */
  overflow: Int32Array;
  overflowCount: number;
  members: number;
  /** No member's radius is larger, in whole metres. */
  widestRadius: number;
  /** Bounds that may have become loose since the last build. */
  loosened: number;
  build: Generator<number, GridBuffers, void> | null;
  /** Slots changed since the build began. */
  readonly dirty: number[];
}

/** Below this many members a grid is not worth having: the overflow list is everything. */
const SMALLEST_GRID = 64;

export function createSkillGrid(code: number): SkillGrid {
  return {
    code,
    main: null,
    overflow: new Int32Array(8),
    overflowCount: 0,
    members: 0,
    widestRadius: 0,
    loosened: 0,
    build: null,
    dirty: [],
  };
}

/** Takes a new member in; its columns are written already. Visible to the next query. */
export function attach(grid: SkillGrid, table: HelperTable, slot: number): void {
  grid.members += 1;
  pushOverflow(grid, table, slot);
  noteChange(grid, table, slot);
}

/** Lets a member go; called while the columns still hold the place it was attached with. */
export function detach(grid: SkillGrid, table: HelperTable, slot: number): void {
  grid.members -= 1;
  takeOut(grid, table, slot);
  if (grid.build !== null) grid.dirty.push(slot);
}

/** After a change of anything but the place: availability by a swap, bounds raised when needed. */
export function refresh(grid: SkillGrid, table: HelperTable, slot: number): void {
  const position = positionOf(table, slot, grid.code);
  if (position >= 0 && grid.main !== null) refreshEntry(grid, grid.main, table, slot, position);
  noteChange(grid, table, slot);
}

function noteChange(grid: SkillGrid, table: HelperTable, slot: number): void {
  widen(grid, table, slot);
  if (grid.build !== null) grid.dirty.push(slot);
}

function widen(grid: SkillGrid, table: HelperTable, slot: number): void {
  const radius = table.columns.ints[slot * INTS + INT.radius]!;
  if (radius > grid.widestRadius) grid.widestRadius = radius;
}

function pushOverflow(grid: SkillGrid, table: HelperTable, slot: number): void {
  if (grid.overflowCount === grid.overflow.length) {
    const grown = new Int32Array(2 * grid.overflow.length);
    grown.set(grid.overflow);
    grid.overflow = grown;
  }
  grid.overflow[grid.overflowCount] = slot;
  setPosition(table, slot, grid.code, -1 - grid.overflowCount);
  grid.overflowCount += 1;
}

function takeOut(grid: SkillGrid, table: HelperTable, slot: number): void {
  const position = positionOf(table, slot, grid.code);
  if (position >= 0 && grid.main !== null) {
    dropEntry(grid.main, table, grid.code, position);
    grid.loosened += 1;
  } else if (position > NOWHERE && position < 0) {
    const last = grid.overflow[grid.overflowCount - 1]!;
    grid.overflow[-1 - position] = last;
    grid.overflowCount -= 1;
    if (last !== slot) setPosition(table, last, grid.code, position);
  }
  setPosition(table, slot, grid.code, NOWHERE);
}

function refreshEntry(
  grid: SkillGrid,
  main: GridBuffers,
  table: HelperTable,
  slot: number,
  position: number,
): void {
  const key = keyOf(table, slot, grid.code);
  const keyAt = ENTRY * position + KEY;
  if (key !== main.entryReals[keyAt]) {
    grid.loosened += 1;
    main.entryReals[keyAt] = key;
  }
  main.entryInts[ENTRY_INTS * position + FACTS] = packFacts(table, slot, grid.code);
  if (!availableAt(table, slot)) {
    makeUnavailable(main, table, grid.code, position);
    return;
  }
  const cell = cellAt(main, position);
  const front = main.cellSpan[2 * cell]! + main.cellSpan[2 * cell + 1]!;
  if (position < front) {
    raiseBounds(main, cell, position, key);
    return;
  }
  swapEntries(main, table, grid.code, position, front);
  main.cellSpan[2 * cell + 1] = main.cellSpan[2 * cell + 1]! + 1;
  raiseBounds(main, cell, front, key);
}

/** Moves an entry behind the available ones of its cell; returns where it is now. */
function makeUnavailable(main: GridBuffers, table: HelperTable, code: number, position: number): number {
  const cell = cellAt(main, position);
  const last = main.cellSpan[2 * cell]! + main.cellSpan[2 * cell + 1]! - 1;
  if (position > last) return position;
  swapEntries(main, table, code, position, last);
  main.cellSpan[2 * cell + 1] = main.cellSpan[2 * cell + 1]! - 1;
  raiseBounds(main, cell, position, main.entryReals[ENTRY * position + KEY]!);
  return last;
}

/** Leaves an entry without a helper, behind the available ones, until the next rebuild. */
function dropEntry(main: GridBuffers, table: HelperTable, code: number, position: number): void {
  const at = makeUnavailable(main, table, code, position);
  main.entryInts[ENTRY_INTS * at + SLOT] = -1;
}

function cellAt(main: GridBuffers, position: number): number {
  return cellOf(main, main.entryReals[ENTRY * position]!, main.entryReals[ENTRY * position + 1]!);
}

function swapEntries(main: GridBuffers, table: HelperTable, code: number, a: number, b: number): void {
  if (a === b) return;
  const slotA = main.entryInts[ENTRY_INTS * a + SLOT]!;
  const slotB = main.entryInts[ENTRY_INTS * b + SLOT]!;
  // As integers: a double that holds two of them may be no number and would not survive a copy.
  for (let i = 0; i < ENTRY_INTS; i += 1) {
    const held = main.entryInts[ENTRY_INTS * a + i]!;
    main.entryInts[ENTRY_INTS * a + i] = main.entryInts[ENTRY_INTS * b + i]!;
    main.entryInts[ENTRY_INTS * b + i] = held;
  }
  if (slotA >= 0) setPosition(table, slotA, code, b);
  if (slotB >= 0) setPosition(table, slotB, code, a);
}

/** True when the overflow or loose bounds make a rebuild worth its work. */
export function wantsBuild(grid: SkillGrid): boolean {
  if (grid.build !== null) return true;
  const built = grid.main?.count ?? 0;
  if (grid.members < SMALLEST_GRID && built === 0) return false;
  return grid.overflowCount > 64 + built / 32 || grid.loosened > 1024 + built;
}

/** Rebuilds small grids at once, so that a community of a few thousand never notices rebuilds. */
export function buildIfSmall(grid: SkillGrid, table: HelperTable, atOnce: number): void {
  if (grid.build === null && grid.members <= atOnce && wantsBuild(grid)) {
    advanceBuild(grid, table, Number.MAX_SAFE_INTEGER);
  }
}

/**
 * Works on the rebuild for about `units` entries and swaps the new buffers in when they are done.
 * Returns the units spent; 0 when there was nothing to do.
 */
export function advanceBuild(grid: SkillGrid, table: HelperTable, units: number): number {
  if (!wantsBuild(grid)) return 0;
  if (grid.build === null) {
    grid.dirty.length = 0;
    grid.build = buildGrid(sourceOf(grid, table));
  }
  let spent = 1;
  while (spent <= units) {
    const step = grid.build.next();
    if (step.done === true) {
      adopt(grid, table, step.value);
      return spent + step.value.count;
    }
    spent += step.value;
  }
  return spent;
}

function sourceOf(grid: SkillGrid, table: HelperTable): GridSource {
  const slots = memberSlots(grid);
  return {
    count: slots.length,
    slotOf: (member) => slots[member]!,
    keyOf: (slot) => keyOf(table, slot, grid.code),
    factsOf: (slot) => packFacts(table, slot, grid.code),
    isAvailable: (slot) => availableAt(table, slot),
    placeOf(slot, out) {
      const at = slot * REALS + REAL.east;
      out[0] = table.columns.reals[at]!;
      out[1] = table.columns.reals[at + 1]!;
      out[2] = table.columns.reals[at + 2]!;
    },
  };
}

function memberSlots(grid: SkillGrid): Int32Array {
  const slots = new Int32Array(grid.members);
  let count = 0;
  if (grid.main !== null) {
    for (let at = SLOT; at < grid.main.entryInts.length; at += ENTRY_INTS) {
      if (grid.main.entryInts[at]! >= 0) slots[count++] = grid.main.entryInts[at]!;
    }
  }
  slots.set(grid.overflow.subarray(0, grid.overflowCount), count);
  return slots;
}

/** Swaps new buffers in, then repeats on them what happened while they were built. */
function adopt(grid: SkillGrid, table: HelperTable, built: GridBuffers): void {
  const dirty = [...new Set(grid.dirty)];
  for (const slot of dirty) {
    if (isMember(table, slot, grid.code)) setPosition(table, slot, grid.code, NOWHERE);
  }
  grid.main = built;
  grid.overflowCount = 0;
  grid.loosened = 0;
  grid.build = null;
  grid.dirty.length = 0;
  grid.widestRadius = 0;
  const gone: number[] = [];
  for (let at = 0; at < built.count; at += 1) {
    const slot = built.entryInts[ENTRY_INTS * at + SLOT]!;
    if (isMember(table, slot, grid.code)) {
      setPosition(table, slot, grid.code, at);
      widen(grid, table, slot);
    } else {
      gone.push(at);
    }
  }
  // From the back: what is swapped forward is then always somebody who stays.
  for (const at of gone.toReversed()) dropEntry(built, table, grid.code, at);
  for (const slot of dirty) {
    if (!isMember(table, slot, grid.code)) continue;
    repeatChange(grid, built, table, slot);
    widen(grid, table, slot);
  }
}

function repeatChange(grid: SkillGrid, built: GridBuffers, table: HelperTable, slot: number): void {
  const position = positionOf(table, slot, grid.code);
  const at = slot * REALS + REAL.east;
  const reals = table.columns.reals;
  const stayed =
    position >= 0 &&
    built.entryReals[ENTRY * position] === reals[at] &&
    built.entryReals[ENTRY * position + 1] === reals[at + 1] &&
    built.entryReals[ENTRY * position + 2] === reals[at + 2];
  if (stayed) {
    refreshEntry(grid, built, table, slot, position);
    return;
  }
  if (position >= 0) {
    dropEntry(built, table, grid.code, position);
  }
  pushOverflow(grid, table, slot);
}
