import { cellCount, cellOf, chooseShape, STEP, type GridShape } from './grid-shape.ts';

/**
 * One skill's helpers by place. Cells are squares of the (east, north) plane; the cells at the rim reach to
 * infinity, so that a far outlier costs nothing. In a cell the available entries come first, the best of them
 * first when it was built; sixteen entries in a row share a bound, which matters in crowded cells.
 */
export interface GridBuffers extends GridShape {
  readonly count: number;
  /** Two numbers per cell: where its entries begin, how many of them are available. One more cell ends them. */
  readonly cellSpan: Int32Array;
  /** No available entry of the cell has a key above a quarter of this; 0 when there is none, 255 no bound. */
  readonly cellLevel: Uint8Array;
  /** The highest level of the cells of a tile. */
  readonly tileLevel: Uint8Array;
  /** The largest key of available entries 16·b .. 16·b + 15, whatever cells they are in. */
  readonly blockMost: Float32Array;
  /** East, north, up in metres; three per entry. */
  readonly entryReals: Float64Array;
  /** Four numbers per entry: key (see below), mask of all skills, slot, and what decides most refusals (`packFacts`). */
  readonly entryInts: Int32Array;
  /** The same memory, for the key: rounded up to single precision. */
  readonly entryFloats: Float32Array;
}

/** What a build reads about each member; it is read once, in the first pass. */
export interface GridSource {
  readonly count: number;
  slotOf(member: number): number;
  keyOf(slot: number): number;
  factsOf(slot: number): number;
  /** Bits of all skills of the helper (see `skillBit`). */
  maskOf(slot: number): number;
  isAvailable(slot: number): boolean;
  /** East, north, up in metres. */
  placeOf(slot: number, out: Float64Array): void;
}

export const BLOCK_SHIFT = 4;
/** An entry begins at ENTRY times its position in `entryReals`. */
export const ENTRY = 3;
/** An entry begins at WORDS times its position in `entryInts` and `entryFloats`, and has these there. */
export const WORDS = 4;
export const KEY = 0;
export const MASK = 1;
export const SLOT = 2;
export const FACTS = 3;
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
  const cells = cellCount(shape);
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

interface Members {
  readonly slot: Int32Array;
  readonly key: Float64Array;
  readonly facts: Int32Array;
  readonly mask: Int32Array;
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
    facts: new Int32Array(count),
    mask: new Int32Array(count),
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
    members.facts[i] = source.factsOf(slot);
    members.mask[i] = source.maskOf(slot);
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
  const cells = cellCount(shape);
  const count = order.length;
  const entryInts = new Int32Array(WORDS * count);
  const grid: GridBuffers = {
    ...shape,
    count,
    cellSpan: new Int32Array(2 * cells + 2),
    cellLevel: new Uint8Array(cells),
    tileLevel: new Uint8Array(cells >> 6),
    blockMost: new Float32Array((count >> BLOCK_SHIFT) + 1).fill(-Infinity),
    entryReals: new Float64Array(ENTRY * count),
    entryInts,
    entryFloats: new Float32Array(entryInts.buffer),
  };
  grid.cellSpan[2 * cells] = count;
  for (let cell = 0; cell < cells; cell += 1) {
    grid.cellSpan[2 * cell] = starts[cell]!;
    for (let at = starts[cell]!; at < starts[cell + 1]!; at += 1) {
      placeEntry(grid, members, cell, at, order[at]!);
      if (at % STEP === STEP - 1) yield STEP * 2;
    }
    if (cell % STEP === STEP - 1) yield STEP >> 2;
  }
  return grid;
}

/** Entries of a cell arrive available first, best first. */
function placeEntry(grid: GridBuffers, members: Members, cell: number, at: number, member: number): void {
  const key = roundUp(members.key[member]!);
  grid.entryReals[ENTRY * at] = members.east[member]!;
  grid.entryReals[ENTRY * at + 1] = members.north[member]!;
  grid.entryReals[ENTRY * at + 2] = members.up[member]!;
  grid.entryFloats[WORDS * at + KEY] = key;
  grid.entryInts[WORDS * at + MASK] = members.mask[member]!;
  grid.entryInts[WORDS * at + SLOT] = members.slot[member]!;
  grid.entryInts[WORDS * at + FACTS] = members.facts[member]!;
  if (members.available[member] === 0) return;
  grid.cellSpan[2 * cell + 1] = grid.cellSpan[2 * cell + 1]! + 1;
  raiseBounds(grid, cell, at, key);
}

/** A single-precision number that is not below a key, and above it by less than a ten-thousandth of a point. */
export function roundUp(key: number): number {
  return Math.fround(key + Math.abs(key) * 1.2e-7);
}

/** Raises the bounds around an entry to a key that was rounded up. */
export function raiseBounds(
  grid: Pick<GridBuffers, 'cellLevel' | 'tileLevel' | 'blockMost'>,
  cell: number,
  entry: number,
  key: number,
): void {
  const block = entry >> BLOCK_SHIFT;
  if (key > grid.blockMost[block]!) grid.blockMost[block] = key;
  const level = levelOf(key);
  if (level > grid.cellLevel[cell]!) grid.cellLevel[cell] = level;
  if (level > grid.tileLevel[cell >> 6]!) grid.tileLevel[cell >> 6] = level;
}

/** The smallest level whose quarter is not below a key; 1 at least, 255 when no byte can say it. */
export function levelOf(key: number): number {
  return key <= 0 ? 1 : Math.min(255, Math.floor(4 * key) + 1);
}
