import { chordFromArc } from './distance.ts';
import { ENTRY, ENTRY_INTS, SLOT, type GridBuffers } from './grid-build.ts';
import { columnOf, rowOf } from './grid-shape.ts';
import { cellDistance, ringDistance } from './grid-walk.ts';
import { REAL, REALS } from './helper-columns.ts';
import { availableAt, type HelperTable } from './helper-table.ts';
import { clearNearest, offerNearest, type NearestList } from './nearest-list.ts';
import type { SkillGrid } from './skill-grid.ts';

/**
 * Fills the list with the nearest available members within a distance, by exact great-circle order: squared
 * chords are compared, three products and no trigonometry. Rings stop when none of their cells can hold a
 * nearer one.
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
  for (let i = 0; i < grid.overflowCount; i += 1) {
    const slot = grid.overflow[i]!;
    if (!availableAt(table, slot)) continue;
    const at = slot * REALS + REAL.east;
    const dx = table.columns.reals[at]! - place[0]!;
    const dy = table.columns.reals[at + 1]! - place[1]!;
    const dz = table.columns.reals[at + 2]! - place[2]!;
    offerNearest(list, dx * dx + dy * dy + dz * dz, slot);
  }
  const main = grid.main;
  if (main === null || main.count === 0) return;
  const column = columnOf(main, place[0]!);
  const row = rowOf(main, place[1]!);
  const rings = Math.max(column, main.columns - 1 - column, row, main.rows - 1 - row);
  for (let ring = 0; ring <= rings; ring += 1) {
    const atLeast = ringDistance(main, place, column, row, ring);
    if (atLeast * atLeast > list.farthest) return;
    nearestInRing(main, list, place, column, row, ring);
  }
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
    for (; x <= right; x += step) {
      const cell = y * main.columns + x;
      const available = main.cellSpan[2 * cell + 1]!;
      if (available === 0) continue;
      const distance = cellDistance(main, place, x, y);
      if (distance * distance > list.farthest) continue;
      nearestInCell(main, list, place, main.cellSpan[2 * cell]!, available);
    }
  }
}

function nearestInCell(
  main: GridBuffers,
  list: NearestList,
  place: Float64Array,
  start: number,
  available: number,
): void {
  const reals = main.entryReals;
  const east = place[0]!;
  const north = place[1]!;
  const up = place[2]!;
  for (let entry = start; entry < start + available; entry += 1) {
    const at = ENTRY * entry;
    const dx = reals[at]! - east;
    const dy = reals[at + 1]! - north;
    const dz = reals[at + 2]! - up;
    const square = dx * dx + dy * dy + dz * dz;
    if (square <= list.farthest) offerNearest(list, square, main.entryInts[ENTRY_INTS * entry + SLOT]!);
  }
}
