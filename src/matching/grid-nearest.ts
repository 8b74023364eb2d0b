import { chordFromArc } from './distance.ts';
import { ENTRY, type GridBuffers } from './grid-build.ts';
import { columnOf, rowOf } from './grid-shape.ts';
import { cellDistance, ringDistance } from './grid-walk.ts';
import { REAL, REALS } from './helper-columns.ts';
import { availableAt, type HelperTable } from './helper-table.ts';
import type { SkillGrid } from './skill-grid.ts';
import { offerToHeap, type TopHeap } from './top-heap.ts';

/**
 * Fills the heap with the nearest available members within a distance, by exact great-circle order: squared
 * chords are compared, three products and no trigonometry; the score in the heap is the negative of that
 * square. Rings stop when none of their cells can hold a nearer one.
 */
export function walkNearest(
  grid: SkillGrid,
  table: HelperTable,
  place: Float64Array,
  withinMetres: number,
  heap: TopHeap,
): void {
  const reach = chordFromArc(withinMetres);
  const floor = -reach * reach;
  for (let i = 0; i < grid.overflowCount; i += 1) {
    const slot = grid.overflow[i]!;
    if (!availableAt(table, slot)) continue;
    const at = slot * REALS + REAL.east;
    const reals = table.columns.reals;
    offerNear(heap, floor, place, reals[at]!, reals[at + 1]!, reals[at + 2]!, slot);
  }
  const main = grid.main;
  if (main === null || main.count === 0) return;
  const from = { place };
  const column = columnOf(main, place[0]!);
  const row = rowOf(main, place[1]!);
  const rings = Math.max(column, main.columns - 1 - column, row, main.rows - 1 - row);
  for (let ring = 0; ring <= rings; ring += 1) {
    const atLeast = ringDistance(main, from, column, row, ring);
    if (-atLeast * atLeast < Math.max(floor, heap.threshold)) return;
    nearestInRing(main, heap, place, floor, column, row, ring);
  }
}

function nearestInRing(
  main: GridBuffers,
  heap: TopHeap,
  place: Float64Array,
  floor: number,
  column: number,
  row: number,
  ring: number,
): void {
  const from = { place };
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
      if (main.cellMost[cell] === -Infinity) continue;
      const distance = cellDistance(main, from, x, y);
      if (-distance * distance < Math.max(floor, heap.threshold)) continue;
      nearestInCell(main, heap, place, floor, cell);
    }
  }
}

function nearestInCell(
  main: GridBuffers,
  heap: TopHeap,
  place: Float64Array,
  floor: number,
  cell: number,
): void {
  const end = main.cellFirstBlock[cell + 1]!;
  for (let block = main.cellFirstBlock[cell]!; block < end; block += 1) {
    const start = main.blockStart[block]!;
    const stop = start + main.blockAvailable[block]!;
    for (let at = start; at < stop; at += 1) {
      const reals = main.entryReals;
      const from = ENTRY * at;
      offerNear(heap, floor, place, reals[from]!, reals[from + 1]!, reals[from + 2]!, main.entrySlot[at]!);
    }
  }
}

function offerNear(
  heap: TopHeap,
  floor: number,
  place: Float64Array,
  east: number,
  north: number,
  up: number,
  slot: number,
): void {
  const dx = east - place[0]!;
  const dy = north - place[1]!;
  const dz = up - place[2]!;
  const nearness = -(dx * dx + dy * dy + dz * dz);
  if (nearness < floor || nearness < heap.threshold) return;
  offerToHeap(heap, nearness, 0, slot, 0);
}
