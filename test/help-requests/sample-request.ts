import { newRequest, type NewRequest } from '../../src/help-requests/new-request.ts';
import { applyChange, planMove } from '../../src/help-requests/plan-move.ts';
import type { MoveContext } from '../../src/help-requests/move-types.ts';
import type { Command } from '../../src/help-requests/request-commands.ts';
import type { HelpRequestRecord, NewMatch, RequestContent } from '../../src/help-requests/request-types.ts';

export const NOON = new Date('2026-11-24T04:00:00.000Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const at = (ms: number): Date => new Date(NOON.getTime() + ms);

let ids = 0;
export const nextId = (prefix = 'id'): string => `${prefix}-${(ids += 1)}`;

/** A context whose working minutes are plain minutes. */
export function contextAt(
  now: Date,
  actorRole: MoveContext['actorRole'] = 'system',
  actorId: string | null = null,
): MoveContext {
  return {
    now,
    newId: () => nextId(),
    actorId,
    actorRole,
    workingMinutesAfter: (from, minutes) => new Date(from.getTime() + minutes * MINUTE),
  };
}

export const CONTENT: RequestContent = {
  kindId: 'shopping',
  tier: 1,
  title: '买米',
  text: '一袋米，十公斤',
  language: 'zh-CN',
  skillIds: [],
  urgency: 'normal',
  asap: false,
  windows: [{ from: at(3 * HOUR), to: at(6 * HOUR) }],
  minutes: 40,
  languages: [],
  constraints: { genderWish: 'woman', twoHelpers: false, noHomeEntry: true },
  buildingId: 'b3',
  place: { id: 'place-b3', kind: 'building', name: { 'zh-CN': '3号楼' }, point: [79.92, 37.11] },
  needed: 1,
};

export function draftOf(
  content: Partial<RequestContent> = {},
  more: Partial<NewRequest> = {},
): HelpRequestRecord {
  return newRequest(
    {
      _id: nextId('request'),
      communityId: 'community',
      shortNumber: 417,
      content: { ...CONTENT, ...content },
      visit: {},
      beneficiaryId: 'author',
      authorId: 'author',
      householdId: 'household-author',
      consent: null,
      phoneOnly: false,
      createKey: nextId('key'),
      createBodyHash: null,
      codeSeed: nextId('seed'),
      submit: null,
      ...more,
    },
    contextAt(NOON, 'author', 'author'),
  );
}

/** Does a command at a moment, as somebody. */
export function does(
  request: HelpRequestRecord,
  command: Command,
  now: Date = NOON,
  actorRole: MoveContext['actorRole'] = 'system',
  actorId: string | null = null,
): HelpRequestRecord {
  return applyChange(request, planMove(request, command, contextAt(now, actorRole, actorId)));
}

export function matchFor(helperId: string, now: Date = NOON, more: Partial<NewMatch> = {}): NewMatch {
  return {
    matchId: `match-${helperId}`,
    helperId,
    waveNo: 1,
    source: 'engine',
    status: 'notified',
    at: now,
    answerBy: new Date(now.getTime() + 12 * MINUTE),
    proposedStartsAt: at(3 * HOUR),
    metres: 120,
    score: 80,
    parts: { skillAndLanguage: 28, near: 27, free: 10, keepsPromises: 12, fairTurn: 3 },
    reasons: [{ key: 'nearest', metres: 120 }],
    acceptance: 0.4,
    attention: 1,
    reached: true,
    helpedBefore: false,
    ...more,
  };
}

export function waveTo(helperIds: readonly string[], now: Date = NOON): Command {
  return {
    name: 'send_wave',
    lapse: true,
    by: 'engine',
    wave: {
      matches: helperIds.map((helperId) => matchFor(helperId, now)),
      closesAt: new Date(now.getTime() + 12 * MINUTE),
      reached: helperIds.length,
    },
  };
}

export const accepts = (helperId: string): Command => ({
  name: 'accept',
  helperId,
  matchId: `match-${helperId}`,
  assignmentId: `assignment-${helperId}`,
  startsAt: null,
});

/** One request in every state, each reached by commands only. */
export function oneInEachState(): Record<HelpRequestRecord['status'], HelpRequestRecord> {
  const draft = draftOf();
  const pending = does(draft, { name: 'submit', liveAtOnce: false }, NOON, 'author', 'author');
  const open = does(pending, { name: 'approve', note: null }, NOON, 'staff', 'staff');
  const matching = does(open, waveTo(['helper', 'second']));
  const assigned = does(matching, accepts('helper'), NOON, 'helper', 'helper');
  const inProgress = does(
    assigned,
    { name: 'check_in', helperId: 'helper', assignmentId: 'assignment-helper' },
    at(3 * HOUR),
    'helper',
    'helper',
  );
  const awaiting = does(
    inProgress,
    { name: 'complete', helperId: 'helper', assignmentId: 'assignment-helper' },
    at(4 * HOUR),
    'helper',
    'helper',
  );
  const askedTwice = { ...open, stillNeededAsked: 2 };
  const timer = askedTwice.timers.find(({ kind }) => kind === 'still_needed')!;
  return {
    draft,
    pending_review: pending,
    returned: does(
      pending,
      { name: 'return', reason: 'needs_more_detail', note: null },
      NOON,
      'staff',
      'staff',
    ),
    rejected: does(pending, { name: 'reject', reason: 'paid_work', note: null }, NOON, 'staff', 'staff'),
    open,
    matching,
    assigned,
    in_progress: inProgress,
    awaiting_confirmation: awaiting,
    completed: does(awaiting, { name: 'confirm' }, at(5 * HOUR), 'author', 'author'),
    disputed: does(awaiting, { name: 'dispute', note: '没有完成' }, at(5 * HOUR), 'author', 'author'),
    unmet: does(open, { name: 'give_up', note: null }, NOON, 'staff', 'staff'),
    cancelled: does(
      open,
      { name: 'cancel', reason: 'no_longer_needed', note: null },
      NOON,
      'author',
      'author',
    ),
    expired: does(askedTwice, { name: 'time_passed', timer }),
    duplicate: does(open, { name: 'merge' }, NOON, 'staff', 'staff'),
  };
}
