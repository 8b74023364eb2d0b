import type {
  AccessLogEntryView,
  AccountListItem,
  AssignmentView,
  CandidatesView,
  CommunitySettingsView,
  CommunityView,
  DeliveryView,
  DemoView,
  HelperProfileView,
  HelpRequestCard,
  HelpRequestView,
  Instant,
  MatchView,
  MyAccountView,
  NotificationView,
  Page,
  ReviewItemView,
  SessionView,
  TimelineEntryView,
  VisitDetails,
} from '../../src/shared/api-types.ts';
import type { OPERATIONS_MORE } from './operations-more.ts';

/** Method and path (below /api) of the operations of the first page, under their operationIds. */
export const OPERATIONS = {
  createSession: 'POST /session',
  readSession: 'GET /session',
  deleteSession: 'DELETE /session',
  updateMySettings: 'PUT /me/settings',
  readCommunity: 'GET /community',
  listHelpRequests: 'GET /help-requests',
  listMyMatches: 'GET /matches',
  listNotifications: 'GET /notifications',
  acknowledgeNotifications: 'POST /notifications/acknowledge',
  readDemo: 'GET /demo',
  signInDemo: 'POST /demo/session',
} as const;

export type Operation = keyof typeof OPERATIONS | keyof typeof OPERATIONS_MORE;

/** What neighbours will read, before it is sent. */
export interface RequestPreview {
  card: HelpRequestCard;
  text: string;
  constraints: HelpRequestView['constraints'];
  warnings: ReviewItemView['warnings'];
  goesLiveAtOnce: boolean;
  reviewDueAt: Instant | null;
  isOpenNow: boolean;
  nextOpening: Instant | null;
}

interface NamedAnswers {
  createSession: SessionView;
  readSession: SessionView | null;
  deleteSession: null;
  confirmSession: SessionView;
  enrolTotp: { secret: string; otpauthUri: string };
  verifyTotp: SessionView;
  suggestPassphrase: { passphrase: string };
  readMyAccount: MyAccountView;
  updateMyAccount: MyAccountView;
  updateMySettings: MyAccountView;
  changePassphrase: null;
  listAccounts: Page<AccountListItem>;
  readCommunity: CommunityView;
  readCommunitySettings: CommunitySettingsView;
  updateCommunity: CommunityView;
  replaceBuildings: CommunityView;
  readHelperProfile: HelperProfileView;
  updateHelperProfile: HelperProfileView;
  setDuty: HelperProfileView;
  listHelpRequests: Page<HelpRequestCard>;
  listTimeline: Page<TimelineEntryView>;
  listAccessLog: Page<AccessLogEntryView>;
  volunteerForHelpRequest: AssignmentView;
  previewHelpRequest: RequestPreview;
  listReviewQueue: Page<ReviewItemView>;
  listCandidates: CandidatesView;
  sendWave: CandidatesView;
  offerToHelper: CandidatesView;
  revealForStaff: VisitDetails;
  listDeliveries: Page<DeliveryView>;
  recordCall: DeliveryView;
  listMyMatches: Page<MatchView>;
  readMatch: MatchView;
  markMatchSeen: MatchView;
  acceptMatch: AssignmentView;
  declineMatch: MatchView;
  listMyAssignments: Page<AssignmentView>;
  readAssignment: AssignmentView;
  revealContact: VisitDetails;
  checkInAssignment: AssignmentView;
  completeAssignment: AssignmentView;
  withdrawAssignment: AssignmentView;
  listNotifications: Page<NotificationView>;
  acknowledgeNotifications: { acknowledged: number };
  readDemo: DemoView;
  signInDemo: SessionView;
  setDemoLoop: DemoView;
}

type RequestMove =
  | 'createHelpRequest'
  | 'updateHelpRequest'
  | 'submitHelpRequest'
  | 'resubmitHelpRequest'
  | 'readHelpRequest'
  | 'cancelHelpRequest'
  | 'confirmHelpRequest'
  | 'disputeHelpRequest'
  | 'settleDispute'
  | 'thankHelper'
  | 'reopenHelpRequest'
  | 'approveHelpRequest'
  | 'returnHelpRequest'
  | 'rejectHelpRequest'
  | 'takeOverHelpRequest'
  | 'giveUpHelpRequest'
  | 'reportNoShow';

/** What an operation answers with a 2xx. Moves of a request answer with its present view. */
export type Answer<O extends Operation> = O extends keyof NamedAnswers
  ? NamedAnswers[O]
  : O extends RequestMove
    ? HelpRequestView
    : unknown;
