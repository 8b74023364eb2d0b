import type { Actor, Clock } from '../actor.ts';
import { codeWord } from '../help-requests/code-word.ts';
import { slotOf } from '../help-requests/request-facts.ts';
import { canRevealTo, notFound, relationsOf, type RequestRelation } from '../help-requests/request-policy.ts';
import type { HelpRequestRecord } from '../help-requests/request-types.ts';
import type { RequestViews } from '../help-requests/request-views.ts';
import type { AssignmentView } from '../shared/api-types.ts';
import type { AssignmentStatus } from '../shared/vocabulary.ts';
import type { AssignmentRecord } from './assignment-record.ts';

export interface AssignmentViews {
  /** The actor's own place in a request, as it stands there now; throws `not-found` without one. */
  ofRequest(actor: Actor, request: HelpRequestRecord): Promise<AssignmentView>;
  /** A record together with its request. While it lives, the slot of the request is the truth. */
  ofRecord(actor: Actor, record: AssignmentRecord, request: HelpRequestRecord): Promise<AssignmentView>;
}

type Shown = Pick<
  AssignmentRecord,
  '_id' | 'helperId' | 'status' | 'slot' | 'startsAt' | 'expectedEnd' | 'checkedInAt' | 'doneAt'
>;

/** Tasks on their way out: what a helper, or staff, read about one promise. */
export function createAssignmentViews({
  views,
  clock,
}: {
  readonly views: RequestViews;
  readonly clock: Clock;
}): AssignmentViews {
  async function present(actor: Actor, shown: Shown, request: HelpRequestRecord): Promise<AssignmentView> {
    const reader = await views.readerOf(actor);
    const now = clock.now();
    const isMine = shown.helperId === actor.accountId;
    const relations = isMine && !isLive(shown.status) ? ENDED : relationsOf(request, reader);
    const slot = request.slots.find(({ assignmentId }) => assignmentId === shown._id);
    const view = await views.viewAs(actor, request, relations);
    return {
      id: shown._id,
      requestId: request._id,
      status: shown.status,
      slot: shown.slot,
      startsAt: shown.startsAt.toISOString(),
      expectedEnd: shown.expectedEnd.toISOString(),
      checkedInAt: shown.checkedInAt?.toISOString() ?? null,
      doneAt: shown.doneAt?.toISOString() ?? null,
      // Only the two who meet say it.
      codeWord: isMine && slot !== undefined ? codeWord(request.codeSeed) : '',
      request: view,
      canReveal: isMine && actor.status === 'active' && canRevealTo(request, slot, now),
      allowed: allowedFor(shown.status, shown.slot, isMine, actor.status === 'active', relations),
    };
  }

  return {
    async ofRequest(actor, request) {
      const slot = slotOf(request, actor.accountId);
      if (slot === undefined) throw notFound();
      return await present(actor, { ...slot, _id: slot.assignmentId, slot: slot.kind }, request);
    },
    async ofRecord(actor, record, request) {
      const slot = request.slots.find(({ assignmentId }) => assignmentId === record._id);
      const shown = slot === undefined ? record : { ...record, ...slot, slot: slot.kind };
      return await present(actor, shown, request);
    },
  };
}

const isLive = (status: AssignmentStatus): boolean =>
  status === 'confirmed' || status === 'checked_in' || status === 'done';

/** After leaving, a helper sees no more than when they were asked. */
const ENDED: readonly RequestRelation[] = ['asked_helper'];

function allowedFor(
  status: AssignmentStatus,
  slot: 'primary' | 'backup',
  isMine: boolean,
  isActive: boolean,
  relations: readonly RequestRelation[],
): string[] {
  if (!isActive) return [];
  const mine: Partial<Record<AssignmentStatus, readonly string[]>> = {
    confirmed:
      slot === 'primary'
        ? ['checkInAssignment', 'withdrawAssignment', 'revealContact']
        : ['withdrawAssignment'],
    checked_in: ['completeAssignment', 'withdrawAssignment', 'revealContact'],
    done: ['revealContact'],
  };
  const others = relations.includes('staff') && status === 'confirmed' ? ['reportNoShow'] : [];
  return [...(isMine ? (mine[status] ?? []) : []), ...others];
}
