import type { Clock } from '../actor.ts';
import type { NotificationStore } from './notification-store.ts';

/**
 * Remembers which notifications went out over an open socket and writes that down in one go, so that a push
 * costs no durable write of its own. What a crash forgets stays `queued` until the person acknowledges it.
 */
export function createPushMarks({
  store,
  clock,
}: {
  readonly store: Pick<NotificationStore, 'markPushed'>;
  readonly clock: Clock;
}) {
  let waiting = new Map<string, string[]>();
  let flushing = Promise.resolve();

  async function flushOnce(): Promise<void> {
    const present = waiting;
    waiting = new Map();
    for (const [communityId, ids] of present) {
      await store.markPushed(communityId, ids, clock.now());
    }
  }

  return {
    add(communityId: string, notificationId: string): void {
      const ids = waiting.get(communityId);
      if (ids === undefined) waiting.set(communityId, [notificationId]);
      else ids.push(notificationId);
    },
    /** Writes all marks made so far; rejects when the store does. */
    flush(): Promise<void> {
      const mine = flushing.then(flushOnce);
      flushing = mine.catch(() => undefined);
      return mine;
    },
  };
}

export type PushMarks = ReturnType<typeof createPushMarks>;
