/** The closed word lists of the product. Server, client and tests use these and no others. */

export const LANGUAGES = ['zh-CN', 'ug', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
/** A text in the three languages; every text the centre types may lack a language, then the first that exists is shown. */
export type LocalisedText = Partial<Record<Language, string>>;

export const ROLES = ['resident', 'volunteer', 'staff', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

export const ACCOUNT_STATUSES = ['waiting', 'active', 'suspended', 'refused'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

export const URGENCIES = ['critical', 'high', 'normal', 'low'] as const;
export type Urgency = (typeof URGENCIES)[number];

export const RISK_TIERS = [0, 1, 2, 3] as const;
export type RiskTier = (typeof RISK_TIERS)[number];

export const REQUEST_STATUSES = [
  'draft',
  'pending_review',
  'returned',
  'rejected',
  'open',
  'matching',
  'assigned',
  'in_progress',
  'awaiting_confirmation',
  'completed',
  'disputed',
  'unmet',
  'cancelled',
  'expired',
  'duplicate',
] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

export const CLOSING_REASONS = [
  'fulfilled',
  'partly_fulfilled',
  'solved_elsewhere',
  'no_longer_needed',
  'no_helper_found',
  'requester_unreachable',
  'helper_no_show',
  'unsafe',
  'out_of_scope_referred',
  'duplicate',
  'other_with_note',
] as const;
export type ClosingReason = (typeof CLOSING_REASONS)[number];

/** Why staff send a request back or refuse it: templates, told to the author in the author's language. */
export const REVIEW_REASONS = [
  'private_details_in_text',
  'needs_more_detail',
  'unclear_when',
  'paid_work',
  'not_for_neighbours',
  'unsafe',
  'duplicate',
  'other_with_note',
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

export const MATCH_STATUSES = [
  'suggested',
  'notified',
  'seen',
  'accepted',
  'declined',
  'lapsed',
  'superseded',
] as const;
export type MatchStatus = (typeof MATCH_STATUSES)[number];

export const ASSIGNMENT_STATUSES = [
  'confirmed',
  'checked_in',
  'done',
  'withdrawn',
  'no_show',
  'cancelled',
] as const;
export type AssignmentStatus = (typeof ASSIGNMENT_STATUSES)[number];

export const NEXT_ACTORS = ['author', 'staff', 'helpers', 'engine', 'lead', 'nobody'] as const;
export type NextActor = (typeof NEXT_ACTORS)[number];

/** What happens if the next actor does nothing: a key, said in words by the dictionaries. */
export const CONSEQUENCES = [
  'draft_removed',
  'lead_told',
  'cancelled_unreachable',
  'ends',
  'staff_take_over',
  'next_wave',
  'asked_are_you_coming',
  'both_asked',
  'closed_by_time',
  'stays_on_unmet_list',
  'none',
] as const;
export type Consequence = (typeof CONSEQUENCES)[number];

export const NEEDS_PERSON_REASONS = [
  'no_helper',
  'helper_stuck',
  'late',
  'risk',
  'phone_only',
  'critical',
] as const;
export type NeedsPersonReason = (typeof NEEDS_PERSON_REASONS)[number];

/** Kinds of help the set-up page starts with; ids are the icon names of the sprite without `kind-`. */
export const DEFAULT_KIND_IDS = [
  'shopping',
  'doctor',
  'repair',
  'reading-forms',
  'phone-computer',
  'cooking',
  'carrying',
  'visit',
  'child-care',
  'tutoring',
  'ride',
  'interpreter',
  'something-else',
] as const;

export const NOTIFICATION_KINDS = [
  // to the author
  'request_received',
  'request_approved',
  'request_returned',
  'request_rejected',
  'helper_found',
  'helper_changed',
  'person_takes_over',
  'helper_arrived',
  'please_confirm',
  'closed_by_time',
  'still_needed',
  'address_read',
  'request_cancelled',
  // to helpers
  'offer',
  'place_taken',
  'you_are_confirmed',
  'task_reminder',
  'are_you_coming',
  'needed_now',
  'task_cancelled',
  'thanks',
  'question_raised',
  // to staff
  'review_waiting',
  'needs_person',
  'start_late',
  'dispute_opened',
  'late_withdrawal',
  'account_waiting',
  'critical_request',
  // to one account
  'account_approved',
  'profile_approved',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export const CHANNELS = ['socket', 'staff_call_list', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What became of a call that staff made: told, nobody answered, or not made after all. */
export const CALL_OUTCOMES = ['told', 'no_answer', 'not_yet'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

export const TIMELINE_TYPES = [
  'created',
  'edited',
  'submitted',
  'approved',
  'returned',
  'resubmitted',
  'rejected',
  'wave_sent',
  'offer_declined',
  'offer_lapsed',
  'helper_accepted',
  'helper_withdrew',
  'helper_no_show',
  'helper_arrived',
  'helper_done',
  'confirmed',
  'closed_by_time',
  'thanked',
  'disputed',
  'settled',
  'needs_person',
  'person_took_over',
  'gave_up',
  'cancelled',
  'expired',
  'reopened',
  'reminded',
] as const;
export type TimelineType = (typeof TIMELINE_TYPES)[number];
