import { cellOf, chooseShape, STEP, type GridShape } from './grid-shape.ts';

/**
 * One skill's helpers by place, read only but for swaps inside blocks. Cells are squares of the (east, north)
 * plane in rows; the cells at the rim reach to infinity, so that a far outlier costs nothing. A cell holds
 * blocks of at most 16 entries, the best first; in a block the available come first.
 */
export interface GridBuffers extends GridShape {
  readonly count: number;
  readonly cellFirstBlock: Int32Array;
  /** No available entry of the cell has a larger key; −Infinity when there is none. Rounded up. */
  readonly cellMost: Float32Array;
  readonly blockStart: Int32Array;
  readonly blockAvailable: Uint8Array;
  readonly blockMost: Float32Array;
  readonly entrySlot: Int32Array;
  /** Level and proof of the skill, as in the pool without the code; 0 in the grid of everybody. */
  readonly entrySkill: Uint8Array;
  /** Four numbers per entry, side by side: east, north, up in metres, and the key. */
  readonly entryReals: Float64Array;
}

/** What a build reads about each member; it is read once, in the first pass. */
export interface GridSource {
  readonly count: number;
  slotOf(member: number): number;
  keyOf(slot: number): number;
  skillOf(slot: number): number;
  isAvailable(slot: number): boolean;
  /** East, north, up in metres. */
  placeOf(slot: number, out: Float64Array): void;
}

export const BLOCK = 16;
/** Offsets in `entryReals`; an entry begins at ENTRY times its position. */
export const ENTRY = 4;
export const KEY = 3;
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
  readonly skill: Uint8Array;
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
    skill: new Uint8Array(count),
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
    members.skill[i] = source.skillOf(slot);
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
    cellMost: new Float32Array(cells).fill(-Infinity),
    blockStart: new Int32Array(blocks + 1),
    blockAvailable: new Uint8Array(blocks),
    blockMost: new Float32Array(blocks).fill(-Infinity),
    entrySlot: new Int32Array(count),
    entrySkill: new Uint8Array(count),
    entryReals: new Float64Array(ENTRY * count),
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
  grid.entrySkill[at] = members.skill[member]!;
  grid.entryReals[ENTRY * at] = members.east[member]!;
  grid.entryReals[ENTRY * at + 1] = members.north[member]!;
  grid.entryReals[ENTRY * at + 2] = members.up[member]!;
  grid.entryReals[ENTRY * at + KEY] = key;
  if (members.available[member] === 0) return;
  grid.blockAvailable[block] = grid.blockAvailable[block]! + 1;
  raiseBounds(grid, cell, block, key);
}

/** Raises the bounds of a cell and a block to a key, rounded up, so that single precision stays a bound. */
export function raiseBounds(
  grid: Pick<GridBuffers, 'cellMost' | 'blockMost'>,
  cell: number,
  block: number,
  key: number,
): void {
  const most = key + Math.abs(key) * 1.2e-7;
  if (most > grid.blockMost[block]!) grid.blockMost[block] = most;
  if (most > grid.cellMost[cell]!) grid.cellMost[cell] = most;
}
