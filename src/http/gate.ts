import { AppError } from '../errors.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Role } from '../shared/vocabulary.ts';
import type { AccessRow, Relation } from './access-table.ts';
import type { SignedInUser } from './session-types.ts';

/** Relations that a role alone decides; the others are decided on the loaded record, by the feature's policy. */
const ROLE_RELATIONS: Partial<Record<Relation, Role>> = {
  volunteer: 'volunteer',
  staff: 'staff',
  administrator: 'administrator',
};

/**
 * The first half of the authorisation table: session, second factor, standing of the account, role. Throws
 * `not-signed-in`, `not-allowed`, `second-factor-needed` or `recent-sign-in-needed`; what depends on a record is left
 * to the feature. Pure: `now` in milliseconds.
 */
export function requireAccess(row: AccessRow, user: SignedInUser | null, now: number): void {
  const account = user?.account ?? null;
  if (user === null || account === null) {
    if (row.needs === 'none' && row.relations.includes('anyone')) return;
    throw new AppError('not-signed-in', 'Sign in first.');
  }
  requireStanding(row, account.actor.status);
  if (row.needs === 'none') return;
  requireRole(row, account.allRoles, account.actor.roles);
  if (row.needs === 'recent' && !isRecent(user.content, now)) {
    throw new AppError('recent-sign-in-needed', 'Confirm your passphrase, then do this again.');
  }
  if (row.needs === 'two-factor' && !hasSecondFactor(user.content.factors)) {
    throw new AppError('second-factor-needed', 'Give the code of your second factor first.');
  }
}

/** Whether the passphrase or a code was shown within the last quarter of an hour. A demo session always counts. */
export function isRecent(
  session: { readonly authenticatedAt: number; readonly factors: readonly string[] },
  now: number,
): boolean {
  return session.factors.includes('demo') || now - session.authenticatedAt < LIMITS.recentSessionMs;
}

/** `demo` exists only where the server runs as a demo. */
export function hasSecondFactor(factors: readonly string[]): boolean {
  return factors.includes('totp') || factors.includes('demo');
}

/** Roles that act now: staff and administrators act as residents until the second factor was given. */
export function actingRoles(all: readonly Role[], factors: readonly string[]): readonly Role[] {
  if (hasSecondFactor(factors)) return all;
  return all.filter((role) => role !== 'staff' && role !== 'administrator');
}

function requireStanding(row: AccessRow, status: 'waiting' | 'active' | 'suspended'): void {
  if (status === 'waiting' && row.whileWaiting !== true) {
    throw new AppError('not-allowed', 'The centre has not approved your sign-up yet.');
  }
  if (status === 'suspended' && row.whileSuspended !== true) {
    throw new AppError('not-allowed', 'Your account is suspended. Call the centre.');
  }
}

function requireRole(row: AccessRow, all: readonly Role[], acting: readonly Role[]): void {
  const roles = row.relations.map((relation) => ROLE_RELATIONS[relation]);
  const isOpenToOthers = roles.includes(undefined);
  if (isOpenToOthers || roles.some((role) => role !== undefined && acting.includes(role))) return;
  if (roles.some((role) => role !== undefined && all.includes(role))) {
    throw new AppError('second-factor-needed', 'Give the code of your second factor first.');
  }
  throw new AppError('not-allowed', 'This is for others at the centre.');
}
