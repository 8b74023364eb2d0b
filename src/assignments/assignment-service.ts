import type { Actor, CommandKey, NewId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { Command } from '../help-requests/request-commands.ts';
import { keyFor, timelineRole, type RequestMover } from '../help-requests/request-mover.ts';
import { canRevealTo, notFound, relationsOf, requireRelation } from '../help-requests/request-policy.ts';
import type { RequestReveal } from '../help-requests/request-reveal.ts';
import type { RequestSearch } from '../help-requests/request-search.ts';
import type { HelpRequestRecord, NewMatch } from '../help-requests/request-types.ts';
import { mayStepForward, type RequestViews } from '../help-requests/request-views.ts';
import { toMatchRequest } from '../help-requests/match-request.ts';
import type { Clock } from '../actor.ts';
import type { Community } from '../communities/community-types.ts';
import type { OperationId } from '../http/access-table.ts';
import type { AssignmentView, HelpRequestView, Page, VisitDetails } from '../shared/api-types.ts';
import type { MatchingBridge } from '../volunteers/matching-bridge.ts';
import type { AssignmentRecord } from './assignment-record.ts';
import type { AssignmentTasks } from './assignment-tasks.ts';
import type { AssignmentViews } from './assignment-views.ts';

export interface AssignmentServiceDeps {
  readonly assignments: {
    read(communityId: string, assignmentId: string): Promise<AssignmentRecord | null>;
    ofHelper(
      communityId: string,
      helperId: string,
      page: { activeOnly: boolean; before: string | null; limit: number },
    ): Promise<AssignmentRecord[]>;
  };
  readonly requests: {
    read(communityId: string, id: string): Promise<HelpRequestRecord | null>;
    readMany(communityId: string, ids: readonly string[]): Promise<HelpRequestRecord[]>;
  };
  readonly mover: RequestMover;
  readonly search: RequestSearch;
  readonly tasks: AssignmentTasks;
  readonly views: RequestViews;
  readonly assignmentViews: AssignmentViews;
  readonly reveal: RequestReveal;
  readonly bridge: Pick<MatchingBridge, 'explain'>;
  readonly communities: { get(communityId: string): Promise<Community> };
  readonly clock: Clock;
  readonly newId: NewId;
}

/** What helpers do with what they promised, and what is said about them when they do not come. */
export interface AssignmentService {
  list(
    actor: Actor,
    query: { active: boolean; cursor?: string; limit: number },
  ): Promise<Page<AssignmentView>>;
  read(actor: Actor, assignmentId: string): Promise<AssignmentView>;
  /** "I can help": without an offer, straight from the board. */
  volunteer(
    actor: Actor,
    requestId: string,
    startsAt: Date | null,
    key?: CommandKey,
  ): Promise<AssignmentView>;
  readVisit(actor: Actor, assignmentId: string): Promise<VisitDetails>;
  checkIn(actor: Actor, assignmentId: string, key?: CommandKey): Promise<AssignmentView>;
  complete(actor: Actor, assignmentId: string, key?: CommandKey): Promise<AssignmentView>;
  withdraw(actor: Actor, assignmentId: string, key?: CommandKey): Promise<AssignmentView>;
  reportNoShow(actor: Actor, assignmentId: string, key?: CommandKey): Promise<HelpRequestView>;
}

export function createAssignmentService(deps: AssignmentServiceDeps): AssignmentService {
  const { views, assignmentViews, clock } = deps;

  async function load(
    actor: Actor,
    assignmentId: string,
  ): Promise<{ record: AssignmentRecord; request: HelpRequestRecord }> {
    const record = await deps.assignments.read(actor.communityId, assignmentId);
    const request = record === null ? null : await deps.requests.read(actor.communityId, record.requestId);
    if (record === null || request === null) throw notFound();
    return { record, request };
  }

  /** A command of the helper on their own task; for everybody else it does not exist. */
  async function run(
    actor: Actor,
    assignmentId: string,
    operation: OperationId,
    command: Command,
    key: CommandKey | undefined,
  ): Promise<AssignmentView> {
    const { record } = await load(actor, assignmentId);
    if (record.helperId !== actor.accountId) throw notFound();
    const read = async (): Promise<HelpRequestRecord | null> =>
      await deps.requests.read(actor.communityId, record.requestId);
    return await views.withPresent(actor, read, async () => {
      const { request } = await deps.mover.move({
        communityId: actor.communityId,
        requestId: record.requestId,
        actorId: actor.accountId,
        actorRole: 'helper',
        key: keyFor(operation, key),
        command: () => command,
      });
      await deps.search.advance(request);
      const after = await load(actor, assignmentId);
      return await assignmentViews.ofRecord(actor, after.record, after.request);
    });
  }

  /** The helper's own match when they step forward, if nothing the person wished for speaks against them. */
  async function ownMatch(actor: Actor, request: HelpRequestRecord): Promise<NewMatch> {
    const community = await deps.communities.get(actor.communityId);
    const now = clock.now();
    const asked = toMatchRequest(request, community, {
      now,
      helpedBeforeIds: [],
      askedAgain: actor.accountId,
    });
    const answer = await deps.bridge.explain(actor.communityId, asked, actor.accountId, 0);
    const isFormer = request.formerHelpers.some(({ helperId }) => helperId === actor.accountId);
    if (
      answer === undefined ||
      isFormer ||
      ('refusals' in answer && !mayStepForward(answer.refusals, { countsTasks: false }))
    ) {
      throw new AppError(
        'not-allowed',
        'This request needs somebody else: skills, trust or wishes do not fit.',
      );
    }
    const ranked = 'ranked' in answer ? answer.ranked : null;
    return {
      matchId: deps.newId(),
      helperId: actor.accountId,
      waveNo: 0,
      source: 'helper',
      status: 'accepted',
      at: now,
      answerBy: now,
      proposedStartsAt: new Date(asked.startsAt),
      metres: ranked?.metres ?? 0,
      score: ranked?.score ?? 0,
      parts: ranked?.parts ?? { skillAndLanguage: 0, near: 0, free: 0, keepsPromises: 15, fairTurn: 0 },
      reasons: (ranked?.reasons ?? []).map((reason) => ({ ...reason })),
      acceptance: 1,
      attention: 1,
      reached: true,
      helpedBefore: false,
    };
  }

  return {
    async list(actor, { active, cursor, limit }) {
      const found = await deps.assignments.ofHelper(actor.communityId, actor.accountId, {
        activeOnly: active,
        before: cursor ?? null,
        limit: limit + 1,
      });
      const shown = found.slice(0, limit);
      const records = await deps.requests.readMany(
        actor.communityId,
        shown.map(({ requestId }) => requestId),
      );
      const byId = new Map(records.map((request) => [request._id, request]));
      const items: AssignmentView[] = [];
      for (const record of shown) {
        const request = byId.get(record.requestId);
        if (request !== undefined) items.push(await assignmentViews.ofRecord(actor, record, request));
      }
      return { items, nextCursor: found.length > limit ? (shown.at(-1)?._id ?? null) : null };
    },
    async read(actor, assignmentId) {
      const { record, request } = await load(actor, assignmentId);
      const reader = await views.readerOf(actor);
      const isStaff = relationsOf(request, reader).includes('staff');
      if (record.helperId !== actor.accountId && !isStaff) throw notFound();
      return await assignmentViews.ofRecord(actor, record, request);
    },
    async volunteer(actor, requestId, startsAt, key) {
      const request = await deps.requests.read(actor.communityId, requestId);
      if (request === null) throw notFound();
      requireRelation('volunteerForHelpRequest', request, await views.readerOf(actor));
      const isRepeated = request.slots.some(({ helperId }) => helperId === actor.accountId);
      const match = isRepeated ? null : await ownMatch(actor, request);
      return await deps.tasks.take(actor, requestId, {
        operation: 'volunteerForHelpRequest',
        matchId: match?.matchId ?? '',
        key: keyFor('volunteerForHelpRequest', key),
        wasAsked: false,
        command(_, assignmentId) {
          if (match === null) throw new AppError('state-changed', 'You have accepted already.');
          return { name: 'volunteer', match, assignmentId, startsAt };
        },
      });
    },
    async readVisit(actor, assignmentId) {
      const { record, request } = await load(actor, assignmentId);
      if (record.helperId !== actor.accountId) throw notFound();
      const check = (present: HelpRequestRecord): void => {
        const slot = present.slots.find((one) => one.assignmentId === assignmentId);
        if (!canRevealTo(present, slot, clock.now())) {
          throw new AppError(
            'not-allowed',
            'Door and phone are shown to the accepted helper until a day after it is done.',
          );
        }
      };
      check(request);
      return await deps.reveal.read({
        actor,
        request,
        readerRole: 'helper',
        role: 'helper',
        purpose: null,
        check,
      });
    },
    checkIn: async (actor, assignmentId, key) =>
      await run(
        actor,
        assignmentId,
        'checkInAssignment',
        { name: 'check_in', helperId: actor.accountId, assignmentId },
        key,
      ),
    complete: async (actor, assignmentId, key) =>
      await run(
        actor,
        assignmentId,
        'completeAssignment',
        { name: 'complete', helperId: actor.accountId, assignmentId },
        key,
      ),
    withdraw: async (actor, assignmentId, key) =>
      await run(
        actor,
        assignmentId,
        'withdrawAssignment',
        { name: 'withdraw', helperId: actor.accountId, assignmentId },
        key,
      ),
    async reportNoShow(actor, assignmentId, key) {
      const { record } = await load(actor, assignmentId);
      const reader = await views.readerOf(actor);
      const read = async (): Promise<HelpRequestRecord | null> =>
        await deps.requests.read(actor.communityId, record.requestId);
      return await views.withPresent(actor, read, async () => {
        const { request } = await deps.mover.move({
          communityId: actor.communityId,
          requestId: record.requestId,
          actorId: actor.accountId,
          actorRole: (present) => timelineRole(present, actor),
          key: keyFor('reportNoShow', key),
          check: (present) => void requireRelation('reportNoShow', present, reader),
          command: () => ({ name: 'no_show', assignmentId }),
        });
        return await views.view(actor, await deps.search.advance(request));
      });
    },
  };
}
