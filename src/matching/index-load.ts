import { checkLoad } from './check-helper.ts';
import { basePoints, REAL, REALS, traitsOf, INT, INTS } from './helper-columns.ts';
import type { HelperTable } from './helper-table.ts';
import { settle, type Grids } from './index-changes.ts';
import type { HelperLoad } from './match-types.ts';

/**
 * Writes duty and load of one helper: three columns and a swap per skill. False when there is no such helper.
 * Throws MatchingInputError naming the field; the index is then unchanged.
 */
export function writeLoad(
  table: HelperTable,
  grids: Grids,
  helperId: string,
  load: Partial<HelperLoad>,
): boolean {
  const slot = table.slotOf.get(helperId);
  if (slot === undefined) return false;
  checkLoad(load);
  const helper = Object.assign(table.helpers[slot]!, load);
  if (load.activeTasks !== undefined || load.openOffers !== undefined) {
    table.columns.reals[slot * REALS + REAL.base] = basePoints(helper);
  }
  table.columns.reals[slot * REALS + REAL.notBefore] = helper.nextOfferNotBefore;
  table.columns.ints[slot * INTS + INT.traits] = traitsOf(helper);
  settle(table, grids, slot);
  return true;
}
