import type {
  AccessLogEntryView,
  HelpRequestView,
  TimelineEntryView,
} from '../../../../src/shared/api-types.ts';
import { type ApiProblem, asProblem, call } from '../../api-client.ts';
import { onReconnect } from '../../connection.svelte.ts';
import { onRequestChanged } from '../../live.svelte.ts';
import { createCommands } from '../../commands.svelte.ts';
import type { Operation } from '../../operations.ts';

type Move = Extract<
  Operation,
  | 'cancelHelpRequest'
  | 'confirmHelpRequest'
  | 'disputeHelpRequest'
  | 'thankHelper'
  | 'reopenHelpRequest'
  | 'submitHelpRequest'
  | 'resubmitHelpRequest'
>;

/** One request on the screen: read, kept true by what is pushed, and moved by the reader. */
export function createRequestPage(id: string) {
  let request = $state.raw<HelpRequestView | null>(null);
  let timeline = $state.raw<TimelineEntryView[]>([]);
  let accessLog = $state.raw<AccessLogEntryView[]>([]);
  let problem = $state.raw<ApiProblem | null>(null);
  const commands = createCommands<Move | 'reportNoShow'>();

  async function readSides(view: HelpRequestView): Promise<void> {
    const params = { id };
    const [events, readers] = await Promise.all([
      view.allowed.includes('listTimeline') ? call('listTimeline', { params }) : null,
      view.allowed.includes('listAccessLog') ? call('listAccessLog', { params }) : null,
    ]);
    timeline = events?.items ?? [];
    accessLog = readers?.items ?? [];
  }

  async function read(): Promise<void> {
    try {
      const view = await call('readHelpRequest', { params: { id } });
      // An answer that was overtaken by a newer one is dropped.
      if (!request || view.version >= request.version) request = view;
      problem = null;
      await readSides(view);
    } catch (error) {
      problem = asProblem(error);
    }
  }

  /** Gives a command. True when it was done; else `moveProblem` says why, and a changed state is shown. */
  async function move(operation: Move | 'reportNoShow', body: unknown = {}, targetId = id): Promise<boolean> {
    const refusal = await commands.give(operation, async (key) => {
      request = await call(operation, { params: { id: targetId }, body, key });
      await readSides(request).catch(() => undefined);
    });
    if (refusal !== null && refusal !== 'busy' && (refusal.status === 409 || refusal.status === 404))
      await read();
    return refusal === null;
  }

  /** Follows what is pushed while the screen is open. Returns the way to stop. */
  function follow(): () => void {
    const stops = [
      onRequestChanged((change) => {
        if (change.requestId === id && change.version !== request?.version) void read();
      }),
      onReconnect(() => void read()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  return {
    get request() {
      return request;
    },
    get timeline() {
      return timeline;
    },
    get accessLog() {
      return accessLog;
    },
    get problem() {
      return problem;
    },
    get moveProblem() {
      return commands.problem;
    },
    get busy() {
      return commands.busy;
    },
    read,
    move,
    follow,
  };
}

export type RequestPageState = ReturnType<typeof createRequestPage>;
