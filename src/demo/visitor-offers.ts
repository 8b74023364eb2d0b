import type { Clock } from '../actor.ts';
import type { HelpRequestView, MatchView, Page } from '../shared/api-types.ts';
import { NeighbourProblem, type Neighbour } from './neighbour-client.ts';

export interface VisitorOffersDeps {
  readonly clock: Clock;
  readonly desk: () => Neighbour;
  readonly neighbour: (accountId: string) => Neighbour;
  readonly isPlayed: (accountId: string) => boolean;
  readonly volunteerPersonaId: string;
  /** What the volunteer a visitor can be is good at. */
  readonly volunteerKindIds: readonly string[];
}

/** Seconds between two offers by hand to a visitor, at the loop's speed. */
const EVERY_SECONDS = 25;
const TRIES = 3;

/**
 * A visitor who is the volunteer shall not wait for the engine's choice among seventy: as long as no offer lies
 * before them, a simulated colleague asks them by hand, as staff may, for something they are good at.
 */
export function createVisitorOffers(
  deps: VisitorOffersDeps,
): (live: readonly HelpRequestView[], speed: number) => Promise<void> {
  let lastTry = 0;

  async function isIdle(): Promise<boolean> {
    const volunteer = deps.neighbour(deps.volunteerPersonaId);
    return (await volunteer.get<Page<MatchView>>('/matches?open=true&limit=1')).items.length === 0;
  }

  return async (live, speed) => {
    const now = deps.clock.now().getTime();
    if (!deps.isPlayed(deps.volunteerPersonaId) || ((now - lastTry) / 1000) * speed < EVERY_SECONDS) return;
    lastTry = now;
    if (!(await isIdle())) return;
    const fitting = live.filter(
      ({ status, kindId }) =>
        (status === 'open' || status === 'matching') && deps.volunteerKindIds.includes(kindId),
    );
    for (const { id } of fitting.slice(0, TRIES)) {
      try {
        await deps.desk().post(`/help-requests/${id}/offers`, { helperId: deps.volunteerPersonaId });
        return;
      } catch (error) {
        // Asked before, full, or somebody was faster: perhaps the next one.
        if (!(error instanceof NeighbourProblem)) throw error;
      }
    }
  };
}
