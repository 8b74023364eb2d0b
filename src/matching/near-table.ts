import type { Urgency } from './match-types.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';

/** Points for nearness are looked up for distances below this many metres, and computed beyond. */
export const NEAR_TABLE_METRES = 32_768;

const tables = new Map<Urgency, Float64Array>();

/** Points for nearness by whole metres, made on first use: the numbers of `scoreParts`, bit by bit. */
export function nearTable(urgency: Urgency): Float64Array {
  let table = tables.get(urgency);
  if (table === undefined) {
    table = new Float64Array(NEAR_TABLE_METRES);
    for (let metres = 0; metres < table.length; metres += 1) table[metres] = nearPoints(metres, urgency);
    tables.set(urgency, table);
  }
  return table;
}

/** Steps of the table of bounds, as a power of two: 8 metres, so that it stays in the nearest cache. */
export const NEAR_STEP_SHIFT = 3;

const bounds = new Map<Urgency, Float32Array>();

/** Points for nearness at the nearer end of each step, rounded up: nobody in the step or beyond has more. */
export function nearBounds(urgency: Urgency): Float32Array {
  let table = bounds.get(urgency);
  if (table === undefined) {
    table = new Float32Array(NEAR_TABLE_METRES >> NEAR_STEP_SHIFT);
    for (let step = 0; step < table.length; step += 1) {
      table[step] = nearPoints(step << NEAR_STEP_SHIFT, urgency) * (1 + 1.2e-7);
    }
    bounds.set(urgency, table);
  }
  return table;
}

export function nearPoints(metres: number, urgency: Urgency): number {
  return SCORE_WEIGHTS.points.near * Math.exp(-metres / SCORE_WEIGHTS.nearMetres[urgency]);
}
