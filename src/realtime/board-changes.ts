import type { Timer } from './realtime-types.ts';

const PAUSE_MS = 1_000;
const IDS_AT_ONCE = 100;

/**
 * Gathers changed requests per community: the first after a quiet second is announced at once, everything that
 * changes within the second after an announcement waits for its end. At most 100 ids an announcement, in the
 * order of their first change; the rest waits another second.
 */
export function createBoardChanges(
  timer: Timer,
  announce: (communityId: string, requestIds: string[]) => void,
) {
  const waiting = new Map<string, Set<string>>();

  function speak(communityId: string, ids: Set<string>): void {
    const now = [...ids].slice(0, IDS_AT_ONCE);
    for (const id of now) ids.delete(id);
    announce(communityId, now);
    timer.after(PAUSE_MS, () => {
      if (ids.size > 0) speak(communityId, ids);
      else waiting.delete(communityId);
    });
  }

  return function changed(communityId: string, requestId: string): void {
    const present = waiting.get(communityId);
    if (present !== undefined) {
      present.add(requestId);
      return;
    }
    const ids = new Set([requestId]);
    waiting.set(communityId, ids);
    speak(communityId, ids);
  };
}
