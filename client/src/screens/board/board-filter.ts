import type { HelpRequestCard } from '../../../../src/shared/api-types.ts';

/** What the chips and the plan have chosen; all of it together narrows the list. */
export interface BoardFilter {
  show: 'all' | 'today' | 'near';
  kindId: string | null;
  placeId: string | null;
}

/** Half a kilometre: a walk of seven minutes. */
const NEAR_METRES = 500;

/**
 * The cards that fit. `isToday` says whether an instant falls on the reader's today. Near first when `near` is
 * chosen; else the order is kept. Pure.
 */
export function filterCards(
  cards: readonly HelpRequestCard[],
  filter: BoardFilter,
  isToday: (instant: string) => boolean,
): HelpRequestCard[] {
  const fitting = cards.filter((card) => {
    if (filter.kindId !== null && card.kindId !== filter.kindId) return false;
    if (filter.placeId !== null && card.place.id !== filter.placeId) return false;
    if (filter.show === 'today') return card.when.asap || card.when.windows.some(({ from }) => isToday(from));
    if (filter.show === 'near') return card.aboutMetres !== null && card.aboutMetres <= NEAR_METRES;
    return true;
  });
  if (filter.show !== 'near') return fitting;
  return fitting.sort((a, b) => (a.aboutMetres ?? 0) - (b.aboutMetres ?? 0));
}

export interface PlaceCount {
  place: HelpRequestCard['place'];
  waiting: number;
  urgent: boolean;
}

/** How many requests wait at each public place; places without any are left out. */
export function countByPlace(cards: readonly HelpRequestCard[]): PlaceCount[] {
  const counts = new Map<string, PlaceCount>();
  for (const { place, status, urgency } of cards) {
    if (status !== 'open' && status !== 'matching') continue;
    const count = counts.get(place.id) ?? { place, waiting: 0, urgent: false };
    count.waiting += 1;
    if (urgency === 'critical' || urgency === 'high') count.urgent = true;
    counts.set(place.id, count);
  }
  return [...counts.values()];
}
