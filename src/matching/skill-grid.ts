import { buildGrid, SLOT, WORDS, type GridSource } from './grid-build.ts';
import { STEP } from './grid-shape.ts';
import {
  createGridSide,
  dropEntry,
  isAtItsPlace,
  placeOn,
  pushOverflow,
  refreshEntry,
  seatEntry,
  takeOut,
  type GridSide,
} from './grid-side.ts';
import { INT, INTS } from './helper-columns.ts';
import { availableAt, isMember, keyOf, packFacts, setPosition, type HelperTable } from './helper-table.ts';
import { NOWHERE } from './skill-pool.ts';

/**
 * The live grid of one skill, double-buffered: queries read one side, at most one rebuild fills the other, a
 * little at a time, and takes its place when it has caught up with every change.
 */
export interface SkillGrid {
  readonly code: number;
  live: GridSide;
  members: number;
  /** No member's radius is larger, in whole metres. */
  widestRadius: number;
  rebuild: Rebuild | null;
}

interface Rebuild {
  readonly steps: Generator<number, void, void>;
  readonly next: GridSide;
  /** Slots changed since it began; each is repeated on the new side. */
  readonly dirty: number[];
  widestRadius: number;
}

/** Below this many members a grid is not worth having: the overflow list is everything. */
const SMALLEST_GRID = 64;

export function createSkillGrid(code: number): SkillGrid {
  return { code, live: createGridSide(code, 0), members: 0, widestRadius: 0, rebuild: null };
}

/** Takes a new member in; its columns are written already. Visible to the next query. */
export function attach(grid: SkillGrid, table: HelperTable, slot: number): void {
  grid.members += 1;
  pushOverflow(grid.live, table, slot);
  noteChange(grid, table, slot);
}

/** Lets a member go; called while the columns still hold the place it was attached with. */
export function detach(grid: SkillGrid, table: HelperTable, slot: number): void {
  grid.members -= 1;
  takeOut(grid.live, table, slot);
  if (grid.rebuild !== null) takeOut(grid.rebuild.next, table, slot);
}

/** After a change of anything but the place. */
export function refresh(grid: SkillGrid, table: HelperTable, slot: number): void {
  const position = placeOn(grid.live, table, slot);
  if (position >= 0) refreshEntry(grid.live, table, slot, position);
  noteChange(grid, table, slot);
}

/** After a change of availability only; `position` is the member's on the live side. */
export function reseat(grid: SkillGrid, table: HelperTable, slot: number, position: number): void {
  if (position >= 0) seatEntry(grid.live, table, slot, position);
  grid.rebuild?.dirty.push(slot);
}

function noteChange(grid: SkillGrid, table: HelperTable, slot: number): void {
  const radius = table.columns.ints[slot * INTS + INT.radius]!;
  if (radius > grid.widestRadius) grid.widestRadius = radius;
  if (grid.rebuild === null) return;
  if (radius > grid.rebuild.widestRadius) grid.rebuild.widestRadius = radius;
  grid.rebuild.dirty.push(slot);
}

/** True when the overflow or loose bounds make a rebuild worth its work. */
export function wantsBuild(grid: SkillGrid): boolean {
  if (grid.rebuild !== null) return true;
  const built = grid.live.main?.count ?? 0;
  if (grid.members < SMALLEST_GRID && built === 0) return false;
  return grid.live.overflowCount > 64 + built / 1024 || grid.live.loosened > 1024 + built;
}

/** Rebuilds small grids at once, so that a community of a few thousand never notices rebuilds. */
export function buildIfSmall(grid: SkillGrid, table: HelperTable, atOnce: number): void {
  if (grid.members <= atOnce && grid.rebuild === null && wantsBuild(grid)) {
    advanceBuild(grid, table, Number.MAX_SAFE_INTEGER);
  }
}

/**
 * Works on the rebuild for about `units` entries and lets the new side take over when it is done. Returns the
 * units spent; 0 when there was nothing to do.
 */
export function advanceBuild(grid: SkillGrid, table: HelperTable, units: number): number {
  if (!wantsBuild(grid)) return 0;
  grid.rebuild ??= beginRebuild(grid, table);
  const { steps, next } = grid.rebuild;
  let spent = 1;
  while (spent <= units) {
    const step = steps.next();
    if (step.done === true) {
      grid.live = next;
      grid.widestRadius = grid.rebuild.widestRadius;
      grid.rebuild = null;
      return spent;
    }
    spent += step.value;
  }
  return spent;
}

function beginRebuild(grid: SkillGrid, table: HelperTable): Rebuild {
  const next = createGridSide(grid.code, grid.live.side === 0 ? 1 : 0);
  const dirty: number[] = [];
  const rebuild: Rebuild = { steps: run(), next, dirty, widestRadius: 0 };
  return rebuild;

  function* run(): Generator<number, void, void> {
    next.main = yield* buildGrid(sourceOf(grid, table));
    yield* takePlaces(rebuild, table);
    // Nothing happens between two steps of one slice, so this ends: changes are repeated faster than they come.
    for (let repeated = 1; dirty.length > 0; repeated += 1) {
      repeatChange(next, table, dirty.pop()!);
      if (repeated % STEP === 0) yield STEP;
    }
  }
}

/** Tells every member where it is on the new side; drops those who left while it was built. */
function* takePlaces(rebuild: Rebuild, table: HelperTable): Generator<number, void, void> {
  const { next } = rebuild;
  const { count, entryInts } = next.main!;
  for (let at = 0; at < count;) {
    const slot = entryInts[WORDS * at + SLOT]!;
    if (slot >= 0 && !isMember(table, slot, next.code)) {
      // Another entry may have been swapped to this place: it is looked at in the next round.
      dropEntry(next, table, at);
      continue;
    }
    if (slot >= 0) {
      setPosition(table, slot, next.code, next.side, at);
      rebuild.widestRadius = Math.max(rebuild.widestRadius, table.columns.ints[slot * INTS + INT.radius]!);
    }
    at += 1;
    if (at % STEP === 0) yield STEP;
  }
}

function repeatChange(next: GridSide, table: HelperTable, slot: number): void {
  if (!isMember(table, slot, next.code)) return;
  const position = placeOn(next, table, slot);
  if (position >= 0 && isAtItsPlace(next, table, slot, position)) {
    refreshEntry(next, table, slot, position);
    return;
  }
  if (position >= 0) dropEntry(next, table, position);
  if (position >= 0 || position === NOWHERE) pushOverflow(next, table, slot);
}

function sourceOf(grid: SkillGrid, table: HelperTable): GridSource {
  const slots = memberSlots(grid);
  return {
    count: slots.length,
    slotOf: (member) => slots[member]!,
    keyOf: (slot) => keyOf(table, slot, grid.code),
    factsOf: (slot) => packFacts(table, slot, grid.code),
    maskOf: (slot) => table.columns.ints[slot * INTS + INT.skillMask]!,
    isAvailable: (slot) => availableAt(table, slot),
    placeOf(slot, out) {
      out[0] = table.columns.places[3 * slot]!;
      out[1] = table.columns.places[3 * slot + 1]!;
      out[2] = table.columns.places[3 * slot + 2]!;
    },
  };
}

function memberSlots(grid: SkillGrid): Int32Array {
  const { main, overflow, overflowCount } = grid.live;
  const slots = new Int32Array(grid.members);
  let count = 0;
  if (main !== null) {
    for (let at = SLOT; at < main.entryInts.length; at += WORDS) {
      if (main.entryInts[at]! >= 0) slots[count++] = main.entryInts[at]!;
    }
  }
  slots.set(overflow.subarray(0, overflowCount), count);
  return slots;
}
