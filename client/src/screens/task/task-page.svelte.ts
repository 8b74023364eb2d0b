import type { AssignmentView, TimelineEntryView, VisitDetails } from '../../../../src/shared/api-types.ts';
import { type ApiProblem, asProblem, call } from '../../api-client.ts';
import { onReconnect } from '../../connection.svelte.ts';
import { onRequestChanged } from '../../live.svelte.ts';
import { createCommands } from '../../commands.svelte.ts';

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
  let needsStepUp = $state(false);
  const commands = createCommands<TaskMove | 'revealContact'>();

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
    const refusal = await commands.give(operation, async (key) => {
      take(await call(operation, { params: { id }, body, key }));
    });
    if (refusal === null) void read();
    else if (refusal !== 'busy' && refusal.status === 409) await read();
    return refusal === null;
  }

  /** Shows door and phone. Each time is written down for the author; an older session is asked who it is first. */
  async function reveal(): Promise<void> {
    needsStepUp = false;
    const refusal = await commands.give('revealContact', async (key) => {
      visit = await call('revealContact', { params: { id }, key });
    });
    needsStepUp = refusal !== null && refusal !== 'busy' && isStepUp(refusal);
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
      return commands.problem !== null && isStepUp(commands.problem) ? null : commands.problem;
    },
    get busy() {
      return commands.busy;
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

const isStepUp = ({ code }: ApiProblem): boolean => code === 'recent-sign-in-needed';
