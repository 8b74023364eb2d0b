import type { AssignmentView, TimelineEntryView, VisitDetails } from '../../../../src/shared/api-types.ts';
import { type ApiProblem, asProblem, call } from '../../api-client.ts';
import { onReconnect } from '../../connection.svelte.ts';
import { onRequestChanged } from '../../live.svelte.ts';
import { randomKey } from '../../random-key.ts';

type TaskMove = 'checkInAssignment' | 'completeAssignment' | 'withdrawAssignment';

/**
 * One promise of the reader. The visit's door and phone are held in this screen's memory only, from the reveal until
 * the reader hides them or leaves.
 */
export function createTaskPage(id: string) {
  let task = $state.raw<AssignmentView | null>(null);
  let timeline = $state.raw<TimelineEntryView[]>([]);
  let visit = $state.raw<VisitDetails | null>(null);
  let problem = $state.raw<ApiProblem | null>(null);
  let moveProblem = $state.raw<ApiProblem | null>(null);
  let busy = $state<TaskMove | 'revealContact' | null>(null);
  let needsStepUp = $state(false);
  const keys = new Map<string, string>();

  function take(next: AssignmentView): void {
    task = next;
    if (!next.canReveal) visit = null;
  }

  async function read(): Promise<void> {
    try {
      const next = await call('readAssignment', { params: { id } });
      take(next);
      problem = null;
      if (next.request.allowed.includes('listTimeline')) {
        timeline = (await call('listTimeline', { params: { id: next.requestId } })).items;
      }
    } catch (error) {
      const found = asProblem(error);
      if (!task) problem = found;
    }
  }

  /** Gives a command; true when it was done. */
  async function move(operation: TaskMove, body: unknown = {}): Promise<boolean> {
    if (busy) return false;
    busy = operation;
    moveProblem = null;
    const key = keys.get(operation) ?? randomKey();
    keys.set(operation, key);
    try {
      take(await call(operation, { params: { id }, body, key }));
      keys.delete(operation);
      void read();
      return true;
    } catch (error) {
      moveProblem = asProblem(error);
      if (!moveProblem.isUnreachable) keys.delete(operation);
      if (moveProblem.status === 409) await read();
      return false;
    } finally {
      busy = null;
    }
  }

  /** Shows door and phone. Each time is written down for the author; an older session is asked who it is first. */
  async function reveal(): Promise<void> {
    if (busy) return;
    busy = 'revealContact';
    moveProblem = null;
    needsStepUp = false;
    try {
      visit = await call('revealContact', { params: { id } });
    } catch (error) {
      const found = asProblem(error);
      if (found.code === 'recent-sign-in-needed') needsStepUp = true;
      else moveProblem = found;
    } finally {
      busy = null;
    }
  }

  function follow(): () => void {
    const stops = [
      onRequestChanged(({ requestId }) => requestId === task?.requestId && void read()),
      onReconnect(() => void read()),
    ];
    return () => {
      visit = null;
      stops.forEach((stop) => stop());
    };
  }

  return {
    get task() {
      return task;
    },
    get timeline() {
      return timeline;
    },
    get visit() {
      return visit;
    },
    get problem() {
      return problem;
    },
    get moveProblem() {
      return moveProblem;
    },
    get busy() {
      return busy;
    },
    get needsStepUp() {
      return needsStepUp;
    },
    read,
    move,
    reveal,
    follow,
    hide(): void {
      visit = null;
    },
    stopStepUp(): void {
      needsStepUp = false;
    },
  };
}
