/** A request on the board as one reader sees it. */
export interface BrowseItem {
  readonly requestId: string;
  /** How well it fits this reader, in [0, 1]. */
  readonly relevance: number;
  /** Helpers who offered themselves for it already. */
  readonly connections: number;
  /** Helpers who are still wanted. */
  readonly slotsFree: number;
}

/** Taken from the relevance for every connection beyond what the free slots want. */
const CONNECTION_PENALTY = 0.15;

/**
 * The order of the browse list: relevance less a penalty for each connection that a request has already, so
 * that the same few requests do not collect everybody. Equal keys keep the given order. Pure; the input stays.
 * Source: SmartSort, Manshadi, Rodilitz, Saban and Suresh (SSRN 4497747; deployed at VolunteerMatch, +8-9 %
 * opportunities with a connection per week).
 */
export function browseOrder<Item extends BrowseItem>(items: readonly Item[]): readonly Item[] {
  return [...items].sort((a, b) => browseKey(b) - browseKey(a));
}

/** Relevance after the penalty; may be negative. */
export function browseKey(item: BrowseItem): number {
  return item.relevance - (CONNECTION_PENALTY * item.connections) / Math.max(1, item.slotsFree);
}
