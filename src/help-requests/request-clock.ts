import type { RequestMover } from './request-mover.ts';
import type { RequestSearch } from './request-search.ts';
import type { RequestStore } from './request-store.ts';
import { isSameTimer } from './request-timers.ts';
import type { HelpRequestRecord, Timer } from './request-types.ts';

export interface RequestClockDeps {
  readonly requests: Pick<RequestStore, 'due' | 'removeDraft'>;
  readonly mover: RequestMover;
  readonly search: RequestSearch;
  readonly logger: { error(fields: object, message: string): void };
}

/** What the clock calls. */
export interface RequestClock {
  /**
   * Fires every timer that is due at `now`, oldest requests first, at most `limit` requests in one call. Each timer
   * fires once: its move acts only while the timer is still in the request, also after a crash between any two
   * steps. Answers how many fired. A request that fails is logged and tried again at the next call.
   */
  runDueTimers(now: Date, limit?: number): Promise<number>;
}

/** Requests handled in one call; the rest is due at the next tick. */
const AT_ONCE = 100;
/** Timers of one request in one call: one may bring the next at once (a wave that reached nobody). */
const PER_REQUEST = 20;

export function createRequestClock({ requests, mover, search, logger }: RequestClockDeps): RequestClock {
  async function fire(request: HelpRequestRecord, timer: Timer): Promise<HelpRequestRecord | null> {
    if (timer.kind === 'draft_expires' && request.status === 'draft') {
      await requests.removeDraft(request, timer);
      return null;
    }
    if (timer.group === 'wave') return await search.onTimer(request, timer);
    const { request: moved } = await mover.move({
      communityId: request.communityId,
      requestId: request._id,
      actorId: null,
      actorRole: 'system',
      command: (present) =>
        present.timers.some((one) => isSameTimer(one, timer)) ? { name: 'time_passed', timer } : null,
    });
    return await search.advance(moved);
  }

  async function runRequest(request: HelpRequestRecord, now: Date): Promise<number> {
    let present: HelpRequestRecord | null = request;
    let fired = 0;
    while (present !== null && fired < PER_REQUEST) {
      const timer: Timer | undefined = present.timers.find(({ dueAt }) => dueAt <= now);
      if (timer === undefined) break;
      present = await fire(present, timer);
      fired += 1;
    }
    return fired;
  }

  return {
    async runDueTimers(now, limit = AT_ONCE) {
      let fired = 0;
      for (const request of await requests.due(now, limit)) {
        try {
          fired += await runRequest(request, now);
        } catch (error) {
          logger.error({ requestId: request._id, err: error }, 'a timer of a request failed');
        }
      }
      return fired;
    },
  };
}
