import { LIMITS } from '../shared/limits.ts';
import type { HelperLoadRecord } from '../volunteers/helper-load-model.ts';
import type { HelperLoadStore } from '../volunteers/helper-load-types.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';
import type { RequestStore } from './request-store.ts';
import type { HelpRequestRecord } from './request-types.ts';

export interface ReservationSweepDeps {
  readonly loads: Pick<HelperLoadStore, 'unchecked' | 'settle'>;
  readonly requests: Pick<RequestStore, 'readMany'>;
  readonly bridge: Pick<MatchingBridge, 'loadsChanged'>;
}

const AT_ONCE = 200;

/**
 * Frees what a helper promised and the request does not confirm within 60 s: the rest of a crash between the two
 * writes. Everything the request does confirm stays and is not looked at again. Answers how many entries it freed.
 */
export function createReservationSweep({
  loads,
  requests,
  bridge,
}: ReservationSweepDeps): (now: Date) => Promise<number> {
  async function check(load: HelperLoadRecord, cutoff: Date): Promise<number> {
    const ids = [...load.openOffers, ...load.activeTasks].map(({ requestId }) => requestId);
    const found = new Map(
      (await requests.readMany(load.communityId, ids)).map((request) => [request._id, request]),
    );
    const openOffers = load.openOffers.filter(
      ({ requestId, matchId, reservedAt }) =>
        reservedAt >= cutoff || isOffered(found.get(requestId), matchId),
    );
    const activeTasks = load.activeTasks.filter(
      ({ requestId, assignmentId, since }) => since >= cutoff || isTaken(found.get(requestId), assignmentId),
    );
    const young = [
      ...openOffers.map(({ reservedAt }) => reservedAt),
      ...activeTasks.map(({ since }) => since),
    ].filter((at) => at >= cutoff);
    const oldest = young.length === 0 ? null : new Date(Math.min(...young.map((at) => at.getTime())));
    const settled = await loads.settle(load, { activeTasks, openOffers }, oldest);
    // Somebody wrote meanwhile: the next sweep looks again.
    if (settled === null) return 0;
    bridge.loadsChanged([settled]);
    return load.openOffers.length - openOffers.length + load.activeTasks.length - activeTasks.length;
  }

  return async (now) => {
    const cutoff = new Date(now.getTime() - LIMITS.reservationConfirmMs);
    let freed = 0;
    for (const load of await loads.unchecked(cutoff, AT_ONCE)) freed += await check(load, cutoff);
    return freed;
  };
}

function isOffered(request: HelpRequestRecord | undefined, matchId: string): boolean {
  return request?.offers.some((offer) => offer.matchId === matchId && offer.state === 'open') === true;
}

function isTaken(request: HelpRequestRecord | undefined, assignmentId: string): boolean {
  return request?.slots.some((slot) => slot.assignmentId === assignmentId && slot.status !== 'done') === true;
}
