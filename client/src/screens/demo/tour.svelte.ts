import type { DemoView } from '../../../../src/shared/api-types.ts';

export type DemoPerson = DemoView['accounts'][number]['key'];

/** One stop of the tour: whom to be, and where to look. The words stand in the dictionary under `demo.tour.<key>`. */
export interface TourStep {
  readonly key: 'ask' | 'review' | 'offer' | 'visit' | 'thanks';
  readonly person: DemoPerson;
  readonly path: string;
}

/** From asking to thanks, in five stops. */
export const TOUR: readonly TourStep[] = [
  { key: 'ask', person: 'resident', path: '/ask/what' },
  { key: 'review', person: 'staff', path: '/staff/review' },
  { key: 'offer', person: 'volunteer', path: '/me' },
  { key: 'visit', person: 'volunteer', path: '/me' },
  { key: 'thanks', person: 'resident', path: '/me' },
];

/** Kept for the tab only, so that the tour survives the change of person and a reload. */
const KEPT_AS = 'linli-tour';

let step = $state<number | null>(readKept());

function readKept(): number | null {
  const kept = sessionStorage.getItem(KEPT_AS);
  if (kept === null) return null;
  const number = Number(kept);
  return Number.isInteger(number) && number >= 0 && number < TOUR.length ? number : null;
}

function keep(next: number | null): void {
  step = next;
  // The page's frame fetches the strip when a tour begins.
  dispatchEvent(new Event(KEPT_AS));
  if (next === null) sessionStorage.removeItem(KEPT_AS);
  else sessionStorage.setItem(KEPT_AS, String(next));
}

/** The guided tour of the demo: where it is, null when it is not running. */
export const tour = {
  get step(): TourStep | null {
    return step === null ? null : (TOUR[step] ?? null);
  },
  get number(): number {
    return (step ?? 0) + 1;
  },
  get isFirst(): boolean {
    return step === 0;
  },
  get isLast(): boolean {
    return step === TOUR.length - 1;
  },
  start(): void {
    keep(0);
  },
  next(): void {
    keep(step === null ? 0 : Math.min(TOUR.length - 1, step + 1));
  },
  back(): void {
    keep(step === null ? 0 : Math.max(0, step - 1));
  },
  close(): void {
    keep(null);
  },
};
