import type { Connection } from 'mongoose';
import type { CommandKey } from '../actor.ts';
import type { OutboxEvent } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import { LIMITS } from '../shared/limits.ts';
import type { AccountStatus, Role } from '../shared/vocabulary.ts';
import { isDuplicate, openCommunityCollection } from '../storage/community-collection.ts';
import { accountSchema, type AccountRecord } from './account-model.ts';

export type AccountChangeSet = Partial<
  Omit<AccountRecord, '_id' | 'communityId' | 'version' | 'outbox' | 'commands'>
>;

/** A conditional write on one account. */
export interface AccountMove {
  /** Met by the account as it must be now; e.g. `{ status: 'waiting' }` or `{ version: 3 }`. */
  readonly when: Partial<AccountRecord>;
  readonly set?: AccountChangeSet;
  /** Ends all sessions of the account. */
  readonly endsSessions?: boolean;
  readonly events?: readonly OutboxEvent[];
  readonly command?: { readonly key: CommandKey; readonly actorId: string } | undefined;
}

export type MoveOutcome =
  | { readonly kind: 'moved' | 'repeated'; readonly account: AccountRecord }
  | { readonly kind: 'refused'; readonly present: AccountRecord | null };

export interface AccountList {
  readonly status?: AccountStatus | undefined;
  readonly role?: Role | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly phoneOnly?: boolean | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface AccountStore {
  /** By id alone, for sessions, which carry the community beside it. */
  readAnywhere(accountId: string): Promise<AccountRecord | null>;
  read(communityId: string, accountId: string): Promise<AccountRecord | null>;
  readMany(communityId: string, accountIds: readonly string[]): Promise<AccountRecord[]>;
  bySignInKey(communityId: string, key: string): Promise<AccountRecord | null>;
  byPhoneKey(communityId: string, key: string): Promise<AccountRecord | null>;
  byCreationKey(communityId: string, key: string): Promise<AccountRecord | null>;
  /** False when a unique key was taken. */
  insert(account: AccountRecord): Promise<boolean>;
  /** One conditional write; a command that was done before answers `repeated` with the present account. */
  move(communityId: string, accountId: string, move: AccountMove): Promise<MoveOutcome>;
  /** Writes without a version: what is not a decision (devices, the last code used). False: `when` was not met. */
  note(communityId: string, accountId: string, when: object, change: object): Promise<boolean>;
  /** In the order of ids, oldest first. */
  list(communityId: string, list: AccountList): Promise<AccountRecord[]>;
  idsOfRole(communityId: string, roles: readonly Role[]): Promise<string[]>;
  pendingOutboxes(limit: number): Promise<AccountRecord[]>;
  clearOutbox(accountId: string, eventIds: readonly string[]): Promise<void>;
}

export function createAccountStore(connection: Connection): AccountStore {
  const accounts = openCommunityCollection<AccountRecord>(connection, 'accounts', accountSchema);
  const readAnywhere = async (accountId: string): Promise<AccountRecord | null> =>
    (await accounts.findAcross({ _id: accountId }, { limit: 1 }))[0] ?? null;

  return {
    readAnywhere,
    read: async (communityId, accountId) => await accounts.findById(communityId, accountId),
    readMany: async (communityId, accountIds) =>
      await accounts.find(communityId, { _id: { $in: [...accountIds] } }),
    bySignInKey: async (communityId, key) => await accounts.findOne(communityId, { signInKey: key }),
    byPhoneKey: async (communityId, key) => await accounts.findOne(communityId, { phoneKey: key }),
    byCreationKey: async (communityId, key) => await accounts.findOne(communityId, { creationKey: key }),
    async insert(account) {
      try {
        await accounts.insert(account);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
    async move(communityId, accountId, move) {
      const { command } = move;
      const unseen = command === undefined ? {} : { 'commands.key': { $ne: command.key.key } };
      const changed = await accounts.change(
        communityId,
        { ...move.when, _id: accountId, ...unseen },
        changeOf(move),
      );
      if (changed !== null) return { kind: 'moved', account: changed };
      const present = await accounts.findById(communityId, accountId);
      return repeated(present, command) ?? { kind: 'refused', present };
    },
    async note(communityId, accountId, when, change) {
      return (await accounts.change(communityId, { ...when, _id: accountId }, change)) !== null;
    },
    async list(communityId, { status, role, ids, phoneOnly, after, limit }) {
      const idFilter = {
        ...(after === undefined ? {} : { $gt: after }),
        ...(ids === undefined ? {} : { $in: [...ids] }),
      };
      return await accounts.find(
        communityId,
        {
          ...(status === undefined ? {} : { status }),
          ...(role === undefined ? {} : { roles: role }),
          ...(phoneOnly === undefined ? {} : { passphraseHash: phoneOnly ? null : { $ne: null } }),
          ...(Object.keys(idFilter).length === 0 ? {} : { _id: idFilter }),
        },
        { sort: { _id: 1 }, limit },
      );
    },
    async idsOfRole(communityId, roles) {
      const found = await accounts.find(
        communityId,
        { roles: { $in: [...roles] }, status: 'active' },
        { sort: { _id: 1 }, projection: { _id: 1 } },
      );
      return found.map(({ _id }) => _id);
    },
    pendingOutboxes: async (limit) =>
      await accounts.findAcross({ outboxAt: { $gt: new Date(0) } }, { sort: { outboxAt: 1 }, limit }),
    async clearOutbox(accountId, eventIds) {
      const account = await readAnywhere(accountId);
      if (account === null) return;
      const { communityId } = account;
      await accounts.change(
        communityId,
        { _id: accountId },
        { $pull: { outbox: { id: { $in: [...eventIds] } } } },
      );
      await accounts.change(
        communityId,
        { _id: accountId, 'outbox.0': { $exists: false } },
        { $set: { outboxAt: null } },
      );
    },
  };
}

function changeOf({ set, endsSessions, events, command }: AccountMove): object {
  const at = events?.at(-1)?.at;
  const stored =
    command === undefined
      ? []
      : [{ key: command.key.key, actor: command.actorId, bodyHash: command.key.bodyHash }];
  const pushes = {
    ...(events === undefined || events.length === 0 ? {} : { outbox: { $each: [...events] } }),
    ...(stored.length === 0 ? {} : { commands: { $each: stored, $slice: -LIMITS.commandsKept } }),
  };
  const sets = { ...set, ...(at === undefined ? {} : { outboxAt: at }) };
  return {
    ...(Object.keys(sets).length === 0 ? {} : { $set: sets }),
    $inc: { version: 1, ...(endsSessions === true ? { sessionEpoch: 1 } : {}) },
    ...(Object.keys(pushes).length === 0 ? {} : { $push: pushes }),
  };
}

/**
 * What a command that was done before answers: `repeated` with the present account; undefined when it is new. Throws
 * `idempotency-key-reused` when the key came with another body.
 */
export function repeated(
  present: AccountRecord | null,
  command: AccountMove['command'],
): MoveOutcome | undefined {
  if (present === null || command === undefined) return undefined;
  const before = present.commands.find(
    ({ key, actor }) => key === command.key.key && actor === command.actorId,
  );
  if (before === undefined) return undefined;
  if (before.bodyHash !== command.key.bodyHash) {
    throw new AppError('idempotency-key-reused', 'This key was used with another body: take a new one.');
  }
  return { kind: 'repeated', account: present };
}
