import type { Urgency as EngineUrgency } from '../matching/match-types.ts';
import type { OutboxEvent } from '../domain-events.ts';
import type { SealedField } from '../privacy/sealed-field.ts';
import type { CommunityDocument } from '../storage/community-collection.ts';
import type { PublicPlaceView, ReasonView, CandidateView } from '../shared/api-types.ts';
import type {
  ClosingReason,
  Consequence,
  Language,
  NeedsPersonReason,
  NextActor,
  RequestStatus,
  ReviewReason,
  RiskTier,
  TimelineType,
  Urgency,
} from '../shared/vocabulary.ts';

export const VISIT_FIELDS = ['door', 'phone', 'contactName', 'notes'] as const;
export type VisitField = (typeof VISIT_FIELDS)[number];

export interface TimeWindow {
  readonly from: Date;
  readonly to: Date;
}

/** Where the request takes place for everybody who was not accepted; fixed once at write. */
export type StoredPlace = PublicPlaceView;

/** A taken place: one helper who promised to come. */
export interface Slot {
  readonly assignmentId: string;
  readonly matchId: string;
  readonly helperId: string;
  readonly kind: 'primary' | 'backup';
  readonly status: 'confirmed' | 'checked_in' | 'done';
  readonly acceptedAt: Date;
  readonly startsAt: Date;
  readonly expectedEnd: Date;
  readonly checkedInAt: Date | null;
  readonly doneAt: Date | null;
}

/** One helper who was asked. The list is also who is not asked again. */
export interface Offer {
  readonly matchId: string;
  readonly helperId: string;
  readonly waveNo: number;
  readonly state: 'open' | 'accepted' | 'declined' | 'lapsed' | 'superseded';
  readonly at: Date;
  readonly answerBy: Date;
  /** Share of promises this helper keeps, as the engine saw it at the offer; under 0.7 a back-up is wanted. */
  readonly keepsPromises: number;
}

/** A helper who was in a slot and is not any more. */
export interface FormerHelper {
  readonly helperId: string;
  readonly assignmentId: string;
  readonly how: 'withdrawn' | 'no_show';
  readonly at: Date;
}

export const TIMER_KINDS = [
  'draft_reminder',
  'draft_expires',
  'review_late',
  'review_very_late',
  'returned_reminder',
  'returned_expires',
  'wave_due',
  'wave_closes',
  'still_needed',
  'reminder_day',
  'reminder_hour',
  'are_you_coming',
  'no_show',
  'task_overdue',
  'confirm_reminder',
  'close_by_time',
  'dispute_late',
  'unmet_review',
] as const;
export type TimerKind = (typeof TIMER_KINDS)[number];

/** Which change makes a timer void: leaving the state, the review done, a new wave, the slot gone. */
export type TimerGroup = 'state' | 'review' | 'wave' | 'slot';

export interface Timer {
  readonly kind: TimerKind;
  readonly group: TimerGroup;
  readonly dueAt: Date;
  /** Only for timers of a slot. */
  readonly assignmentId: string | null;
}

export interface NextAction {
  readonly who: NextActor;
  readonly dueAt: Date | null;
  readonly ifLate: Consequence;
}

export interface Wave {
  readonly no: number;
  readonly sentAt: Date;
  readonly closesAt: Date;
  readonly told: number;
  /** How many had a live channel when the wave went out. */
  readonly reached: number;
}

export interface TimelineEntry {
  readonly id: string;
  readonly at: Date;
  readonly type: TimelineType;
  readonly actor: 'author' | 'helper' | 'staff' | 'system';
  /** Never leaves the server: whose own part this is. */
  readonly actorId: string | null;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface StoredCommand {
  readonly key: string;
  readonly actor: string;
  readonly bodyHash: string;
}

export interface Review {
  readonly state: 'none' | 'waiting' | 'done';
  readonly since: Date | null;
  readonly dueAt: Date | null;
  /** Already on the board; looked at after. */
  readonly afterwards: boolean;
  readonly reviewerId: string | null;
  readonly reason: ReviewReason | null;
  readonly note: string | null;
}

export interface Dispute {
  readonly at: Date;
  readonly note: string;
  readonly settledBy: string | null;
  readonly outcome: 'completed' | 'cancelled' | 'matching' | null;
}

export interface Constraints {
  readonly genderWish: 'woman' | 'man' | null;
  readonly twoHelpers: boolean;
  readonly noHomeEntry: boolean;
}

/** What the author asks for; may change while draft or returned. */
export interface RequestContent {
  readonly kindId: string;
  readonly tier: RiskTier;
  readonly title: string;
  readonly text: string;
  readonly language: Language;
  readonly skillIds: readonly string[];
  readonly urgency: Urgency & EngineUrgency;
  readonly asap: boolean;
  readonly windows: readonly TimeWindow[];
  readonly minutes: number;
  readonly languages: readonly Language[];
  readonly constraints: Constraints;
  readonly buildingId: string | null;
  readonly place: StoredPlace;
  readonly needed: number;
}

/** The one document that holds what must change together. */
export interface HelpRequestRecord extends CommunityDocument, RequestContent {
  shortNumber: number;
  status: RequestStatus;
  version: number;
  beneficiaryId: string;
  authorId: string;
  householdId: string | null;
  /** Staff acts for somebody: who recorded the consent and when. */
  consent: { readonly recordedBy: string; readonly at: Date } | null;
  /** The person has no phone with an app: is called, never closed by silence. */
  phoneOnly: boolean;
  /** Unique per account, route and key, so that a repeated create meets its own document. */
  createKey: string;
  createBodyHash: string | null;
  visit: Readonly<Partial<Record<VisitField, SealedField>>>;
  /** Never shown; the code word comes from it. */
  codeSeed: string;
  createdAt: Date;
  submittedAt: Date | null;
  openedAt: Date | null;
  /** When the work was confirmed, by the author or by time. */
  completedAt: Date | null;
  endedAt: Date | null;
  review: Review;
  isReviewed: boolean;
  visibility: 'shown' | 'hidden';
  taken: number;
  slots: readonly Slot[];
  offers: readonly Offer[];
  formerHelpers: readonly FormerHelper[];
  wave: Wave | null;
  /** Every wave so far, oldest first. */
  waves: readonly Wave[];
  /** How many of them belong to an earlier search (before a withdrawal, a reopening): not counted by the stop rule. */
  searchBase: number;
  needsPerson: { readonly reason: NeedsPersonReason; readonly since: Date } | null;
  takenOver: { readonly staffId: string; readonly at: Date } | null;
  stillNeededAsked: number;
  timers: readonly Timer[];
  nextDueAt: Date | null;
  nextAction: NextAction;
  closingReason: ClosingReason | null;
  closingNote: string | null;
  dispute: Dispute | null;
  thanks: { readonly text: string; readonly at: Date } | null;
  commands: readonly StoredCommand[];
  outbox: readonly OutboxEvent[];
  timeline: readonly TimelineEntry[];
}

/** A new Match that must follow from a wave, an offer by hand or a helper's own step. */
export interface NewMatch {
  readonly matchId: string;
  readonly helperId: string;
  readonly waveNo: number;
  readonly source: 'engine' | 'staff' | 'helper';
  readonly status: 'notified' | 'accepted';
  readonly at: Date;
  readonly answerBy: Date;
  readonly proposedStartsAt: Date;
  readonly metres: number;
  readonly score: number;
  readonly parts: CandidateView['parts'];
  readonly reasons: readonly ReasonView[];
  readonly acceptance: number;
  readonly attention: number;
  readonly reached: boolean;
  readonly helpedBefore: boolean;
}

export interface MatchChange {
  readonly matchId: string;
  readonly helperId: string;
  readonly status: 'accepted' | 'declined' | 'lapsed' | 'superseded';
  readonly at: Date;
}

export interface AssignmentChange {
  readonly assignmentId: string;
  readonly matchId: string;
  readonly helperId: string;
  readonly status: 'confirmed' | 'checked_in' | 'done' | 'withdrawn' | 'no_show' | 'cancelled';
  readonly slot: 'primary' | 'backup';
  readonly acceptedAt: Date;
  readonly startsAt: Date;
  readonly expectedEnd: Date;
  readonly checkedInAt: Date | null;
  readonly doneAt: Date | null;
}

/** What must follow in other records; written into the outbox with the change, so it can always be redone. */
export interface Follow {
  readonly newMatches: readonly NewMatch[];
  readonly matches: readonly MatchChange[];
  readonly assignments: readonly AssignmentChange[];
  /** Open offers that are over: their reservation ends. */
  readonly release: readonly {
    readonly helperId: string;
    readonly matchId: string;
    /** The helper need not rest after it: somebody else was faster, nobody waits for their answer any more. */
    readonly liftRest: boolean;
  }[];
  /** Tasks that are over. */
  readonly freeTask: readonly { readonly helperId: string; readonly assignmentId: string }[];
  /** The request's version after the change: later changes win, whatever arrives last. */
  readonly version: number;
}
