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

/** Method and path (below /api) of every operation the client calls, under its operationId. */
export const OPERATIONS = {
  createSession: 'POST /session',
  readSession: 'GET /session',
  deleteSession: 'DELETE /session',
  confirmSession: 'POST /session/confirm',
  enrolTotp: 'POST /session/totp',
  verifyTotp: 'PUT /session/totp',
  registerAccount: 'POST /accounts',
  suggestPassphrase: 'GET /passphrase-suggestion',
  readMyAccount: 'GET /me',
  updateMyAccount: 'PUT /me',
  updateMySettings: 'PUT /me/settings',
  changePassphrase: 'PUT /me/passphrase',
  createInvitation: 'POST /invitations',
  listAccounts: 'GET /accounts',
  approveAccount: 'POST /accounts/:id/approve',
  refuseAccount: 'POST /accounts/:id/refuse',
  suspendAccount: 'POST /accounts/:id/suspend',
  restoreAccount: 'POST /accounts/:id/restore',
  changeRoles: 'PUT /accounts/:id/roles',
  readCommunity: 'GET /community',
  readSetup: 'GET /setup',
  runSetup: 'POST /setup',
  readCommunitySettings: 'GET /community/settings',
  updateCommunity: 'PUT /community',
  replaceBuildings: 'PUT /community/buildings',
  readHelperProfile: 'GET /me/helper-profile',
  updateHelperProfile: 'PUT /me/helper-profile',
  setDuty: 'PUT /me/duty',
  createHelpRequest: 'POST /help-requests',
  updateHelpRequest: 'PUT /help-requests/:id',
  submitHelpRequest: 'POST /help-requests/:id/submit',
  resubmitHelpRequest: 'POST /help-requests/:id/resubmit',
  listHelpRequests: 'GET /help-requests',
  readHelpRequest: 'GET /help-requests/:id',
  cancelHelpRequest: 'POST /help-requests/:id/cancel',
  confirmHelpRequest: 'POST /help-requests/:id/confirm',
  disputeHelpRequest: 'POST /help-requests/:id/dispute',
  settleDispute: 'POST /help-requests/:id/settle',
  thankHelper: 'POST /help-requests/:id/thanks',
  reopenHelpRequest: 'POST /help-requests/:id/reopen',
  listTimeline: 'GET /help-requests/:id/timeline',
  listAccessLog: 'GET /help-requests/:id/access-log',
  volunteerForHelpRequest: 'POST /help-requests/:id/volunteer',
  previewHelpRequest: 'POST /help-requests/preview',
  listReviewQueue: 'GET /review-queue',
  approveHelpRequest: 'POST /help-requests/:id/approve',
  returnHelpRequest: 'POST /help-requests/:id/return',
  rejectHelpRequest: 'POST /help-requests/:id/reject',
  listCandidates: 'GET /help-requests/:id/candidates',
  sendWave: 'POST /help-requests/:id/waves',
  offerToHelper: 'POST /help-requests/:id/offers',
  takeOverHelpRequest: 'POST /help-requests/:id/take-over',
  giveUpHelpRequest: 'POST /help-requests/:id/give-up',
  revealForStaff: 'POST /help-requests/:id/reveal',
  listDeliveries: 'GET /deliveries',
  listMyMatches: 'GET /matches',
  readMatch: 'GET /matches/:id',
  markMatchSeen: 'POST /matches/:id/seen',
  acceptMatch: 'POST /matches/:id/accept',
  declineMatch: 'POST /matches/:id/decline',
  listMyAssignments: 'GET /assignments',
  readAssignment: 'GET /assignments/:id',
  revealContact: 'POST /assignments/:id/reveal',
  checkInAssignment: 'POST /assignments/:id/check-in',
  completeAssignment: 'POST /assignments/:id/complete',
  withdrawAssignment: 'POST /assignments/:id/withdraw',
  reportNoShow: 'POST /assignments/:id/no-show',
  listNotifications: 'GET /notifications',
  acknowledgeNotifications: 'POST /notifications/acknowledge',
  readDemo: 'GET /demo',
  signInDemo: 'POST /demo/session',
  setDemoLoop: 'PUT /demo/loop',
} as const;

export type Operation = keyof typeof OPERATIONS;

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
