import type {
  AccessLogEntryView,
  HelpRequestView,
  TimelineEntryView,
} from '../../../../src/shared/api-types.ts';
import { type ApiProblem, asProblem, call } from '../../api-client.ts';
import { onReconnect } from '../../connection.svelte.ts';
import { onRequestChanged } from '../../live.svelte.ts';
import type { Operation } from '../../operations.ts';
import { randomKey } from '../../random-key.ts';

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
  let moveProblem = $state.raw<ApiProblem | null>(null);
  let busy = $state<string | null>(null);
  // One intention keeps its key until it is answered.
  const keys = new Map<string, string>();

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
    if (busy) return false;
    busy = operation;
    moveProblem = null;
    const key = keys.get(operation) ?? randomKey();
    keys.set(operation, key);
    try {
      request = await call(operation, { params: { id: targetId }, body, key });
      keys.delete(operation);
      await readSides(request).catch(() => undefined);
      return true;
    } catch (error) {
      moveProblem = asProblem(error);
      if (!moveProblem.isUnreachable) keys.delete(operation);
      if (moveProblem.status === 409 || moveProblem.status === 404) await read();
      return false;
    } finally {
      busy = null;
    }
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
      return moveProblem;
    },
    get busy() {
      return busy;
    },
    read,
    move,
    follow,
  };
}

export type RequestPageState = ReturnType<typeof createRequestPage>;
