import { finishMove, applyChange } from './plan-move.ts';
import { AUTHOR_MOVES } from './moves-author.ts';
import type { MoveContext } from './move-types.ts';
import type { HelpRequestRecord, RequestContent } from './request-types.ts';

/** What a new request is made from: the content and who is who. */
export interface NewRequest {
  readonly _id: string;
  readonly communityId: string;
  readonly shortNumber: number;
  readonly content: RequestContent;
  readonly visit: HelpRequestRecord['visit'];
  readonly beneficiaryId: string;
  readonly authorId: string;
  readonly householdId: string | null;
  readonly consent: HelpRequestRecord['consent'];
  readonly phoneOnly: boolean;
  readonly createKey: string;
  readonly createBodyHash: string | null;
  readonly codeSeed: string;
  /** Null: stays a draft. */
  readonly submit: { readonly liveAtOnce: boolean } | null;
}

/**
 * A new record, not yet stored: a draft, or submitted in the same write (waiting for the centre, or on the board
 * with its search due now). Version 1. Pure.
 */
export function newRequest(input: NewRequest, context: MoveContext): HelpRequestRecord {
  const { content, submit, ...who } = input;
  const draft: HelpRequestRecord = {
    ...who,
    ...content,
    status: 'draft',
    version: 0,
    createdAt: context.now,
    submittedAt: null,
    openedAt: null,
    completedAt: null,
    endedAt: null,
    review: {
      state: 'none',
      since: null,
      dueAt: null,
      afterwards: false,
      reviewerId: null,
      reason: null,
      note: null,
    },
    isReviewed: false,
    visibility: 'shown',
    taken: 0,
    slots: [],
    offers: [],
    formerHelpers: [],
    wave: null,
    waves: [],
    searchBase: 0,
    needsPerson: null,
    takenOver: null,
    stillNeededAsked: 0,
    timers: [],
    nextDueAt: null,
    nextAction: { who: 'author', dueAt: null, ifLate: 'draft_removed' },
    closingReason: null,
    closingNote: null,
    dispute: null,
    thanks: null,
    commands: [],
    outbox: [],
    timeline: [],
  };
  if (submit === null) {
    // Entering the first state starts its timers too: seen from a state that is none.
    const start = { ...draft, status: 'cancelled' as const };
    return applyChange(
      start,
      finishMove(start, { to: 'draft', set: {}, timeline: [{ type: 'created' }] }, null, context),
    );
  }
  const effect = AUTHOR_MOVES.submit(draft, { name: 'submit', liveAtOnce: submit.liveAtOnce }, context);
  const timeline = [{ type: 'created' as const }, ...(effect.timeline ?? [])];
  return applyChange(draft, finishMove(draft, { ...effect, timeline }, null, context));
}
