import { checkLoad } from './check-helper.ts';
import { basePoints, REAL, REALS, traitsOf, INT, INTS, isAvailable } from './helper-columns.ts';
import type { HelperTable } from './helper-table.ts';
import { settle, switchAvailability, type Grids } from './index-changes.ts';
import type { Helper, HelperLoad } from './match-types.ts';

/**
 * Writes duty and load of one helper: three columns; a swap per skill when that makes the helper available or
 * not, new keys when tasks or open offers changed. False when there is no such helper. Throws
 * MatchingInputError naming the field; the index is then unchanged.
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
  const helper = table.helpers[slot]!;
  const isKeyChanged =
    (load.activeTasks ?? helper.activeTasks) !== helper.activeTasks ||
    (load.openOffers ?? helper.openOffers) !== helper.openOffers;
  takeOver(helper, load);
  const { ints, reals } = table.columns;
  const before = isAvailable(ints[slot * INTS + INT.traits]!);
  const traits = traitsOf(helper);
  ints[slot * INTS + INT.traits] = traits;
  reals[slot * REALS + REAL.notBefore] = helper.nextOfferNotBefore;
  if (isKeyChanged) {
    reals[slot * REALS + REAL.base] = basePoints(helper);
    settle(table, grids, slot);
  } else if (isAvailable(traits) !== before) {
    switchAvailability(table, grids, slot);
  }
  return true;
}

/** Our own copy of a helper is changed in place: it is never handed out. */
function takeOver(
  helper: { -readonly [Field in keyof Helper]: Helper[Field] },
  load: Partial<HelperLoad>,
): void {
  if (load.isOnDuty !== undefined) helper.isOnDuty = load.isOnDuty;
  if (load.activeTasks !== undefined) helper.activeTasks = load.activeTasks;
  if (load.openOffers !== undefined) helper.openOffers = load.openOffers;
  if (load.offersToday !== undefined) helper.offersToday = load.offersToday;
  if (load.nextOfferNotBefore !== undefined) helper.nextOfferNotBefore = load.nextOfferNotBefore;
}
