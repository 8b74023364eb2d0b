import type { Actor, Clock, CommandKey, NewId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { Command } from '../help-requests/request-commands.ts';
import { slotOf } from '../help-requests/request-facts.ts';
import type { RequestMover } from '../help-requests/request-mover.ts';
import { requireRelation } from '../help-requests/request-policy.ts';
import type { HelpRequestRecord } from '../help-requests/request-types.ts';
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
  /** An offered match must have its reservation; somebody who steps forward needs none. */
  readonly needsReservation: boolean;
  command(request: HelpRequestRecord, assignmentId: string): Command;
}

/** How a helper gets a place: first their own promise, then the request's slot. */
export interface AssignmentTasks {
  take(actor: Actor, requestId: string, order: TakeOrder): Promise<AssignmentView>;
}

export function createAssignmentTasks(deps: AssignmentTasksDeps): AssignmentTasks {
  /** The promise in the helper's own document; throws when their tasks are enough. */
  async function promise(
    actor: Actor,
    requestId: string,
    assignmentId: string,
    order: TakeOrder,
  ): Promise<void> {
    const { communityId, accountId: helperId } = actor;
    const helper = await deps.bridge.helper(communityId, helperId);
    const maxTasks = helper?.maxTasks ?? 1;
    const load = await deps.loads.takeTask(
      communityId,
      { helperId, requestId, matchId: order.matchId, assignmentId },
      { now: deps.clock.now(), maxTasks, needsReservation: order.needsReservation },
    );
    if (load !== null) {
      deps.bridge.loadsChanged([load]);
      return;
    }
    const [present] = await deps.loads.readMany(communityId, [helperId]);
    if (present?.activeTasks.some((task) => task.assignmentId === assignmentId) === true) return;
    if (present !== undefined && present.tasks >= maxTasks) {
      throw new AppError('helper-busy', 'You have as many tasks as you wanted to have at once.');
    }
    throw new AppError('not-offered', 'This offer is closed.');
  }

  async function takeOnce(actor: Actor, requestId: string, order: TakeOrder): Promise<AssignmentView> {
    const assignmentId = deps.newId();
    const reader = await deps.views.readerOf(actor);
    const read = async (): Promise<HelpRequestRecord | null> =>
      await deps.requests.read(actor.communityId, requestId);
    let isPromised = false;
    let isKept = false;
    try {
      return await deps.views.withPresent(actor, read, async () => {
        const { request } = await deps.mover.move({
          communityId: actor.communityId,
          requestId,
          actorId: actor.accountId,
          actorRole: 'helper',
          key: order.key,
          // Who was asked may know that somebody was faster: the move itself says so.
          check: (present) => {
            if (!order.needsReservation) requireRelation(order.operation, present, reader);
          },
          command: (present) => order.command(present, assignmentId),
          async reserve() {
            if (isPromised) return;
            await promise(actor, requestId, assignmentId, order);
            isPromised = true;
          },
        });
        isKept = slotOf(request, actor.accountId)?.assignmentId === assignmentId;
        return await deps.assignmentViews.ofRequest(actor, request);
      });
    } finally {
      if (isPromised && !isKept) {
        const tasks = [{ helperId: actor.accountId, assignmentId }];
        deps.bridge.loadsChanged(await deps.loads.freeTasks(actor.communityId, tasks));
      }
    }
  }

  /** The same helper's tries for one request go one after another: a repeated one then meets the first. */
  const turns = new Map<string, Promise<unknown>>();
  return {
    async take(actor, requestId, order) {
      const turn = `${requestId}:${actor.accountId}`;
      const before = turns.get(turn) ?? Promise.resolve();
      const taking = before.then(
        async () => await takeOnce(actor, requestId, order),
        async () => await takeOnce(actor, requestId, order),
      );
      turns.set(turn, taking);
      try {
        return await taking;
      } finally {
        if (turns.get(turn) === taking) turns.delete(turn);
      }
    },
  };
}
