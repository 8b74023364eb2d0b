import {
  ENTRY,
  FACTS,
  KEY,
  MASK,
  raiseBounds,
  roundUp,
  SLOT,
  WORDS,
  type GridBuffers,
} from './grid-build.ts';
import { cellOf } from './grid-shape.ts';
import { INT, INTS } from './helper-columns.ts';
import {
  availableAt,
  keyOf,
  packFacts,
  positionOf,
  setPosition,
  type HelperTable,
  type Side,
} from './helper-table.ts';
import { NOWHERE } from './skill-pool.ts';

/**
 * One side of a grid: buffers whose entries are only swapped inside cells, and a short overflow list of members
 * that came or moved since they were built. A member's position is its entry, or −1 − its place in the list.
 */
export interface GridSide {
  readonly code: number;
  readonly side: Side;
  main: GridBuffers | null;
  overflow: Int32Array;
  overflowCount: number;
  /** Bounds that may have become loose since the build. */
  loosened: number;
}

export function createGridSide(code: number, side: Side): GridSide {
  return { code, side, main: null, overflow: new Int32Array(8), overflowCount: 0, loosened: 0 };
}

/** Where a member is on this side; NOWHERE also when the number kept is left over from an earlier build. */
export function placeOn(grid: GridSide, table: HelperTable, slot: number): number {
  const position = positionOf(table, slot, grid.code, grid.side);
  if (position >= 0) {
    const isThere = grid.main !== null && grid.main.entryInts[WORDS * position + SLOT] === slot;
    return isThere ? position : NOWHERE;
  }
  const at = -1 - position;
  return at < grid.overflowCount && grid.overflow[at] === slot ? position : NOWHERE;
}

export function pushOverflow(grid: GridSide, table: HelperTable, slot: number): void {
  if (grid.overflowCount === grid.overflow.length) {
    const grown = new Int32Array(2 * grid.overflow.length);
    grown.set(grid.overflow);
    grid.overflow = grown;
  }
  grid.overflow[grid.overflowCount] = slot;
  setPosition(table, slot, grid.code, grid.side, -1 - grid.overflowCount);
  grid.overflowCount += 1;
}

/** Takes a member out; nothing happens when it is not there. */
export function takeOut(grid: GridSide, table: HelperTable, slot: number): void {
  const position = placeOn(grid, table, slot);
  if (position >= 0) {
    dropEntry(grid, table, position);
    grid.loosened += 1;
  } else if (position !== NOWHERE) {
    const last = grid.overflow[grid.overflowCount - 1]!;
    grid.overflow[-1 - position] = last;
    grid.overflowCount -= 1;
    if (last !== slot) setPosition(table, last, grid.code, grid.side, position);
  }
  setPosition(table, slot, grid.code, grid.side, NOWHERE);
}

/** Writes an entry anew: key, facts, mask, and its seat. */
export function refreshEntry(grid: GridSide, table: HelperTable, slot: number, position: number): void {
  const main = grid.main!;
  const key = roundUp(keyOf(table, slot, grid.code));
  if (key !== main.entryFloats[WORDS * position + KEY]) {
    grid.loosened += 1;
    main.entryFloats[WORDS * position + KEY] = key;
  }
  main.entryInts[WORDS * position + FACTS] = packFacts(table, slot, grid.code);
  main.entryInts[WORDS * position + MASK] = table.columns.ints[slot * INTS + INT.skillMask]!;
  seatEntry(grid, table, slot, position);
}

/** Puts an entry among the available ones of its cell or behind them, by a swap; bounds are raised when needed. */
export function seatEntry(grid: GridSide, table: HelperTable, slot: number, position: number): void {
  const main = grid.main!;
  if (!availableAt(table, slot)) {
    makeUnavailable(grid, table, position);
    return;
  }
  const key = main.entryFloats[WORDS * position + KEY]!;
  const cell = cellAtEntry(main, position);
  const front = main.cellSpan[2 * cell]! + main.cellSpan[2 * cell + 1]!;
  if (position < front) {
    raiseBounds(main, cell, position, key);
    return;
  }
  swapEntries(grid, table, position, front);
  main.cellSpan[2 * cell + 1] = main.cellSpan[2 * cell + 1]! + 1;
  raiseBounds(main, cell, front, key);
}

/** Leaves an entry without a helper, behind the available ones, until the next build. */
export function dropEntry(grid: GridSide, table: HelperTable, position: number): void {
  const at = makeUnavailable(grid, table, position);
  grid.main!.entryInts[WORDS * at + SLOT] = -1;
}

/** True when a member's entry was built at the place where the member is now. */
export function isAtItsPlace(grid: GridSide, table: HelperTable, slot: number, position: number): boolean {
  const { entryReals } = grid.main!;
  const { places } = table.columns;
  const at = 3 * slot;
  const entry = ENTRY * position;
  return (
    entryReals[entry] === places[at] &&
    entryReals[entry + 1] === places[at + 1] &&
    entryReals[entry + 2] === places[at + 2]
  );
}

/** Moves an entry behind the available ones of its cell; returns where it is now. */
function makeUnavailable(grid: GridSide, table: HelperTable, position: number): number {
  const main = grid.main!;
  const cell = cellAtEntry(main, position);
  const last = main.cellSpan[2 * cell]! + main.cellSpan[2 * cell + 1]! - 1;
  if (position > last) return position;
  swapEntries(grid, table, position, last);
  main.cellSpan[2 * cell + 1] = main.cellSpan[2 * cell + 1]! - 1;
  raiseBounds(main, cell, position, main.entryFloats[WORDS * position + KEY]!);
  return last;
}

function cellAtEntry(main: GridBuffers, position: number): number {
  return cellOf(main, main.entryReals[ENTRY * position]!, main.entryReals[ENTRY * position + 1]!);
}

function swapEntries(grid: GridSide, table: HelperTable, a: number, b: number): void {
  if (a === b) return;
  const { entryInts, entryReals } = grid.main!;
  const slotA = entryInts[WORDS * a + SLOT]!;
  const slotB = entryInts[WORDS * b + SLOT]!;
  for (let i = 0; i < WORDS; i += 1) {
    const held = entryInts[WORDS * a + i]!;
    entryInts[WORDS * a + i] = entryInts[WORDS * b + i]!;
    entryInts[WORDS * b + i] = held;
  }
  for (let i = 0; i < ENTRY; i += 1) {
    const held = entryReals[ENTRY * a + i]!;
    entryReals[ENTRY * a + i] = entryReals[ENTRY * b + i]!;
    entryReals[ENTRY * b + i] = held;
  }
  if (slotA >= 0) setPosition(table, slotA, grid.code, grid.side, b);
  if (slotB >= 0) setPosition(table, slotB, grid.code, grid.side, a);
}
