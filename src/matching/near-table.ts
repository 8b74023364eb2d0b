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

export function nearPoints(metres: number, urgency: Urgency): number {
  return SCORE_WEIGHTS.points.near * Math.exp(-metres / SCORE_WEIGHTS.nearMetres[urgency]);
}
