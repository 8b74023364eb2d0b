import type { HelpRequestCard } from '../../src/shared/api-types.ts';
import type { RequestStatus } from '../../src/shared/vocabulary.ts';
import type { DoorwayState } from './components/Doorway.svelte';

const WAITING: ReadonlySet<RequestStatus> = new Set(['open', 'matching']);
const COMING: ReadonlySet<RequestStatus> = new Set(['assigned', 'in_progress', 'awaiting_confirmation']);
const BEFORE: ReadonlySet<RequestStatus> = new Set(['draft', 'pending_review', 'returned']);

type Looks = Pick<HelpRequestCard, 'status' | 'urgency'>;

/** Whether a request still waits for somebody. */
export function isWaiting({ status }: Pick<HelpRequestCard, 'status'>): boolean {
  return WAITING.has(status);
}

/** Whether somebody comes, is there, or has just finished. */
export function isComing({ status }: Pick<HelpRequestCard, 'status'>): boolean {
  return COMING.has(status);
}

/** Whether nothing more is expected of anybody. */
export function isOver({ status }: Pick<HelpRequestCard, 'status'>): boolean {
  return !WAITING.has(status) && !COMING.has(status) && !BEFORE.has(status) && status !== 'disputed';
}

export function isUrgent({ urgency }: Pick<HelpRequestCard, 'urgency'>): boolean {
  return urgency === 'critical' || urgency === 'high';
}

/** Colour of the doorway. The words beside it always say the same. */
export function doorwayState(card: Looks): DoorwayState {
  if (isComing(card)) return 'coming';
  if (isOver(card)) return 'done';
  return isUrgent(card) ? 'urgent' : 'open';
}

/** Orders by distance; a card without one (its reader has no place) comes last. */
export function byNearest(a: HelpRequestCard, b: HelpRequestCard): number {
  return (a.aboutMetres ?? Number.MAX_SAFE_INTEGER) - (b.aboutMetres ?? Number.MAX_SAFE_INTEGER);
}
