import { chordFromArc } from './distance.ts';
import { ENTRY, SLOT, WORDS, type GridBuffers } from './grid-build.ts';
import { cellAt, columnOf, rowOf } from './grid-shape.ts';
import { NEAR_RINGS, ringDistance, squareDistance, squaresDistance } from './grid-walk.ts';
import { availableAt, type HelperTable } from './helper-table.ts';
import { clearNearest, offerNearest, type NearestList } from './nearest-list.ts';
import type { SkillGrid } from './skill-grid.ts';

/**
 * Fills the list with the nearest available members within a distance, by exact great-circle order: squared
 * chords are compared, three products and no trigonometry. Rings of cells, then of tiles, stop when none of them
 * can hold a nearer one. The list holds slots at the end.
 */
export function walkNearest(
  grid: SkillGrid,
  table: HelperTable,
  place: Float64Array,
  options: { readonly limit: number; readonly withinMetres: number },
  list: NearestList,
): void {
  const reach = chordFromArc(options.withinMetres);
  clearNearest(list, options.limit, reach * reach);
  const { overflow, overflowCount, main } = grid.live;
  for (let i = 0; i < overflowCount; i += 1) {
    const slot = overflow[i]!;
    if (!availableAt(table, slot)) continue;
    const at = 3 * slot;
    const dx = table.columns.places[at]! - place[0]!;
    const dy = table.columns.places[at + 1]! - place[1]!;
    const dz = table.columns.places[at + 2]! - place[2]!;
    offerNearest(list, dx * dx + dy * dy + dz * dz, -1 - slot);
  }
  if (main !== null && main.count > 0) nearestInGrid(main, list, place);
  for (let at = 0; at < list.count; at += 1) {
    const entry = list.slots[at]!;
    list.slots[at] = entry < 0 ? -1 - entry : main!.entryInts[WORDS * entry + SLOT]!;
  }
}

/** Puts entries into the list, not yet slots: most of them are pushed out again. */
function nearestInGrid(main: GridBuffers, list: NearestList, place: Float64Array): void {
  const column = columnOf(main, place[0]!);
  const row = rowOf(main, place[1]!);
  for (let ring = 0; ring <= NEAR_RINGS; ring += 1) {
    const atLeast = ringDistance(main, place, column, row, ring);
    if (atLeast * atLeast > list.farthest) return;
    nearestInRing(main, list, place, column, row, ring);
  }
  const atLeast = ringDistance(main, place, column, row, NEAR_RINGS + 1);
  if (atLeast * atLeast <= list.farthest) nearestInTiles(main, list, place, column, row);
}

function nearestInRing(
  main: GridBuffers,
  list: NearestList,
  place: Float64Array,
  column: number,
  row: number,
  ring: number,
): void {
  const left = Math.max(0, column - ring);
  const right = Math.min(main.columns - 1, column + ring);
  const top = Math.min(main.rows - 1, row + ring);
  for (let y = Math.max(0, row - ring); y <= top; y += 1) {
    const isEdgeRow = y === row - ring || y === row + ring;
    const step = isEdgeRow || ring === 0 ? 1 : 2 * ring;
    let x = isEdgeRow ? left : column - ring;
    if (x < 0) x += step;
    for (; x <= right; x += step) nearestInCell(main, list, place, x, y);
  }
}

function nearestInTiles(
  main: GridBuffers,
  list: NearestList,
  place: Float64Array,
  column: number,
  row: number,
): void {
  const tileX = column >> 3;
  const tileY = row >> 3;
  const rings = Math.max(tileX, main.tileColumns - 1 - tileX, tileY, main.tileRows - 1 - tileY);
  for (let ring = 0; ring <= rings; ring += 1) {
    const atLeast = squaresDistance(main, place, tileX, tileY, ring, 8 * main.side);
    if (atLeast * atLeast > list.farthest) return;
    const right = Math.min(main.tileColumns - 1, tileX + ring);
    const top = Math.min(main.tileRows - 1, tileY + ring);
    for (let y = Math.max(0, tileY - ring); y <= top; y += 1) {
      const isEdgeRow = y === tileY - ring || y === tileY + ring;
      const step = isEdgeRow || ring === 0 ? 1 : 2 * ring;
      let x = isEdgeRow ? Math.max(0, tileX - ring) : tileX - ring;
      if (x < 0) x += step;
      for (; x <= right; x += step) nearestInTile(main, list, place, x, y, column, row);
    }
  }
}

function nearestInTile(
  main: GridBuffers,
  list: NearestList,
  place: Float64Array,
  tileX: number,
  tileY: number,
  column: number,
  row: number,
): void {
  const tile = tileY * main.tileColumns + tileX;
  if (main.tileLevel[tile] === 0) return;
  const distance = squareDistance(main, place, tileX, tileY, 3);
  if (distance * distance > list.farthest) return;
  for (let at = 0; at < 64; at += 1) {
    if (main.cellLevel[(tile << 6) | at] === 0) continue;
    const x = (tileX << 3) | (at & 7);
    const y = (tileY << 3) | (at >> 3);
    const isMet = Math.abs(x - column) <= NEAR_RINGS && Math.abs(y - row) <= NEAR_RINGS;
    if (!isMet) nearestInCell(main, list, place, x, y);
  }
}

function nearestInCell(
  main: GridBuffers,
  list: NearestList,
  place: Float64Array,
  x: number,
  y: number,
): void {
  const distance = squareDistance(main, place, x, y, 0);
  if (distance * distance > list.farthest) return;
  const cell = cellAt(main, x, y);
  const start = main.cellSpan[2 * cell]!;
  const stop = start + main.cellSpan[2 * cell + 1]!;
  const reals = main.entryReals;
  const east = place[0]!;
  const north = place[1]!;
  const up = place[2]!;
  for (let entry = start; entry < stop; entry += 1) {
    const at = ENTRY * entry;
    const dx = reals[at]! - east;
    const dy = reals[at + 1]! - north;
    const dz = reals[at + 2]! - up;
    const square = dx * dx + dy * dy + dz * dz;
    if (square <= list.farthest) offerNearest(list, square, entry);
  }
}
