import type { HelpRequestCard, HelpRequestView } from '../../../../src/shared/api-types.ts';
import type { RequestStatus } from '../../../../src/shared/vocabulary.ts';

/** A row of the desk: the card, and what staff may know besides when the server says it. */
export type DeskRequest = HelpRequestCard & Partial<Pick<HelpRequestView, 'needsPerson' | 'nextAction'>>;

/** The filters above the list; each is a question that staff ask. */
export const GROUPS = ['all', 'needsPerson', 'open', 'running', 'closed'] as const;
export type Group = (typeof GROUPS)[number];

const STATUSES: Record<'open' | 'running' | 'closed', ReadonlySet<RequestStatus>> = {
  open: new Set(['open', 'matching']),
  running: new Set(['assigned', 'in_progress', 'awaiting_confirmation', 'disputed']),
  closed: new Set(['completed', 'cancelled', 'expired', 'duplicate', 'rejected', 'unmet']),
};

/** The filter named in the address; anything else is `all`. */
export function groupOf(name: string | null): Group {
  return GROUPS.find((group) => group === name) ?? 'all';
}

/** Whether a row belongs to the filter. */
export function isInGroup(item: DeskRequest, group: Group): boolean {
  if (group === 'all') return true;
  if (group === 'needsPerson') return item.needsPerson != null;
  return STATUSES[group].has(item.status);
}

/**
 * What needs a person first, longest waiting first, then disputes, then the rest in the order given.
 */
export function needsPersonFirst(items: readonly DeskRequest[]): DeskRequest[] {
  const rank = (item: DeskRequest): number => {
    if (item.needsPerson != null) return 0;
    return item.status === 'disputed' ? 1 : 2;
  };
  return items
    .map((item, index) => ({ item, index }))
    .sort((one, other) => {
      const byRank = rank(one.item) - rank(other.item);
      if (byRank !== 0) return byRank;
      const since = (one.item.needsPerson?.since ?? '').localeCompare(other.item.needsPerson?.since ?? '');
      return since || one.index - other.index;
    })
    .map(({ item }) => item);
}
