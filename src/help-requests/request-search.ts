import type { Clock } from '../actor.ts';
import type { RequestMover } from './request-mover.ts';
import { isSameTimer } from './request-timers.ts';
import type { HelpRequestRecord, Timer } from './request-types.ts';
import type { WaveDecision, WaveService } from './wave-service.ts';

export interface RequestSearchDeps {
  readonly mover: RequestMover;
  readonly waves: Pick<WaveService, 'next' | 'undo'>;
  readonly clock: Clock;
}

/** Lets the engine take the next step of a search. */
export interface RequestSearch {
  /** The step that a timer of the search asks for; nothing when that timer has gone meanwhile. */
  onTimer(request: HelpRequestRecord, timer: Timer): Promise<HelpRequestRecord>;
  /** The step that is due now, if one is: right after a move that began or freed the search. */
  advance(request: HelpRequestRecord): Promise<HelpRequestRecord>;
}

export function createRequestSearch({ mover, waves, clock }: RequestSearchDeps): RequestSearch {
  async function onTimer(request: HelpRequestRecord, timer: Timer): Promise<HelpRequestRecord> {
    const { communityId, _id: requestId } = request;
    // Reservations of a try that was not written go back before the next try looks again.
    let held: WaveDecision | null = null;
    try {
      const moved = await mover.move({
        communityId,
        requestId,
        actorId: null,
        actorRole: 'system',
        async command(present) {
          await waves.undo(communityId, held);
          held = null;
          if (!present.timers.some((one) => isSameTimer(one, timer))) return null;
          held = await waves.next(present, 'engine');
          return held ?? { name: 'time_passed', timer };
        },
      });
      if (moved.isNew) held = null;
      return moved.request;
    } finally {
      await waves.undo(communityId, held);
    }
  }

  return {
    onTimer,
    async advance(request) {
      const now = clock.now();
      const due = request.timers.find(({ kind, dueAt }) => kind === 'wave_due' && dueAt <= now);
      return due === undefined ? request : await onTimer(request, due);
    },
  };
}
