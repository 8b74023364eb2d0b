import type { OperationId, Relation } from '../http/access-table.ts';
import { REQUEST_STATUSES } from '../shared/vocabulary.ts';
import type { NotificationKind, RequestStatus, TimelineType } from '../shared/vocabulary.ts';
import type { CommandName } from './request-commands.ts';
import type { TimerGroup } from './request-types.ts';

/** One command of the life of a request: where it exists, where it may lead, and what it may cause. */
export interface Transition {
  readonly from: readonly RequestStatus[];
  /** Where the request may stand afterwards; `same` keeps its state. */
  readonly to: readonly (RequestStatus | 'same')[];
  /** Who may give it: relations to the request, or the clock and the engine. */
  readonly who: readonly (Relation | 'system')[];
  /** The operation of the API that gives it; null when only the service itself does. */
  readonly operation: OperationId | null;
  readonly timeline: readonly TimelineType[];
  readonly notices: readonly NotificationKind[];
  /** Groups of timers that it may start; timers of a state that is left always end. */
  readonly timers: readonly TimerGroup[];
}

const SEARCHING = ['open', 'matching', 'in_progress'] as const;
const LIVE = ['open', 'matching', 'assigned', 'in_progress'] as const;

/** The table. Anything that is not in it is answered with 409 and the present state. */
export const TRANSITIONS: Readonly<Record<CommandName, Transition>> = {
  edit: row(['draft', 'returned'], ['same'], ['author', 'proxy'], 'updateHelpRequest', ['edited'], []),
  submit: row(
    ['draft'],
    ['pending_review', 'open'],
    ['author', 'proxy'],
    'submitHelpRequest',
    ['submitted'],
    ['request_received', 'review_waiting', 'critical_request'],
    ['review', 'state', 'wave'],
  ),
  resubmit: row(
    ['returned'],
    ['pending_review'],
    ['author', 'proxy'],
    'resubmitHelpRequest',
    ['resubmitted'],
    ['request_received', 'review_waiting'],
    ['review'],
  ),
  approve: row(
    ['pending_review', ...LIVE],
    ['open', 'same'],
    ['staff'],
    'approveHelpRequest',
    ['approved'],
    ['request_approved', 'critical_request'],
    ['state', 'wave'],
  ),
  return: row(
    ['pending_review'],
    ['returned'],
    ['staff'],
    'returnHelpRequest',
    ['returned'],
    ['request_returned'],
    ['state'],
  ),
  reject: row(
    ['pending_review'],
    ['rejected'],
    ['staff'],
    'rejectHelpRequest',
    ['rejected'],
    ['request_rejected'],
  ),
  send_wave: row(
    SEARCHING,
    ['matching', 'same'],
    ['staff', 'system'],
    'sendWave',
    ['wave_sent', 'offer_lapsed'],
    ['offer'],
    ['wave', 'state'],
  ),
  stop_waves: row(
    [...LIVE],
    ['same'],
    ['system'],
    null,
    ['needs_person', 'offer_lapsed'],
    ['needs_person', 'person_takes_over'],
    ['wave'],
  ),
  wait_for_day: row(SEARCHING, ['same'], ['system'], null, ['offer_lapsed'], [], ['wave']),
  accept: row(
    LIVE,
    ['matching', 'assigned', 'same'],
    ['asked_helper'],
    'acceptMatch',
    ['helper_accepted'],
    ['helper_found', 'you_are_confirmed', 'place_taken'],
    ['slot', 'state'],
  ),
  volunteer: row(
    SEARCHING,
    ['matching', 'assigned', 'same'],
    ['volunteer'],
    'volunteerForHelpRequest',
    ['helper_accepted'],
    ['helper_found', 'you_are_confirmed', 'place_taken'],
    ['slot', 'state'],
  ),
  decline: row(LIVE, ['same'], ['asked_helper'], 'declineMatch', ['offer_declined'], [], ['wave']),
  withdraw: row(
    ['matching', 'assigned', 'in_progress'],
    ['matching', 'assigned', 'awaiting_confirmation', 'same'],
    ['accepted_helper'],
    'withdrawAssignment',
    ['helper_withdrew'],
    ['helper_changed', 'needed_now', 'late_withdrawal', 'please_confirm'],
    ['wave', 'state'],
  ),
  check_in: row(
    ['matching', 'assigned', 'in_progress'],
    ['in_progress', 'same'],
    ['accepted_helper'],
    'checkInAssignment',
    ['helper_arrived'],
    ['helper_arrived', 'task_cancelled'],
    ['slot'],
  ),
  complete: row(
    ['in_progress'],
    ['awaiting_confirmation', 'same'],
    ['accepted_helper'],
    'completeAssignment',
    ['helper_done'],
    ['please_confirm', 'place_taken', 'task_cancelled'],
    ['state'],
  ),
  no_show: row(
    ['matching', 'assigned', 'in_progress'],
    ['matching', 'assigned', 'awaiting_confirmation', 'same'],
    ['author', 'proxy', 'staff', 'system'],
    'reportNoShow',
    ['helper_no_show'],
    ['helper_changed', 'needed_now', 'start_late', 'task_cancelled', 'please_confirm'],
    ['wave', 'state'],
  ),
  confirm: row(
    ['awaiting_confirmation'],
    ['completed'],
    ['author', 'proxy'],
    'confirmHelpRequest',
    ['confirmed'],
    [],
  ),
  dispute: row(
    ['awaiting_confirmation', 'completed'],
    ['disputed'],
    ['author', 'proxy'],
    'disputeHelpRequest',
    ['disputed'],
    ['dispute_opened', 'question_raised'],
    ['state'],
  ),
  settle: row(
    ['disputed'],
    ['completed', 'cancelled', 'matching'],
    ['staff'],
    'settleDispute',
    ['settled'],
    ['person_takes_over'],
    ['state', 'wave'],
  ),
  thank: row(['completed'], ['same'], ['author', 'proxy'], 'thankHelper', ['thanked'], ['thanks']),
  cancel: row(
    ['draft', 'pending_review', 'returned', ...LIVE, 'unmet'],
    ['cancelled'],
    ['author', 'proxy', 'staff'],
    'cancelHelpRequest',
    ['cancelled'],
    ['request_cancelled', 'task_cancelled', 'place_taken'],
  ),
  give_up: row(
    ['open', 'matching'],
    ['unmet'],
    ['staff'],
    'giveUpHelpRequest',
    ['gave_up'],
    ['request_cancelled', 'task_cancelled', 'place_taken'],
    ['state'],
  ),
  take_over: row(
    ['pending_review', ...LIVE, 'awaiting_confirmation', 'disputed', 'unmet'],
    ['same'],
    ['staff'],
    'takeOverHelpRequest',
    ['person_took_over'],
    ['person_takes_over'],
  ),
  reopen: row(
    ['cancelled', 'expired', 'unmet', 'rejected'],
    ['pending_review'],
    ['author', 'proxy', 'staff'],
    'reopenHelpRequest',
    ['reopened'],
    ['request_received', 'review_waiting'],
    ['review'],
  ),
  merge: row(
    ['pending_review', 'open', 'matching'],
    ['duplicate'],
    ['staff'],
    null,
    ['cancelled'],
    ['request_cancelled', 'place_taken', 'task_cancelled'],
  ),
  note_reveal: row(REQUEST_STATUSES, ['same'], ['accepted_helper', 'staff'], null, [], ['address_read']),
  time_passed: row(
    REQUEST_STATUSES,
    ['same', 'cancelled', 'expired', 'completed', 'matching', 'assigned', 'awaiting_confirmation'],
    ['system'],
    null,
    ['reminded', 'cancelled', 'expired', 'closed_by_time', 'needs_person', 'helper_no_show'],
    [
      'still_needed',
      'request_received',
      'request_returned',
      'request_cancelled',
      'please_confirm',
      'closed_by_time',
      'review_waiting',
      'task_reminder',
      'are_you_coming',
      'needed_now',
      'helper_changed',
      'start_late',
      'needs_person',
      'person_takes_over',
      'dispute_opened',
      'place_taken',
      'task_cancelled',
    ],
    ['state', 'wave'],
  ),
};

function row(
  from: readonly RequestStatus[],
  to: Transition['to'],
  who: Transition['who'],
  operation: OperationId | null,
  timeline: readonly TimelineType[],
  notices: readonly NotificationKind[],
  timers: readonly TimerGroup[] = [],
): Transition {
  return { from, to, who, operation, timeline, notices, timers };
}
