import { arcFromChordSquared } from './distance.ts';
import {
  BLOCK_SHIFT,
  ENTRY,
  FACTS,
  KEY,
  levelOf,
  MASK,
  SLOT,
  WORDS,
  type GridBuffers,
} from './grid-build.ts';
import { cellAt, columnOf, rowOf } from './grid-shape.ts';
import { INT, INTS } from './helper-columns.ts';
import { FACT, type HelperTable } from './helper-table.ts';
import { isKnown, mayBeAsked, scoreOfSlot, skillGap } from './judge-slot.ts';
import { NEAR_STEP_SHIFT, NEAR_TABLE_METRES, nearPoints } from './near-table.ts';
import { mostBeyondKey, NOT_FIRST_LANGUAGE, type PreparedQuery } from './prepared-query.ts';
import { tieOf } from './seeded-hash.ts';
import type { SkillGrid } from './skill-grid.ts';
import { offerToHeap, type TopHeap } from './top-heap.ts';

/** One query on one grid; made once per query, so that the inner loops pass numbers only. */
interface Walk {
  readonly main: GridBuffers;
  readonly query: PreparedQuery;
  readonly table: HelperTable;
  readonly heap: TopHeap;
  /** Points that anybody not met before can have beyond key and nearness. */
  readonly most: number;
  readonly widest: number;
  /** With one required skill, the entries carry what there is to know about it. */
  readonly oneNeed: boolean;
  readonly mustBeVerified: boolean;
  /** Cell of the request. */
  readonly column: number;
  readonly row: number;
}

/** Cells up to this many steps away are looked at ring by ring, whole tiles beyond. */
export const NEAR_RINGS = 4;

/**
 * Fills the heap with the exact best of one grid, by bounds: rings of cells around the request, then rings of
 * tiles (eight by eight cells); a tile, a cell, a block and an entry only when its best key plus the nearness of
 * its nearest point could still enter. A branch-and-bound walk; reads every cell in reach in the worst case, tens
 * of entries in practice. Helpers met before can beat the bound, so they are judged first and skipped in the walk.
 */
export function walkGrid(grid: SkillGrid, query: PreparedQuery, table: HelperTable, heap: TopHeap): void {
  judgeKnown(query, table, heap);
  const { overflow, overflowCount, main } = grid.live;
  for (let i = 0; i < overflowCount; i += 1) {
    const slot = overflow[i]!;
    if (!isKnown(table, slot)) judge(query, table, heap, slot);
  }
  if (main === null || main.count === 0) return;
  const walk: Walk = {
    main,
    query,
    table,
    heap,
    most: mostBeyondKey(query, grid.code > 0),
    widest: grid.widestRadius + 1,
    oneNeed: query.needs.length === 1,
    mustBeVerified: query.needs.length === 1 && (query.needs[0]! & 4) !== 0,
    column: columnOf(main, query.place[0]!),
    row: rowOf(main, query.place[1]!),
  };
  for (let ring = 0; ring <= NEAR_RINGS; ring += 1) {
    if (ringDistance(main, query.place, walk.column, walk.row, ring) > walk.widest) return;
    walkRing(walk, ring);
  }
  walkTiles(walk);
}

function walkRing(walk: Walk, ring: number): void {
  const { main, column, row } = walk;
  const right = Math.min(main.columns - 1, column + ring);
  const top = Math.min(main.rows - 1, row + ring);
  for (let y = Math.max(0, row - ring); y <= top; y += 1) {
    const isEdgeRow = y === row - ring || y === row + ring;
    const step = isEdgeRow || ring === 0 ? 1 : 2 * ring;
    let x = isEdgeRow ? Math.max(0, column - ring) : column - ring;
    if (x < 0) x += step;
    for (; x <= right; x += step) walkCell(walk, x, y);
  }
}

function walkTiles(walk: Walk): void {
  const { main, query, heap } = walk;
  const column = walk.column >> 3;
  const row = walk.row >> 3;
  const rings = Math.max(column, main.tileColumns - 1 - column, row, main.tileRows - 1 - row);
  const side = 8 * main.side;
  for (let ring = 0; ring <= rings; ring += 1) {
    const atLeast = squaresDistance(main, query.place, column, row, ring, side);
    if (atLeast > walk.widest) return;
    const lowest = lowestLevel(heap.threshold - nearBound(query, atLeast) - walk.most);
    const right = Math.min(main.tileColumns - 1, column + ring);
    const top = Math.min(main.tileRows - 1, row + ring);
    for (let y = Math.max(0, row - ring); y <= top; y += 1) {
      const isEdgeRow = y === row - ring || y === row + ring;
      const step = isEdgeRow || ring === 0 ? 1 : 2 * ring;
      let x = isEdgeRow ? Math.max(0, column - ring) : column - ring;
      if (x < 0) x += step;
      for (; x <= right; x += step) {
        if (main.tileLevel[y * main.tileColumns + x]! >= lowest) walkTile(walk, x, y);
      }
    }
  }
}

/** The cells of a tile that are not near enough to have been met in rings. */
function walkTile(walk: Walk, tileX: number, tileY: number): void {
  const { main, query, heap } = walk;
  const distance = squareDistance(main, query.place, tileX, tileY, 3);
  if (distance > walk.widest) return;
  const lowest = lowestLevel(heap.threshold - nearBound(query, distance) - walk.most);
  const tile = tileY * main.tileColumns + tileX;
  if (main.tileLevel[tile]! < lowest) return;
  for (let at = 0; at < 64; at += 1) {
    if (main.cellLevel[(tile << 6) | at]! < lowest) continue;
    const x = (tileX << 3) | (at & 7);
    const y = (tileY << 3) | (at >> 3);
    const isMet = Math.abs(x - walk.column) <= NEAR_RINGS && Math.abs(y - walk.row) <= NEAR_RINGS;
    if (!isMet) walkCell(walk, x, y);
  }
}

/** The lowest level of a cell that may hold an entry with a key of `key` or more; 1 at least. */
function lowestLevel(key: number): number {
  return key <= 0 ? 1 : levelOf(key);
}

function walkCell(walk: Walk, x: number, y: number): void {
  const { main, query, heap } = walk;
  const cell = cellAt(main, x, y);
  const level = main.cellLevel[cell]!;
  if (level === 0) return;
  const distance = squareDistance(main, query.place, x, y, 0);
  if (distance > walk.widest) return;
  const beyond = nearBound(query, distance) + walk.most;
  if (level < lowestLevel(heap.threshold - beyond)) return;
  const start = main.cellSpan[2 * cell]!;
  const stop = start + main.cellSpan[2 * cell + 1]!;
  if (stop - start <= FEW) {
    judgeEntries(walk, start, stop, beyond);
    return;
  }
  for (let entry = start; entry < stop;) {
    const blockEnd = Math.min(stop, ((entry >> BLOCK_SHIFT) + 1) << BLOCK_SHIFT);
    if (main.blockMost[entry >> BLOCK_SHIFT]! + beyond >= heap.threshold) {
      judgeEntries(walk, entry, blockEnd, beyond);
    }
    entry = blockEnd;
  }
}

/** In cells of up to so many the bounds of blocks are not worth a look. */
const FEW = 2 << BLOCK_SHIFT;

function judgeEntries(walk: Walk, start: number, stop: number, beyond: number): void {
  const { entryFloats } = walk.main;
  const { heap } = walk;
  for (let entry = start; entry < stop; entry += 1) {
    if (entryFloats[WORDS * entry + KEY]! + beyond >= heap.threshold) judgeEntry(walk, entry);
  }
}

function judgeEntry(walk: Walk, entry: number): void {
  const { main, query, table, heap } = walk;
  const facts = main.entryInts[WORDS * entry + FACTS]!;
  if (walk.mustBeVerified && (facts & 4) === 0) return;
  if (((facts >> FACT.personShift) & 3) < query.tier) return;
  if (query.gender !== 0 && ((facts >> (FACT.personShift + 2)) & 3) !== query.gender) return;
  if (query.wantsLanguage && ((facts >> FACT.languageShift) & query.languageFacts) === 0) return;
  if ((main.entryInts[WORDS * entry + MASK]! & query.needMask) !== query.needMask) return;
  const reals = main.entryReals;
  const at = ENTRY * entry;
  const dx = reals[at]! - query.place[0]!;
  const dy = reals[at + 1]! - query.place[1]!;
  const dz = reals[at + 2]! - query.place[2]!;
  const metres = Math.round(arcFromChordSquared(dx * dx + dy * dy + dz * dz));
  if (metres > walk.widest) return;
  const lacksFirst =
    query.firstLanguageFact !== 0 && ((facts >> FACT.languageShift) & query.firstLanguageFact) === 0;
  const most = lacksFirst ? walk.most - NOT_FIRST_LANGUAGE : walk.most;
  if (main.entryFloats[WORDS * entry + KEY]! + most + nearBound(query, metres) < heap.threshold) return;
  const slot = main.entryInts[WORDS * entry + SLOT]!;
  if (!mayBeAsked(query, table, slot, metres) || isKnown(table, slot)) return;
  if (!walk.oneNeed && skillGap(query, table, slot) !== 0) return;
  enter(query, table, heap, slot, metres, walk.oneNeed ? facts & 7 : -1);
}

/** Judges one slot without any bound. */
function judge(query: PreparedQuery, table: HelperTable, heap: TopHeap, slot: number): void {
  const metres = metresTo(query, table, slot);
  if (!mayBeAsked(query, table, slot, metres) || skillGap(query, table, slot) !== 0) return;
  enter(query, table, heap, slot, metres, -1);
}

function judgeKnown(query: PreparedQuery, table: HelperTable, heap: TopHeap): void {
  const known = query.request.helpedBeforeIds;
  for (let i = 0; i < known.length; i += 1) {
    const slot = table.slotOf.get(known[i]!);
    if (slot === undefined || known.indexOf(known[i]!) < i) continue;
    judge(query, table, heap, slot);
  }
}

function enter(
  query: PreparedQuery,
  table: HelperTable,
  heap: TopHeap,
  slot: number,
  metres: number,
  bits: number,
): void {
  const score = scoreOfSlot(query, table, slot, metres, bits);
  if (score < heap.threshold) return;
  offerToHeap(
    heap,
    score,
    tieOf(table.columns.ints[slot * INTS + INT.tieHash]!, query.tieSeed),
    slot,
    metres,
  );
}

/** Whole metres from the request to the helper in a slot. */
export function metresTo(query: PreparedQuery, table: HelperTable, slot: number): number {
  const reals = table.columns.places;
  const at = 3 * slot;
  const dx = reals[at]! - query.place[0]!;
  const dy = reals[at + 1]! - query.place[1]!;
  const dz = reals[at + 2]! - query.place[2]!;
  return Math.round(arcFromChordSquared(dx * dx + dy * dy + dz * dz));
}

/** Most points for nearness at this distance or farther, in metres of the plane. */
function nearBound(query: PreparedQuery, distance: number): number {
  return distance < NEAR_TABLE_METRES
    ? query.nearBounds[distance >> NEAR_STEP_SHIFT]!
    : nearPoints(distance, query.request.urgency);
}

/** No point of a ring of cells is nearer than this in the plane. */
export function ringDistance(
  main: GridBuffers,
  place: Float64Array,
  column: number,
  row: number,
  ring: number,
): number {
  return squaresDistance(main, place, column, row, ring, main.side);
}

/** The same for squares of another side. */
export function squaresDistance(
  main: GridBuffers,
  place: Float64Array,
  column: number,
  row: number,
  ring: number,
  side: number,
): number {
  if (ring === 0) return 0;
  const east = place[0]! - (main.east0 + column * side);
  const north = place[1]! - (main.north0 + row * side);
  const inside = Math.min(east, side - east, north, side - north);
  return Math.max(0, (ring - 1) * side + Math.max(0, inside)) * (1 - 1e-12);
}

/**
 * No point of a square of cells is nearer than this in the plane: one cell with `shift` 0, a tile with 3. Cells
 * at the rim reach to infinity.
 */
export function squareDistance(
  main: GridBuffers,
  place: Float64Array,
  x: number,
  y: number,
  shift: number,
): number {
  const last = (1 << shift) - 1;
  const dx = gap(place[0]! - main.east0, x << shift, (x << shift) + last, main.columns, main.side);
  const dy = gap(place[1]! - main.north0, y << shift, (y << shift) + last, main.rows, main.side);
  return Math.sqrt(dx * dx + dy * dy) * (1 - 1e-12);
}

function gap(at: number, first: number, last: number, cells: number, side: number): number {
  const before = first * side - at;
  if (before > 0) return first === 0 ? 0 : before;
  const after = at - (last + 1) * side;
  return after > 0 && last < cells - 1 ? after : 0;
}
