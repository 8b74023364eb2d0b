import type { Actor } from '../actor.ts';
import type { OutboxDocument, OutboxSource } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import { actingRoles } from '../http/gate.ts';
import type { SessionAccounts } from '../http/session-types.ts';
import type { Logger } from '../logger.ts';
import type { SealedField } from '../privacy/sealed-field.ts';
import type { Vault } from '../privacy/vault.ts';
import type { VisitDetails } from '../shared/api-types.ts';
import type { AccountRecord } from './account-model.ts';
import type { AccountStore } from './account-store.ts';
import type { AccountChange, AccountService, Person } from './account-types.ts';

export interface AccountServiceDeps {
  readonly accounts: AccountStore;
  readonly vault: Vault;
  readonly logger: Logger;
  readonly changes: AccountChanges;
}

/** Tells this process that an account changed; shared by the services of this folder. */
export interface AccountChanges {
  tell(change: AccountChange): void;
  onChanged(listener: (change: AccountChange) => void): () => void;
}

export function createAccountChanges(logger: Logger): AccountChanges {
  const listeners = new Set<(change: AccountChange) => void>();
  return {
    tell(change) {
      for (const listener of listeners) {
        try {
          listener(change);
        } catch (error) {
          logger.error({ err: error, accountId: change.accountId }, 'a listener to account changes failed');
        }
      }
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const PEOPLE_MAX = 1_000;

/** The accounts as other features and the gate see them. */
export function createAccountService({
  accounts,
  vault,
  changes,
}: AccountServiceDeps): AccountService & SessionAccounts {
  async function known(accountId: string): Promise<AccountRecord> {
    const account = await accounts.readAnywhere(accountId);
    if (account === null) throw new AppError('not-found', 'There is no such person.');
    return account;
  }

  async function openVisit(account: AccountRecord): Promise<VisitDetails> {
    const open = async (field: 'door' | 'phone' | 'contactName'): Promise<string> =>
      await openField(vault, account, field);
    const [door, phone, contactName] = await Promise.all([open('door'), open('phone'), open('contactName')]);
    return { door, phone, contactName, notes: '' };
  }

  return {
    async actorOf(accountId, sessionId = 'service') {
      const account = await accounts.readAnywhere(accountId);
      return account === null ? null : toActor(account, account.roles, sessionId);
    },
    async sessionAccount({ communityId, accountId, key, factors }) {
      const account = await accounts.read(communityId, accountId);
      if (account === null) return null;
      const actor = toActor(account, actingRoles(account.roles, factors), key);
      return actor === null ? null : { actor, allRoles: account.roles, epoch: account.sessionEpoch };
    },
    epochOf: async (accountId) => (await known(accountId)).sessionEpoch,
    async person(communityId, accountId) {
      const account = await accounts.read(communityId, accountId);
      return account === null ? null : toPerson(account);
    },
    async people(communityId, ids) {
      const wanted = [...new Set(ids)].slice(0, PEOPLE_MAX);
      const found = wanted.length === 0 ? [] : await accounts.readMany(communityId, wanted);
      return new Map(found.map((account) => [account._id, toPerson(account)]));
    },
    staffIds: async (communityId) => await accounts.idsOfRole(communityId, ['staff', 'administrator']),
    leadIds: async (communityId) => await accounts.idsOfRole(communityId, ['administrator']),
    readVisit: async (accountId) => await openVisit(await known(accountId)),
    async personWithVisit(communityId, accountId) {
      const account = await accounts.read(communityId, accountId);
      return account === null
        ? null
        : { person: toPerson(account), openVisit: async () => await openVisit(account) };
    },
    trustTier: async (accountId) => (await known(accountId)).trustTier,
    async setTrustTier(communityId, accountId, tier) {
      const outcome = await accounts.move(communityId, accountId, { when: {}, set: { trustTier: tier } });
      if (outcome.kind === 'moved') changes.tell({ communityId, accountId, change: 'trust' });
    },
    async setVolunteer(communityId, accountId, isVolunteer) {
      const account = await accounts.read(communityId, accountId);
      if (account === null || account.roles.includes('volunteer') === isVolunteer) return;
      const others = account.roles.filter((role) => role !== 'volunteer');
      await accounts.move(communityId, accountId, {
        when: {},
        set: { roles: isVolunteer ? [...others, 'volunteer'] : others },
      });
      changes.tell({ communityId, accountId, change: 'roles' });
    },
    onChanged: (listener) => changes.onChanged(listener),
  };
}

/** One of the person's own private fields in clear; '' when none is kept. */
export async function openField(
  vault: Vault,
  account: AccountRecord,
  field: 'door' | 'phone' | 'contactName',
): Promise<string> {
  const sealed: SealedField | null = account[field];
  return sealed === null ? '' : await vault.open(account._id, fieldPlace(account._id, field), sealed);
}

export function fieldPlace(
  accountId: string,
  field: string,
): { collection: string; id: string; field: string } {
  return { collection: 'accounts', id: accountId, field };
}

/** The accounts' outbox, for the relay: nothing follows from it but notices. */
export function createAccountOutbox(accounts: AccountStore): OutboxSource {
  const toDocument = (account: AccountRecord): OutboxDocument => ({
    id: account._id,
    communityId: account.communityId,
    status: account.status,
    version: account.version,
    outbox: account.outbox,
  });
  return {
    name: 'accounts',
    pending: async (limit) => (await accounts.pendingOutboxes(limit)).map(toDocument),
    async read(documentId) {
      const account = await accounts.readAnywhere(documentId);
      return account === null ? undefined : toDocument(account);
    },
    follow: async () => {},
    clear: async ({ id }, eventIds) => {
      await accounts.clearOutbox(id, eventIds);
    },
    audience: () => ({ accountIds: [], staff: false, board: false }),
  };
}

function toActor(
  account: AccountRecord,
  roles: readonly Actor['roles'][number][],
  sessionId: string,
): Actor | null {
  const { status } = account;
  if (status === 'refused') return null;
  return {
    accountId: account._id,
    communityId: account.communityId,
    roles,
    language: account.language,
    displayName: account.displayName,
    status,
    trustTier: account.trustTier,
    sessionId,
  };
}

function toPerson(account: AccountRecord): Person {
  return {
    id: account._id,
    communityId: account.communityId,
    displayName: account.displayName,
    language: account.language,
    mode: account.mode,
    roles: account.roles,
    status: account.status,
    trustTier: account.trustTier,
    publicPlaceId: account.publicPlaceId,
    buildingId: account.buildingId,
    householdId: account.householdId,
    createdAt: account.createdAt,
    hasPhoneOnly: account.passphraseHash === null,
  };
}
