import { ACCESS_TABLE, type OperationId } from '../http/access-table.ts';
import { AppError } from '../errors.ts';
import type { HelpRequestView } from '../shared/api-types.ts';
import type { RequestStatus, Role } from '../shared/vocabulary.ts';
import { hasFreeSlot, offerTo, partiesOf, slotOf, takenOverAt } from './request-facts.ts';
import { after, TIMES } from './request-times.ts';
import { TRANSITIONS } from './request-transitions.ts';
import type { HelpRequestRecord, Slot } from './request-types.ts';

export type RequestRelation = HelpRequestView['relation'][number];

/** Who looks. `householdId` only matters to staff: nobody decides about the people they live with. */
export interface Reader {
  readonly accountId: string;
  readonly roles: readonly Role[];
  readonly status: 'waiting' | 'active' | 'suspended';
  readonly householdId?: string | null;
}

/** States in which a request stands on the board or stood there to its good end. */
const ON_BOARD: ReadonlySet<RequestStatus> = new Set([
  'open',
  'matching',
  'assigned',
  'in_progress',
  'awaiting_confirmation',
  'completed',
]);

/**
 * How somebody stands to a request, as of now. Staff who are party to it (they wrote it, it is for them, they
 * answer it, they live with the person) are not its staff. Empty: an outsider, for whom it does not exist.
 */
export function relationsOf(request: HelpRequestRecord, reader: Reader): readonly RequestRelation[] {
  const relations: RequestRelation[] = [];
  const { accountId } = reader;
  const isAuthor = request.authorId === accountId;
  const isBeneficiary = request.beneficiaryId === accountId;
  if (isAuthor) relations.push(isBeneficiary ? 'author' : 'proxy');
  else if (isBeneficiary) relations.push('beneficiary');
  if (reader.status !== 'suspended' && offerTo(request, accountId)?.state === 'open')
    relations.push('asked_helper');
  if (slotOf(request, accountId) !== undefined) relations.push('accepted_helper');
  const isOwn = relations.length > 0;
  if (reader.status === 'active') {
    if (isStaff(reader) && request.status !== 'draft' && !isParty(request, reader)) relations.push('staff');
    if (isOwn || relations.includes('staff') || isOnBoard(request)) relations.push('member');
  }
  return relations;
}

export function isStaff({ roles }: Pick<Reader, 'roles'>): boolean {
  return roles.includes('staff') || roles.includes('administrator');
}

/** Party: wrote it, is helped, is asked, helps or helped, or lives behind the same door. */
export function isParty(request: HelpRequestRecord, reader: Reader): boolean {
  if (partiesOf(request).has(reader.accountId)) return true;
  const household = reader.householdId ?? null;
  return household !== null && household === request.householdId;
}

function isOnBoard(request: HelpRequestRecord): boolean {
  return ON_BOARD.has(request.status) && request.visibility === 'shown';
}

/** Rules of single operations that relation and state alone do not say. */
const MORE: Partial<
  Record<
    OperationId,
    (request: HelpRequestRecord, relations: readonly RequestRelation[], now: Date) => boolean
  >
> = {
  approveHelpRequest: ({ isReviewed }) => !isReviewed,
  cancelHelpRequest: ({ slots }, relations) =>
    relations.includes('staff') || slots.every(({ status }) => status === 'confirmed'),
  disputeHelpRequest: ({ completedAt }, _, now) =>
    completedAt === null || now <= after(completedAt, TIMES.disputeUntil),
  thankHelper: ({ thanks, completedAt }, _, now) =>
    thanks === null && (completedAt === null || now <= after(completedAt, TIMES.thanksUntil)),
  reopenHelpRequest: ({ endedAt }, _, now) => endedAt === null || now <= after(endedAt, TIMES.reopenUntil),
  sendWave: (request) => hasFreeSlot(request),
  offerToHelper: (request) => hasFreeSlot(request),
  takeOverHelpRequest: (request) =>
    TRANSITIONS.take_over.from.includes(request.status) && takenOverAt(request) === null,
};

/** Operations on a request that a view tells its reader about. Volunteering stands in `canVolunteer`. */
const LISTED = [
  'updateHelpRequest',
  'submitHelpRequest',
  'resubmitHelpRequest',
  'cancelHelpRequest',
  'confirmHelpRequest',
  'disputeHelpRequest',
  'settleDispute',
  'thankHelper',
  'reopenHelpRequest',
  'listTimeline',
  'listAccessLog',
  'approveHelpRequest',
  'returnHelpRequest',
  'rejectHelpRequest',
  'listCandidates',
  'sendWave',
  'offerToHelper',
  'takeOverHelpRequest',
  'giveUpHelpRequest',
  'revealForStaff',
] as const satisfies readonly OperationId[];

/** What this reader may do with the request now, as operationIds. */
export function allowedOperations(
  request: HelpRequestRecord,
  relations: readonly RequestRelation[],
  now: Date,
): string[] {
  return LISTED.filter((operation) => {
    const states = ACCESS_TABLE[operation] as { readonly states?: readonly string[] };
    if (states.states !== undefined && !states.states.includes(request.status)) return false;
    return hasRelation(operation, relations) && (MORE[operation]?.(request, relations, now) ?? true);
  });
}

function hasRelation(operation: OperationId, relations: readonly RequestRelation[]): boolean {
  const wanted: readonly string[] = ACCESS_TABLE[operation].relations;
  return relations.some((relation) => wanted.includes(relation === 'beneficiary' ? 'author' : relation));
}

/**
 * Lets an operation pass or throws: `not-found` when the request does not exist for this reader,
 * `party-may-not-decide` for staff who are party to it, `not-allowed` for everybody else without the relation.
 * States are the transition table's part: they answer 409, never 403.
 */
export function requireRelation(
  operation: OperationId,
  request: HelpRequestRecord,
  reader: Reader,
): readonly RequestRelation[] {
  const relations = relationsOf(request, reader);
  const wanted: readonly string[] = ACCESS_TABLE[operation].relations;
  const isVolunteer = wanted.includes('volunteer') && reader.roles.includes('volunteer');
  if (hasRelation(operation, relations) || (isVolunteer && relations.includes('member'))) return relations;
  if (wanted.includes('staff') && isStaff(reader) && request.status !== 'draft' && isParty(request, reader)) {
    throw new AppError(
      'party-may-not-decide',
      'You are party to this request: another member of staff decides.',
    );
  }
  if (relations.length === 0) throw notFound();
  throw new AppError('not-allowed', 'Your relation to this request does not allow this.');
}

/** The answer for everything that does not exist, or not for this reader. */
export function notFound(): AppError {
  return new AppError('not-found', 'There is no such thing here.');
}

/** Whether the accepted helper may read door and phone now: until a day after done, and not a moment after leaving. */
export function canRevealTo(request: HelpRequestRecord, slot: Slot | undefined, now: Date): boolean {
  if (slot === undefined || slot.kind === 'backup') return false;
  if (request.status === 'cancelled') return false;
  return slot.doneAt === null || now < after(slot.doneAt, TIMES.revealAfterDone);
}
