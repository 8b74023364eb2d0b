import type { Actor, Clock, CommandKey, NewId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { Command } from '../help-requests/request-commands.ts';
import { slotOf } from '../help-requests/request-facts.ts';
import type { RequestMover } from '../help-requests/request-mover.ts';
import { requireRelation, type Reader } from '../help-requests/request-policy.ts';
import type { HelpRequestRecord } from '../help-requests/request-types.ts';
import { createTurns } from '../help-requests/turns.ts';
import type { RequestViews } from '../help-requests/request-views.ts';
import type { OperationId } from '../http/access-table.ts';
import type { AssignmentView } from '../shared/api-types.ts';
import type { HelperLoadStore } from '../volunteers/helper-load-types.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';
import type { AssignmentViews } from './assignment-views.ts';

export interface AssignmentTasksDeps {
  readonly mover: RequestMover;
  readonly views: RequestViews;
  readonly assignmentViews: AssignmentViews;
  readonly requests: { read(communityId: string, id: string): Promise<HelpRequestRecord | null> };
  readonly loads: Pick<HelperLoadStore, 'takeTask' | 'freeTasks' | 'readMany'>;
  readonly bridge: Pick<MatchingBridge, 'helper' | 'loadsChanged'>;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface TakeOrder {
  readonly operation: OperationId;
  readonly matchId: string;
  readonly key: CommandKey | undefined;
  /** False for somebody who steps forward by themselves: then the policy of the request decides. */
  readonly wasAsked: boolean;
  command(request: HelpRequestRecord, assignmentId: string): Command;
}

/** How a helper gets a place: first their own promise, then the request's slot. */
export interface AssignmentTasks {
  take(actor: Actor, requestId: string, order: TakeOrder): Promise<AssignmentView>;
}

export function createAssignmentTasks(deps: AssignmentTasksDeps): AssignmentTasks {
  /** Fills of one request go one after another: whoever comes too late sees it, and has promised nothing. */
  const turns = createTurns();

  /** The promise in the helper's own document; throws when their tasks are enough. */
  async function promise(
    actor: Actor,
    requestId: string,
    assignmentId: string,
    matchId: string,
  ): Promise<void> {
    const { communityId, accountId: helperId } = actor;
    const helper = await deps.bridge.helper(communityId, helperId);
    const maxTasks = helper?.maxTasks ?? 1;
    const task = { helperId, requestId, matchId, assignmentId };
    const load = await deps.loads.takeTask(communityId, task, { now: deps.clock.now(), maxTasks });
    if (load !== null) {
      deps.bridge.loadsChanged([load]);
      return;
    }
    const [present] = await deps.loads.readMany(communityId, [helperId]);
    if (present?.activeTasks.some((one) => one.assignmentId === assignmentId) === true) return;
    throw new AppError('helper-busy', 'You have as many tasks as you wanted to have at once.');
  }

  /** What a try that died between the two writes left behind is taken up again. */
  async function assignmentIdFor(actor: Actor, requestId: string): Promise<string> {
    const [load] = await deps.loads.readMany(actor.communityId, [actor.accountId]);
    return load?.activeTasks.find((task) => task.requestId === requestId)?.assignmentId ?? deps.newId();
  }

  /** A command may fail after its write: then the promise stands. */
  async function isInRequest(actor: Actor, requestId: string, assignmentId: string): Promise<boolean> {
    const request = await deps.requests.read(actor.communityId, requestId);
    return request !== null && slotOf(request, actor.accountId)?.assignmentId === assignmentId;
  }

  async function fill(
    actor: Actor,
    reader: Reader,
    requestId: string,
    order: TakeOrder,
  ): Promise<HelpRequestRecord> {
    const assignmentId = await assignmentIdFor(actor, requestId);
    let isPromised = false;
    let isKept = false;
    try {
      const { request } = await deps.mover.move({
        communityId: actor.communityId,
        requestId,
        actorId: actor.accountId,
        actorRole: 'helper',
        key: order.key,
        // Who was asked may know that somebody was faster: the move itself says so.
        check: (present) => {
          if (!order.wasAsked) requireRelation(order.operation, present, reader);
        },
        command: (present) => order.command(present, assignmentId),
        async reserve() {
          if (isPromised) return;
          await promise(actor, requestId, assignmentId, order.matchId);
          isPromised = true;
        },
      });
      isKept = slotOf(request, actor.accountId)?.assignmentId === assignmentId;
      return request;
    } finally {
      if (isPromised && !isKept && !(await isInRequest(actor, requestId, assignmentId))) {
        const tasks = [{ helperId: actor.accountId, assignmentId }];
        deps.bridge.loadsChanged(await deps.loads.freeTasks(actor.communityId, tasks));
      }
    }
  }

  return {
    async take(actor, requestId, order) {
      const reader = await deps.views.readerOf(actor);
      const read = async (): Promise<HelpRequestRecord | null> =>
        await deps.requests.read(actor.communityId, requestId);
      return await deps.views.withPresent(actor, read, async () => {
        const request = await turns.take(requestId, async () => await fill(actor, reader, requestId, order));
        return await deps.assignmentViews.ofRequest(actor, request);
      });
    },
  };
}
