/**
 * The authorisation table: every operation, who may call it, and what the session must have shown.
 * Relations to a request (author, proxy, asked_helper, accepted_helper) are checked by the feature's policy
 * on the loaded record, with the states in which the command exists; the gate checks role and `needs`.
 * What a person may not see answers 404, what they may see but not do 403, what the state forbids 409.
 */
export type Relation =
  | 'anyone'
  | 'member'
  | 'author'
  | 'proxy'
  | 'asked_helper'
  | 'accepted_helper'
  | 'volunteer'
  | 'staff'
  | 'administrator'
  | 'self';
export type Needs = 'none' | 'session' | 'recent' | 'two-factor';

export interface AccessRow {
  readonly relations: readonly Relation[];
  readonly needs: Needs;
  /** Request or assignment states in which it acts; elsewhere 409. Absent: not bound to a state. */
  readonly states?: readonly string[];
  /** Suspended people keep these. */
  readonly whileSuspended?: true;
  /** People whose account still waits for approval may call it. */
  readonly whileWaiting?: true;
}

const row = (
  relations: readonly Relation[],
  needs: Needs,
  more: Omit<AccessRow, 'relations' | 'needs'> = {},
): AccessRow => ({
  relations,
  needs,
  ...more,
});
const own = { whileSuspended: true, whileWaiting: true } as const;

export const ACCESS_TABLE = {
  // session and account
  createSession: row(['anyone'], 'none', own),
  readSession: row(['anyone'], 'none', own),
  deleteSession: row(['anyone'], 'none', own),
  confirmSession: row(['self'], 'session', own),
  enrolTotp: row(['self'], 'session', own),
  verifyTotp: row(['self'], 'session', own),
  registerAccount: row(['anyone'], 'none'),
  suggestPassphrase: row(['anyone'], 'none', own),
  readMyAccount: row(['self'], 'session', own),
  updateMyAccount: row(['self'], 'recent', { whileWaiting: true }),
  updateMySettings: row(['self'], 'session', own),
  changePassphrase: row(['self'], 'recent', own),
  createInvitation: row(['staff', 'administrator'], 'two-factor'),
  listAccounts: row(['staff', 'administrator'], 'two-factor'),
  approveAccount: row(['staff', 'administrator'], 'two-factor'),
  refuseAccount: row(['staff', 'administrator'], 'two-factor'),
  suspendAccount: row(['staff', 'administrator'], 'two-factor'),
  restoreAccount: row(['staff', 'administrator'], 'two-factor'),
  changeRoles: row(['administrator'], 'two-factor'),
  // community
  readCommunity: row(['anyone'], 'none', own),
  readSetup: row(['anyone'], 'none'),
  runSetup: row(['anyone'], 'none'),
  readCommunitySettings: row(['administrator'], 'two-factor'),
  updateCommunity: row(['administrator'], 'two-factor'),
  replaceBuildings: row(['administrator'], 'two-factor'),
  // helper profile
  readHelperProfile: row(['self'], 'session', own),
  updateHelperProfile: row(['self'], 'session'),
  setDuty: row(['volunteer'], 'session'),
  // help requests
  createHelpRequest: row(['member'], 'session'),
  updateHelpRequest: row(['author', 'proxy'], 'session', { states: ['draft', 'returned'] }),
  submitHelpRequest: row(['author', 'proxy'], 'session', { states: ['draft'] }),
  resubmitHelpRequest: row(['author', 'proxy'], 'session', { states: ['returned'] }),
  listHelpRequests: row(['member'], 'session', { whileSuspended: true }),
  readHelpRequest: row(['member'], 'session', { whileSuspended: true }),
  cancelHelpRequest: row(['author', 'proxy', 'staff'], 'session', {
    states: ['draft', 'pending_review', 'returned', 'open', 'matching', 'assigned', 'in_progress', 'unmet'],
  }),
  confirmHelpRequest: row(['author', 'proxy'], 'session', { states: ['awaiting_confirmation'] }),
  disputeHelpRequest: row(['author', 'proxy'], 'session', { states: ['awaiting_confirmation', 'completed'] }),
  settleDispute: row(['staff'], 'two-factor', { states: ['disputed'] }),
  thankHelper: row(['author', 'proxy'], 'session', { states: ['completed'] }),
  reopenHelpRequest: row(['author', 'proxy', 'staff'], 'session', {
    states: ['cancelled', 'expired', 'unmet', 'rejected'],
  }),
  listTimeline: row(['author', 'proxy', 'accepted_helper', 'staff'], 'session', { whileSuspended: true }),
  listAccessLog: row(['author', 'proxy', 'staff'], 'session', { whileSuspended: true }),
  volunteerForHelpRequest: row(['volunteer'], 'session', { states: ['open', 'matching', 'in_progress'] }),
  previewHelpRequest: row(['member'], 'session'),
  // staff desk
  listReviewQueue: row(['staff'], 'two-factor'),
  approveHelpRequest: row(['staff'], 'two-factor', {
    states: ['pending_review', 'open', 'matching', 'assigned', 'in_progress'],
  }),
  returnHelpRequest: row(['staff'], 'two-factor', { states: ['pending_review'] }),
  rejectHelpRequest: row(['staff'], 'two-factor', { states: ['pending_review'] }),
  listCandidates: row(['staff'], 'two-factor'),
  sendWave: row(['staff'], 'two-factor', { states: ['open', 'matching', 'in_progress'] }),
  offerToHelper: row(['staff'], 'two-factor', { states: ['open', 'matching', 'in_progress'] }),
  takeOverHelpRequest: row(['staff'], 'two-factor'),
  giveUpHelpRequest: row(['staff'], 'two-factor', { states: ['open', 'matching'] }),
  revealForStaff: row(['staff'], 'two-factor'),
  listDeliveries: row(['staff'], 'two-factor'),
  recordCall: row(['staff'], 'two-factor'),
  // matches and assignments
  listMyMatches: row(['volunteer'], 'session'),
  readMatch: row(['asked_helper'], 'session'),
  markMatchSeen: row(['asked_helper'], 'session'),
  acceptMatch: row(['asked_helper'], 'session'),
  declineMatch: row(['asked_helper'], 'session'),
  listMyAssignments: row(['volunteer'], 'session', { whileSuspended: true }),
  readAssignment: row(['accepted_helper', 'staff'], 'session', { whileSuspended: true }),
  revealContact: row(['accepted_helper'], 'recent', { states: ['confirmed', 'checked_in', 'done'] }),
  checkInAssignment: row(['accepted_helper'], 'session', { states: ['confirmed'] }),
  completeAssignment: row(['accepted_helper'], 'session', { states: ['checked_in'] }),
  withdrawAssignment: row(['accepted_helper'], 'session', { states: ['confirmed', 'checked_in'] }),
  reportNoShow: row(['author', 'proxy', 'staff'], 'session', { states: ['confirmed'] }),
  // notifications
  listNotifications: row(['self'], 'session', own),
  acknowledgeNotifications: row(['self'], 'session', own),
  // the service itself
  readOpenApi: row(['anyone'], 'none', own),
  readProblemType: row(['anyone'], 'none', own),
  reportClientError: row(['anyone'], 'none', own),
  // demo mode only: the routes do not exist otherwise
  readDemo: row(['anyone'], 'none', own),
  signInDemo: row(['anyone'], 'none', own),
  setDemoLoop: row(['anyone'], 'none', own),
} as const satisfies Record<string, AccessRow>;

export type OperationId = keyof typeof ACCESS_TABLE;
