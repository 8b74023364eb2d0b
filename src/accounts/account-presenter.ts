import { hasSecondFactor } from '../http/gate.ts';
import type { AccountListItem, MyAccountView, PublicPlaceView, SessionView } from '../shared/api-types.ts';
import { LIMITS } from '../shared/limits.ts';
import type { AccountRecord } from './account-model.ts';
import type { HelperSummary } from './account-types.ts';

/** What the signed-in person's client starts with. `cursor`: the greatest notification number they have acknowledged. */
export function presentSession(
  account: AccountRecord,
  session: { readonly factors: readonly string[]; readonly authenticatedAt: Date | null },
  { cursor, now }: { readonly cursor: number; readonly now: Date },
): SessionView {
  const isStaff = account.roles.includes('staff') || account.roles.includes('administrator');
  const isMissing = isStaff && !hasSecondFactor(session.factors);
  return {
    account: {
      id: account._id,
      displayName: account.displayName,
      roles: [...account.roles],
      status: account.status,
      language: account.language,
      mode: account.mode,
      trustTier: account.trustTier,
      decisionNote: account.decision?.note ?? null,
    },
    factors: session.factors as SessionView['factors'],
    needsTotp: isMissing ? (account.secondFactor?.confirmedAt == null ? 'enrol' : 'verify') : null,
    recentUntil: recentUntil(session, now),
    cursor,
  };
}

/** A demo session is always recent: its visitor has no passphrase to confirm. */
function recentUntil(
  session: { readonly factors: readonly string[]; readonly authenticatedAt: Date | null },
  now: Date,
): string | null {
  const from = session.factors.includes('demo') ? now : session.authenticatedAt;
  if (from === null) return null;
  const until = from.getTime() + LIMITS.recentSessionMs;
  return until > now.getTime() ? new Date(until).toISOString() : null;
}

/** A person's own page, private fields in clear: the one view that holds them. */
export function presentMyAccount(
  account: AccountRecord,
  own: { readonly phone: string; readonly door: string; readonly contactName: string },
  place: PublicPlaceView,
): MyAccountView {
  return {
    id: account._id,
    signInName: account.signInName ?? '',
    displayName: account.displayName,
    language: account.language,
    mode: account.mode,
    roles: [...account.roles],
    status: account.status,
    publicPlace: place,
    phone: own.phone === '' ? null : own.phone,
    door: own.door === '' ? null : own.door,
    contactName: own.contactName === '' ? null : own.contactName,
    buildingId: account.buildingId,
    version: account.version,
  };
}

/** A row of the staff's list of people. No sign-in name, no phone, no door. */
export function presentListItem(
  account: AccountRecord,
  place: PublicPlaceView,
  helper: HelperSummary | undefined,
): AccountListItem {
  return {
    id: account._id,
    displayName: account.displayName,
    roles: [...account.roles],
    status: account.status,
    place,
    createdAt: account.createdAt.toISOString(),
    asksToVolunteer: helper?.status === 'waiting',
    hasPhoneOnly: account.passphraseHash === null,
    skills: (helper?.skills ?? []).map(({ skillId, level, verified }) => ({ skillId, level, verified })),
    trustTier: account.trustTier,
    decisionNote: account.decision?.note ?? null,
  };
}
