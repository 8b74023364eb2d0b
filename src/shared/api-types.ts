import type {
  AccountStatus,
  AssignmentStatus,
  Channel,
  ClosingReason,
  Consequence,
  Language,
  LocalisedText,
  MatchStatus,
  NeedsPersonReason,
  NextActor,
  NotificationKind,
  RequestStatus,
  ReviewReason,
  RiskTier,
  Role,
  TimelineType,
  Urgency,
} from './vocabulary.ts';

/** Instants are ISO 8601 in UTC; positions are GeoJSON [longitude, latitude]; distances are metres. */
export type Instant = string;
export type Position = [number, number];

export interface Page<T> {
  items: T[];
  /** Give it back as `cursor` to get the next page; null at the end. */
  nextCursor: string | null;
}

/** RFC 9457. `code` is stable; `title` and `detail` may change. */
export interface ProblemView {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  errors?: { pointer: string; code: string; detail: string }[];
  /** The present view for a 409 on a help request. */
  present?: unknown;
}

export interface SkillView {
  id: string;
  name: LocalisedText;
  /** Only helpers whose skill the centre has checked may be asked. */
  mustBeVerified: boolean;
}

export interface KindOfHelpView {
  id: string;
  icon: string;
  name: LocalisedText;
  hint: LocalisedText;
  tier: RiskTier;
  needsReview: boolean;
  defaultSkillIds: string[];
  usualMinutes: number;
}

export interface PublicPlaceView {
  id: string;
  kind: 'building' | 'zone' | 'cell' | 'centre';
  name: LocalisedText;
  point: Position;
}

export interface BuildingView {
  id: string;
  name: LocalisedText;
  /** GeoJSON Polygon ring(s) of the footprint, or null when only typed in. */
  footprint: { type: 'Polygon'; coordinates: Position[][] } | null;
  point: Position;
  zoneId: string | null;
}

export interface ZoneView {
  id: string;
  name: LocalisedText;
}

/** Public: readable signed out. */
export interface CommunityView {
  id: string;
  slug: string;
  name: LocalisedText;
  languages: Language[];
  timeZone: string;
  /** Second clock shown beside it, e.g. Asia/Urumqi; null when there is one clock only. */
  secondTimeZone: string | null;
  centrePhone: string;
  emergencyNumbers: { number: string; name: LocalisedText }[];
  /** 0 = Monday; minutes of the day on the community's clock. */
  openingHours: { day: number; from: number; to: number }[];
  holidays: string[];
  isOpenNow: boolean;
  nextOpening: Instant | null;
  centrePoint: Position;
  kindsOfHelp: KindOfHelpView[];
  skills: SkillView[];
  zones: ZoneView[];
  buildings: BuildingView[];
  /** Landmarks drawn on the plan (gates, streets, river, clinic); GeoJSON FeatureCollection with `kind` and `name` properties. */
  plan: GeoJsonFeatureCollection | null;
  counts: { kindId: string; open: number }[];
  openCount: number;
  doneThisWeek: number;
  isDemo: boolean;
}

export interface GeoJsonFeatureCollection {
  type: 'FeatureCollection';
  features: {
    type: 'Feature';
    geometry: { type: string; coordinates: unknown };
    properties: Record<string, unknown>;
  }[];
}

export interface SessionView {
  account: {
    id: string;
    displayName: string;
    roles: Role[];
    status: AccountStatus;
    language: Language;
    mode: 'normal' | 'elder';
    trustTier: RiskTier;
    /** Why the centre suspended the person; null while it has not, or said nothing. */
    decisionNote: string | null;
  };
  /** Factors given in this session. Staff need `totp` before anything but their own affairs. */
  factors: ('passphrase' | 'totp' | 'demo')[];
  needsTotp: 'enrol' | 'verify' | null;
  /** Until then `recent` holds (reveal, contact changes). */
  recentUntil: Instant | null;
  cursor: number;
}

export interface MyAccountView {
  id: string;
  signInName: string;
  displayName: string;
  language: Language;
  mode: 'normal' | 'elder';
  roles: Role[];
  status: AccountStatus;
  publicPlace: PublicPlaceView;
  /** The person's own private fields; never in any other view. */
  phone: string | null;
  door: string | null;
  contactName: string | null;
  buildingId: string | null;
  version: number;
}

export interface HelperProfileView {
  accountId: string;
  status: 'none' | 'waiting' | 'approved' | 'refused';
  trustTier: RiskTier;
  skills: { skillId: string; level: 1 | 2 | 3; verified: boolean }[];
  /** 0 = Monday; minutes of the day on the community's clock. */
  weekly: { day: number; from: number; to: number }[];
  radiusMetres: number;
  maxTasks: number;
  maxOffersPerDay: number;
  languages: Language[];
  quietHours: { from: number; to: number } | null;
  breaksQuietHoursForCritical: boolean;
  kindsNotDone: string[];
  gender: 'woman' | 'man' | null;
  automaticRanking: boolean;
  isOnDuty: boolean;
  publicPlace: PublicPlaceView;
  /** What the helper has promised now. */
  load: { activeTasks: number; openOffers: number; offersToday: number };
  /** Words, not numbers: when the next offer may come. */
  nextOfferNotBefore: Instant | null;
  version: number;
}

export interface WhenView {
  asap: boolean;
  windows: { from: Instant; to: Instant }[];
}

export interface NextActionView {
  who: NextActor;
  dueAt: Instant | null;
  ifLate: Consequence;
}

/** What every member sees on the board. */
export interface HelpRequestCard {
  id: string;
  /** Short number people can say on the phone, e.g. 417. */
  shortNumber: number;
  kindId: string;
  title: string;
  /** Language the author wrote in. */
  language: Language;
  urgency: Urgency;
  status: RequestStatus;
  when: WhenView;
  place: PublicPlaceView;
  aboutMetres: number | null;
  helpersNeeded: number;
  helpersFound: number;
  isReviewed: boolean;
  createdAt: Instant;
  openedAt: Instant | null;
  /** Whether the reader may press "I can help" now. */
  canVolunteer: boolean;
}

/** Who is looking decides which optional fields exist; absent means not for this reader. */
export interface HelpRequestView extends HelpRequestCard {
  text: string;
  skillIds: string[];
  minutes: number;
  languages: Language[];
  constraints: { genderWish: 'woman' | 'man' | null; twoHelpers: boolean; noHomeEntry: boolean };
  relation: ('author' | 'beneficiary' | 'proxy' | 'asked_helper' | 'accepted_helper' | 'member' | 'staff')[];
  nextAction: NextActionView;
  version: number;
  closingReason: ClosingReason | null;
  review: { reason: ReviewReason; note: string | null } | null;
  /** Author and staff: who comes. Others: absent. */
  helpers?: AssignedHelperView[];
  /** Author and accepted helper. */
  codeWord?: string;
  /** Author, accepted helper, staff. */
  authorName?: string;
  /** Author and staff. */
  wave?: { no: number; told: number; reached: number; closesAt: Instant | null } | null;
  needsPerson?: NeedsPersonView | null;
  /** Commands this reader may give now: operationIds. */
  allowed: string[];
  /** Author only: the private fields of this request in clear. */
  visit?: VisitDetails;
  /** For an asked or accepted helper: own match or assignment. */
  myMatchId?: string;
  myAssignmentId?: string;
  thanks?: { text: string; at: Instant } | null;
}

/** Why people at the centre are needed, since when, and since when somebody there has it in hand. */
export interface NeedsPersonView {
  reason: NeedsPersonReason;
  since: Instant;
  takenOverAt: Instant | null;
}

export interface AssignedHelperView {
  assignmentId: string;
  helperId: string;
  displayName: string;
  verifiedSkillIds: string[];
  languages: Language[];
  status: AssignmentStatus;
  startsAt: Instant;
}

/** The exact door and phone. Only the author, and by reveal the accepted helper and staff with a purpose. */
export interface VisitDetails {
  door: string;
  phone: string;
  contactName: string;
  notes: string;
}

export interface HelpRequestInput {
  kindId: string;
  title: string;
  text: string;
  skillIds?: string[];
  urgency: Urgency;
  when: WhenView;
  minutes?: number;
  helpersNeeded?: number;
  languages?: Language[];
  constraints?: { genderWish: 'woman' | 'man' | null; twoHelpers: boolean; noHomeEntry: boolean };
  /** Building of the place; default the author's own. The public place is derived from it once. */
  buildingId?: string;
  /** Omitted: the author's own saved door and phone are used. */
  visit?: Partial<VisitDetails>;
  /** Staff acting for a resident. */
  beneficiaryId?: string;
  /** True: submitted in the same write. */
  submit?: boolean;
  language: Language;
}

export type ReasonView =
  | { key: 'nearest' | 'near' | 'far_but_skilled'; metres: number }
  | { key: 'skill_verified' | 'skill_unverified' | 'expert'; skillId: string }
  | { key: 'same_language'; language: string }
  | { key: 'helped_before' | 'keeps_promises' | 'fair_turn' | 'newcomer' | 'free_then' };

/** An offer as the asked helper sees it. */
export interface MatchView {
  id: string;
  status: MatchStatus;
  request: HelpRequestCard & {
    text: string;
    minutes: number;
    skillIds: string[];
    constraints: HelpRequestView['constraints'];
  };
  offeredAt: Instant;
  answerBy: Instant;
  proposedStartsAt: Instant;
  reasons: ReasonView[];
  helpedThisNeighbourBefore: boolean;
}

export interface AssignmentView {
  id: string;
  requestId: string;
  status: AssignmentStatus;
  slot: 'primary' | 'backup';
  startsAt: Instant;
  expectedEnd: Instant;
  checkedInAt: Instant | null;
  doneAt: Instant | null;
  codeWord: string;
  request: HelpRequestView;
  /** Reveal allowed now (until 24 h after done). */
  canReveal: boolean;
  allowed: string[];
}

export interface CandidateView {
  helperId: string;
  displayName: string;
  metres: number;
  score: number;
  parts: { skillAndLanguage: number; near: number; free: number; keepsPromises: number; fairTurn: number };
  reasons: ReasonView[];
  match: { id: string; status: MatchStatus; waveNo: number; at: Instant; reached: boolean } | null;
  nextWave: boolean;
}

export interface CandidatesView {
  requestId: string;
  eligibleCount: number;
  candidates: CandidateView[];
  refusedCounts: Record<string, number>;
  waves: {
    no: number;
    sentAt: Instant;
    closesAt: Instant;
    told: number;
    reached: number;
    declined: number;
    seen: number;
    lapsed: number;
  }[];
  nextWave: { no: number; helperIds: string[]; dueAt: Instant | null; stop: string | null };
}

export interface TimelineEntryView {
  id: string;
  at: Instant;
  type: TimelineType;
  actor: 'author' | 'helper' | 'staff' | 'system';
  /** Numbers and keys only, never names or places. */
  params: Record<string, string | number>;
}

export interface AccessLogEntryView {
  id: string;
  at: Instant;
  readerRole: 'helper' | 'staff';
  readerName: string;
  fields: string[];
  purpose: string | null;
}

export interface NotificationView {
  /** The person's own number: 1, 2, 3 … without gaps. */
  number: number;
  id: string;
  kind: NotificationKind;
  createdAt: Instant;
  /** Client path. */
  link: string;
  /** Keys and numbers that the sentence needs; never private. */
  params: Record<string, string | number>;
  silent: boolean;
}

export interface ReviewItemView {
  request: HelpRequestView;
  authorName: string;
  waitingSince: Instant;
  dueAt: Instant;
  isLate: boolean;
  isAfterwards: boolean;
  /** Text that looks like a phone number, door or ID number. */
  warnings: { field: 'title' | 'text'; kind: 'phone' | 'door' | 'id_number'; start: number; end: number }[];
}

export interface AccountListItem {
  id: string;
  displayName: string;
  roles: Role[];
  status: AccountStatus;
  place: PublicPlaceView;
  createdAt: Instant;
  asksToVolunteer: boolean;
  /** Written down by the centre: no sign-in, staff call this person. */
  hasPhoneOnly: boolean;
  skills: { skillId: string; level: 1 | 2 | 3; verified: boolean }[];
  trustTier: RiskTier;
  /** Why the person was suspended or refused. */
  decisionNote: string | null;
}

export interface DeliveryView {
  id: string;
  channel: Channel;
  status: 'queued' | 'sent' | 'seen' | 'failed';
  at: Instant;
  kind: NotificationKind;
  recipientName: string;
  /** The request it is about, where staff find door and phone; null when it is about none. */
  requestId: string | null;
  /** Who of the centre rang last, successfully or not; null when nobody has. */
  calledBy: string | null;
}

export interface DemoView {
  accounts: {
    key: 'resident' | 'elder' | 'volunteer' | 'staff';
    accountId: string;
    displayName: string;
    role: Role;
    language: Language;
    mode: 'normal' | 'elder';
  }[];
  loop: { speed: number; paused: boolean };
  /** SMS that would have been sent. Text as sent, no private data in it. */
  smsTray: { at: Instant; to: string; text: string }[];
}

/** What the centre writes about itself; the same shape at set-up and later. */
export interface CommunitySettings {
  name: LocalisedText;
  languages: Language[];
  timeZone: string;
  secondTimeZone: string | null;
  openingHours: { day: number; from: number; to: number }[];
  holidays: string[];
  centrePhone: string;
  emergencyNumbers: { number: string; name: LocalisedText }[];
  centrePoint: Position;
  kindsOfHelp: KindOfHelpView[];
  skills: SkillView[];
}

/** GET /community/settings: what an administrator edits, household counts included, which nobody else reads. */
export interface CommunitySettingsView extends CommunitySettings {
  /** Sent back with each change; another administrator's change in between answers 409. */
  version: number;
  buildings: {
    name: LocalisedText;
    households: number | null;
    zone: LocalisedText | null;
    hasFootprint: boolean;
  }[];
}

/** Either a typed list or a GeoJSON FeatureCollection as it was uploaded (`name`, `households`, `zone` properties). */
export type BuildingsInput =
  | {
      list: {
        name: string;
        households?: number | null;
        zone?: string | null;
        point?: Position;
        footprint?: { type: 'Polygon'; coordinates: Position[][] } | null;
      }[];
    }
  | { geoJson: GeoJsonFeatureCollection };

/** POST /setup: once, with the code that the first start printed. Answers 201 with the CommunityView. */
export interface SetupInput {
  setupCode: string;
  /** Short name in links: a-z, 0-9 and hyphens. */
  slug: string;
  community: CommunitySettings;
  buildings: BuildingsInput;
  administrator: { signInName: string; displayName: string; passphrase: string; language: Language };
}

/** GET /setup. */
export interface SetupView {
  isDone: boolean;
  defaults: { kindsOfHelp: KindOfHelpView[]; skills: SkillView[] };
}
