import { randomBytes } from 'node:crypto';
import type { Actor, Clock, CommandKey, NewId } from '../actor.ts';
import type { Notice, OutboxEvent, RelayKick } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import type { Vault } from '../privacy/vault.ts';
import type { AccountStatus, RiskTier, Role } from '../shared/vocabulary.ts';
import type { AccountRecord } from './account-model.ts';
import type { AccountChanges } from './account-service.ts';
import { repeated, type AccountMove, type AccountStore } from './account-store.ts';
import type { AccountChange, HelperDesk } from './account-types.ts';
import { INVITATION_DAYS, invitationCodeOf, normaliseInvitation } from './invitation-code.ts';
import type { InvitationStore } from './invitation-store.ts';
import type { SignInService } from './sign-in-service.ts';

export interface MembershipServiceDeps {
  readonly accounts: AccountStore;
  readonly invitations: InvitationStore;
  readonly helpers: HelperDesk;
  readonly signIn: Pick<SignInService, 'resetThrottle'>;
  readonly vault: Pick<Vault, 'digest'>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly relay: RelayKick;
  readonly changes: AccountChanges;
  /** Ends the account's sessions and sockets of this process at once. */
  endSessions(accountId: string): void;
}

export interface ApprovalInput {
  /** Decide about the helper profile as well. */
  readonly volunteer?: boolean;
  readonly trustTier?: RiskTier;
  readonly verifiedSkillIds?: readonly string[];
}

export interface AccountPage {
  readonly accounts: readonly AccountRecord[];
  readonly nextCursor: string | null;
}

/** What staff decide about people. Nobody decides about themselves; only administrators about administrators. */
export interface MembershipService {
  list(
    actor: Actor,
    query: {
      readonly status?: AccountStatus;
      readonly role?: Role;
      readonly asksToVolunteer?: boolean;
      /** Those whom the centre wrote down, or those with a sign-in. */
      readonly phoneOnly?: boolean;
      readonly cursor?: string;
      readonly limit: number;
    },
  ): Promise<AccountPage>;
  /** waiting → active, and what the centre has checked about the helper; for an active person only the latter. */
  approve(
    actor: Actor,
    accountId: string,
    input: ApprovalInput,
    command?: CommandKey,
  ): Promise<AccountRecord>;
  /** waiting → refused; the reason is kept for the desk. */
  refuse(actor: Actor, accountId: string, note: string, command?: CommandKey): Promise<AccountRecord>;
  /** active → suspended; every session of the person ends. The person and the desk read the reason. */
  suspend(actor: Actor, accountId: string, note: string, command?: CommandKey): Promise<AccountRecord>;
  /** suspended or refused → active; for an active person it lifts the block on wrong tries. Forgets the reason. */
  restore(actor: Actor, accountId: string, note: string, command?: CommandKey): Promise<AccountRecord>;
  /** The roles as given, always with `resident`; the last administrator cannot be taken away. */
  changeRoles(
    actor: Actor,
    accountId: string,
    roles: readonly Role[],
    command?: CommandKey,
  ): Promise<AccountRecord>;
  /** A code for one sign-up within seven days; shown now and never again. The same command gives the same code. */
  invite(actor: Actor, command?: CommandKey): Promise<{ readonly code: string; readonly expiresAt: Date }>;
}

export function createMembershipService(deps: MembershipServiceDeps): MembershipService {
  const { accounts, invitations, helpers, vault, clock, newId, relay, changes } = deps;

  async function target(actor: Actor, accountId: string): Promise<AccountRecord> {
    const account = await accounts.read(actor.communityId, accountId);
    if (account === null) throw new AppError('not-found', 'There is no such person.');
    if (account._id === actor.accountId)
      throw new AppError('party-may-not-decide', 'Somebody else decides about you.');
    if (account.roles.includes('administrator') && !actor.roles.includes('administrator')) {
      throw new AppError('not-allowed', 'Only an administrator decides about an administrator.');
    }
    return account;
  }

  async function move(
    actor: Actor,
    account: AccountRecord,
    plan: AccountMove,
    change: AccountChange['change'],
  ): Promise<AccountRecord> {
    const outcome = await accounts.move(actor.communityId, account._id, plan);
    if (outcome.kind === 'refused') throw stateChanged(outcome.present);
    if (plan.events !== undefined) relay.kick('accounts', account._id);
    if (plan.endsSessions === true) deps.endSessions(account._id);
    if (outcome.kind === 'moved')
      changes.tell({ communityId: actor.communityId, accountId: account._id, change });
    return outcome.account;
  }

  const decisionOf = (actor: Actor, note: string): NonNullable<AccountRecord['decision']> | null =>
    note === '' ? null : { note, by: actor.accountId, at: clock.now() };
  const byActor = (actor: Actor, key: CommandKey | undefined): AccountMove['command'] =>
    key === undefined ? undefined : { key, actorId: actor.accountId };

  async function decideAboutHelper(
    actor: Actor,
    accountId: string,
    input: ApprovalInput,
  ): Promise<AccountRecord> {
    if (input.volunteer !== undefined) {
      await helpers.decide(actor, accountId, {
        approve: input.volunteer,
        trustTier: input.trustTier ?? 0,
        verifiedSkillIds: input.verifiedSkillIds ?? [],
      });
    }
    const account = await accounts.read(actor.communityId, accountId);
    if (account === null) throw new AppError('not-found', 'There is no such person.');
    return account;
  }

  return {
    async list(actor, { status, role, asksToVolunteer, phoneOnly, cursor, limit }) {
      const ids = asksToVolunteer === true ? await helpers.waitingIds(actor.communityId) : undefined;
      const found = await accounts.list(actor.communityId, {
        status,
        role,
        ids,
        phoneOnly,
        after: cursor,
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      return { accounts: page, nextCursor: found.length > limit ? (page.at(-1)?._id ?? null) : null };
    },
    async approve(actor, accountId, input, command) {
      const account = await target(actor, accountId);
      const isWaiting = account.status === 'waiting';
      const isRepeated = repeated(account, byActor(actor, command)) !== undefined;
      if (!isWaiting && !isRepeated && (account.status !== 'active' || input.volunteer === undefined)) {
        throw stateChanged(account);
      }
      if (isWaiting) {
        const events = [approvedEvent(newId(), clock.now(), account._id)];
        await move(
          actor,
          account,
          {
            when: { status: 'waiting' },
            set: {
              status: 'active',
              decision: null,
              ...(input.trustTier === undefined ? {} : { trustTier: input.trustTier }),
            },
            events,
            command: byActor(actor, command),
          },
          'status',
        );
      }
      return await decideAboutHelper(actor, accountId, input);
    },
    async refuse(actor, accountId, note, command) {
      const account = await target(actor, accountId);
      return await move(
        actor,
        account,
        {
          when: { status: 'waiting' },
          set: { status: 'refused', decision: decisionOf(actor, note) },
          endsSessions: true,
          command: byActor(actor, command),
        },
        'status',
      );
    },
    async suspend(actor, accountId, note, command) {
      const account = await target(actor, accountId);
      return await move(
        actor,
        account,
        {
          when: { status: 'active' },
          set: { status: 'suspended', decision: decisionOf(actor, note) },
          endsSessions: true,
          command: byActor(actor, command),
        },
        'status',
      );
    },
    async restore(actor, accountId, _note, command) {
      const account = await target(actor, accountId);
      await deps.signIn.resetThrottle(account);
      if (account.status === 'active') return account;
      if (account.status === 'waiting') throw stateChanged(account);
      return await move(
        actor,
        account,
        {
          when: { status: account.status },
          set: { status: 'active', decision: null },
          command: byActor(actor, command),
        },
        'status',
      );
    },
    async changeRoles(actor, accountId, roles, command) {
      const account = await target(actor, accountId);
      const next = [...new Set<Role>(['resident', ...roles])];
      return await move(
        actor,
        account,
        {
          when: {},
          set: { roles: next },
          endsSessions: true,
          command: byActor(actor, command),
        },
        'roles',
      );
    },
    async invite(actor, command) {
      const seed =
        command === undefined
          ? randomBytes(32)
          : Buffer.from(vault.digest('invitation-code', `${actor.accountId}/${command.key}`));
      const code = invitationCodeOf(seed);
      const codeDigest = vault.digest('invitation', normaliseInvitation(code));
      const createdAt = clock.now();
      const expiresAt = new Date(createdAt.getTime() + INVITATION_DAYS * 24 * 60 * 60_000);
      await invitations.insertMissing({
        _id: newId(),
        communityId: actor.communityId,
        codeDigest,
        createdBy: actor.accountId,
        createdAt,
        expiresAt,
        usedBy: null,
      });
      const stored = await invitations.byDigest(actor.communityId, codeDigest);
      return { code, expiresAt: stored?.expiresAt ?? expiresAt };
    },
  };
}

function stateChanged(present: AccountRecord | null): AppError {
  const status = present?.status ?? 'gone';
  return new AppError('state-changed', `This cannot be done now: the account is ${status}.`, {
    present: { status },
  });
}

function approvedEvent(id: string, at: Date, accountId: string): OutboxEvent {
  const notice: Notice = { to: { accountIds: [accountId] }, kind: 'account_approved', link: '/', params: {} };
  return { id, type: 'account_approved', at, notices: [notice], follow: {} };
}
