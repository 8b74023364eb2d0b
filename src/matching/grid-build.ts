import { cellOf, chooseShape, STEP, type GridShape } from './grid-shape.ts';

/**
 * One skill's helpers by place, read only but for swaps inside blocks. Cells are squares of the (east, north)
 * plane in rows; the cells at the rim reach to infinity, so that a far outlier costs nothing. A cell holds
 * blocks of at most 16 entries, the best first; in a block the available come first.
 */
export interface GridBuffers extends GridShape {
  readonly count: number;
  readonly cellFirstBlock: Int32Array;
  /** Upper bound of the key of every available entry of the cell; −Infinity when there is none. */
  readonly cellMost: Float64Array;
  readonly blockStart: Int32Array;
  readonly blockAvailable: Uint8Array;
  readonly blockMost: Float64Array;
  readonly entrySlot: Int32Array;
  readonly entryKey: Float64Array;
  readonly entryEast: Float64Array;
  readonly entryNorth: Float64Array;
  readonly entryUp: Float64Array;
}

/** What a build reads about each member; it is read once, in the first pass. */
export interface GridSource {
  readonly count: number;
  slotOf(member: number): number;
  keyOf(slot: number): number;
  isAvailable(slot: number): boolean;
  /** East, north, up in metres. */
  placeOf(slot: number, out: Float64Array): void;
}

export const BLOCK = 16;
const KEY_STEPS = 4096;

/**
 * Builds a grid in steps: yields the units of work done after every few thousand, so that the caller may let
 * others run; returns the buffers. O(members + cells): two counting sorts, first by key, then stable by cell.
 * The same code runs in one go, in slices, or in a worker on a copy.
 */
export function* buildGrid(source: GridSource): Generator<number, GridBuffers, void> {
  const members = yield* readMembers(source);
  const shape = yield* chooseShape(members.east, members.north);
  const byKey = yield* orderByKey(members);
  const cells = shape.columns * shape.rows;
  const starts = new Int32Array(cells + 1);
  const cellOfMember = new Int32Array(source.count);
  for (let i = 0; i < source.count; i += 1) {
    const cell = cellOf(shape, members.east[i]!, members.north[i]!);
    cellOfMember[i] = cell;
    starts[cell + 1] = starts[cell + 1]! + 1;
    if (i % STEP === STEP - 1) yield STEP;
  }
  for (let cell = 0; cell < cells; cell += 1) {
    starts[cell + 1] = starts[cell + 1]! + starts[cell]!;
    if (cell % STEP === STEP - 1) yield STEP >> 2;
  }
  const order = yield* scatter(byKey, cellOfMember, starts);
  return yield* fillBuffers(members, shape, order, starts);
}

/** Runs a build to its end. */
export function buildGridNow(source: GridSource): GridBuffers {
  const build = buildGrid(source);
  for (;;) {
    const step = build.next();
    if (step.done === true) return step.value;
  }
}

interface Members {
  readonly slot: Int32Array;
  readonly key: Float64Array;
  readonly available: Uint8Array;
  readonly east: Float64Array;
  readonly north: Float64Array;
  readonly up: Float64Array;
}

function* readMembers(source: GridSource): Generator<number, Members, void> {
  const count = source.count;
  const members: Members = {
    slot: new Int32Array(count),
    key: new Float64Array(count),
    available: new Uint8Array(count),
    east: new Float64Array(count),
    north: new Float64Array(count),
    up: new Float64Array(count),
  };
  const place = new Float64Array(3);
  for (let i = 0; i < count; i += 1) {
    const slot = source.slotOf(i);
    source.placeOf(slot, place);
    members.slot[i] = slot;
    members.key[i] = source.keyOf(slot);
    members.available[i] = source.isAvailable(slot) ? 1 : 0;
    members.east[i] = place[0]!;
    members.north[i] = place[1]!;
    members.up[i] = place[2]!;
    if (i % STEP === STEP - 1) yield STEP;
  }
  return members;
}

/** Members by key, best first, in 4,096 steps; those that are not available come last. */
function* orderByKey(members: Members): Generator<number, Int32Array, void> {
  const count = members.slot.length;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < count; i += 1) {
    low = Math.min(low, members.key[i]!);
    high = Math.max(high, members.key[i]!);
  }
  const scale = high > low ? (KEY_STEPS - 1) / (high - low) : 0;
  const bucketOf = new Int32Array(count);
  const starts = new Int32Array(KEY_STEPS + 2);
  for (let i = 0; i < count; i += 1) {
    const bucket = members.available[i] === 1 ? Math.floor((high - members.key[i]!) * scale) : KEY_STEPS;
    bucketOf[i] = bucket;
    starts[bucket + 1] = starts[bucket + 1]! + 1;
    if (i % STEP === STEP - 1) yield STEP;
  }
  for (let bucket = 0; bucket <= KEY_STEPS; bucket += 1)
    starts[bucket + 1] = starts[bucket + 1]! + starts[bucket]!;
  const identity = new Int32Array(count);
  for (let i = 0; i < count; i += 1) identity[i] = i;
  return yield* scatter(identity, bucketOf, starts);
}

/** Stable counting sort of `order` by bucket; `starts` is left as it was. */
function* scatter(
  order: Int32Array,
  bucketOf: Int32Array,
  starts: Int32Array,
): Generator<number, Int32Array, void> {
  const next = starts.slice();
  const out = new Int32Array(order.length);
  for (let i = 0; i < order.length; i += 1) {
    const member = order[i]!;
    const bucket = bucketOf[member]!;
    const at = next[bucket]!;
    next[bucket] = at + 1;
    out[at] = member;
    if (i % STEP === STEP - 1) yield STEP;
  }
  return out;
}

function* fillBuffers(
  members: Members,
  shape: GridShape,
  order: Int32Array,
  starts: Int32Array,
): Generator<number, GridBuffers, void> {
  const cells = shape.columns * shape.rows;
  const cellFirstBlock = new Int32Array(cells + 1);
  for (let cell = 0; cell < cells; cell += 1) {
    const size = starts[cell + 1]! - starts[cell]!;
    cellFirstBlock[cell + 1] = cellFirstBlock[cell]! + Math.ceil(size / BLOCK);
    if (cell % STEP === STEP - 1) yield STEP >> 2;
  }
  const blocks = cellFirstBlock[cells]!;
  const count = order.length;
  const grid: GridBuffers = {
    ...shape,
    count,
    cellFirstBlock,
    cellMost: new Float64Array(cells).fill(-Infinity),
    blockStart: new Int32Array(blocks + 1),
    blockAvailable: new Uint8Array(blocks),
    blockMost: new Float64Array(blocks).fill(-Infinity),
    entrySlot: new Int32Array(count),
    entryKey: new Float64Array(count),
    entryEast: new Float64Array(count),
    entryNorth: new Float64Array(count),
    entryUp: new Float64Array(count),
  };
  grid.blockStart[blocks] = count;
  for (let cell = 0; cell < cells; cell += 1) {
    for (let at = starts[cell]!; at < starts[cell + 1]!; at += 1) {
      placeEntry(grid, members, cell, at, starts[cell]!, order[at]!);
      if (at % STEP === STEP - 1) yield STEP * 2;
    }
    if (cell % STEP === STEP - 1) yield STEP >> 2;
  }
  return grid;
}

/** Entries of a cell arrive available first, best first; so the first of a block carries its bound, roughly. */
function placeEntry(
  grid: GridBuffers,
  members: Members,
  cell: number,
  at: number,
  cellStart: number,
  member: number,
): void {
  const block = grid.cellFirstBlock[cell]! + Math.floor((at - cellStart) / BLOCK);
  if ((at - cellStart) % BLOCK === 0) grid.blockStart[block] = at;
  const key = members.key[member]!;
  grid.entrySlot[at] = members.slot[member]!;
  grid.entryKey[at] = key;
  grid.entryEast[at] = members.east[member]!;
  grid.entryNorth[at] = members.north[member]!;
  grid.entryUp[at] = members.up[member]!;
  if (members.available[member] === 0) return;
  grid.blockAvailable[block] = grid.blockAvailable[block]! + 1;
  grid.blockMost[block] = Math.max(grid.blockMost[block]!, key);
  grid.cellMost[cell] = Math.max(grid.cellMost[cell]!, key);
}
