import { randomBytes } from 'node:crypto';
import type { Actor, Clock, CommandKey, NewId } from '../actor.ts';
import type { CommunityService } from '../communities/community-types.ts';
import type { Notice, OutboxEvent, RelayKick } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import { normalisePhone } from '../privacy/phone.ts';
import type { SealedField } from '../privacy/sealed-field.ts';
import type { Vault } from '../privacy/vault.ts';
import type { AccountStatus, Language, Role } from '../shared/vocabulary.ts';
import type { AccountRecord } from './account-model.ts';
import { fieldPlace, type AccountChanges } from './account-service.ts';
import type { AccountStore } from './account-store.ts';
import type { InvitationStore } from './invitation-store.ts';
import { normaliseInvitation } from './invitation-code.ts';
import type { PassphraseHasher } from './passphrase-hash.ts';
import { normalisePassphrase } from './passphrase-rules.ts';
import {
  administratorErrors,
  badPhone,
  invalid,
  nameTaken,
  refuse,
  registrationErrors,
  type FirstAdministrator,
  type PhoneOnlyPerson,
  type Registration,
} from './registration-rules.ts';
import { householdOf } from './household.ts';
import { signInKeyOf } from './sign-in-name.ts';

export interface RegistrationServiceDeps {
  readonly accounts: AccountStore;
  readonly invitations: InvitationStore;
  readonly communities: Pick<CommunityService, 'publicPlaceOfBuilding'>;
  readonly vault: Vault;
  readonly hasher: PassphraseHasher;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly relay: RelayKick;
  readonly changes: AccountChanges;
}

export interface RegistrationService {
  /**
   * A new account: active with a valid invitation, else waiting for staff, who are told. Throws `invalid-input` for
   * every bad field at once, `name-taken` for a name in use. A phone in use is not told: the account is made and
   * marked for staff (P11). A repeated command with the same key meets its own account.
   */
  register(
    communityId: string,
    registration: Registration,
    command: CommandKey | undefined,
  ): Promise<AccountRecord>;
  /** By staff: an active account without a passphrase. */
  registerPhoneOnly(
    actor: Actor,
    person: PhoneOnlyPerson,
    command: CommandKey | undefined,
  ): Promise<AccountRecord>;
  /** Throws `invalid-input` unless a first administrator could be made of it; writes nothing. */
  checkAdministrator(administrator: FirstAdministrator): void;
  createAdministrator(communityId: string, administrator: FirstAdministrator): Promise<AccountRecord>;
  /** Demo only: an active account with these roles. */
  registerSample(communityId: string, sample: SampleAccount): Promise<AccountRecord>;
}

/** A made-up person of the demo. Null passphrase: nobody signs in by typing. */
export interface SampleAccount {
  readonly displayName: string;
  readonly signInName: string;
  readonly passphrase: string | null;
  readonly phone: string;
  readonly door: string;
  readonly language: Language;
  readonly mode: 'normal' | 'elder';
  readonly buildingId: string | null;
  readonly roles: readonly Role[];
}

interface Draft {
  readonly communityId: string;
  readonly displayName: string;
  readonly signInName: string | null;
  readonly phone: string | null;
  readonly passphrase: string | null;
  readonly language: Language;
  readonly mode: 'normal' | 'elder';
  readonly buildingId: string | null;
  readonly door: string | null;
  readonly roles: readonly Role[];
  readonly status: AccountStatus;
  readonly command: CommandKey | undefined;
}

export function createRegistrationService(deps: RegistrationServiceDeps): RegistrationService {
  const { accounts, invitations, vault, clock, newId, relay, changes } = deps;

  async function build(id: string, draft: Draft): Promise<AccountRecord> {
    const { communityId, buildingId, phone, door, passphrase } = draft;
    const seal = async (field: string, text: string | null): Promise<SealedField | null> =>
      text === null || text === '' ? null : await vault.seal(id, fieldPlace(id, field), text);
    const place = await deps.communities.publicPlaceOfBuilding(communityId, buildingId);
    const now = clock.now();
    return {
      _id: id,
      communityId,
      signInName: draft.signInName,
      signInKey: draft.signInName === null ? id : signInKeyOf(draft.signInName),
      phoneKey: (phone === null ? null : vault.phoneLookup(phone)) ?? id,
      displayName: draft.displayName,
      language: draft.language,
      mode: draft.mode,
      roles: [...draft.roles],
      status: draft.status,
      trustTier: 0,
      decision: null,
      passphraseHash: passphrase === null ? null : await deps.hasher.hash(normalisePassphrase(passphrase)),
      secondFactor: null,
      phone: await seal('phone', phone),
      door: await seal('door', door),
      contactName: null,
      buildingId,
      householdId: householdOf(vault, communityId, buildingId, door),
      publicPlaceId: place.id,
      sessionEpoch: 1,
      devices: [],
      hasPhoneClash: false,
      creationKey: draft.command === undefined ? id : `registerAccount/${draft.command.key}`,
      creationHash: draft.command?.bodyHash ?? '',
      commands: [],
      outbox: draft.status === 'waiting' ? [waitingEvent(newId(), now)] : [],
      outboxAt: draft.status === 'waiting' ? now : null,
      version: 1,
      createdAt: now,
    };
  }

  /** The stored account: the new one, or that of the same command before. */
  async function store(account: AccountRecord): Promise<AccountRecord> {
    if (await accounts.insert(account)) return account;
    const repeated = await accounts.byCreationKey(account.communityId, account.creationKey);
    if (repeated !== null) {
      if (repeated.creationHash === account.creationHash) return repeated;
      throw new AppError('idempotency-key-reused', 'This key was used with another body: take a new one.');
    }
    if ((await accounts.bySignInKey(account.communityId, account.signInKey)) !== null) throw nameTaken();
    const apart = { ...account, phoneKey: account._id, hasPhoneClash: true };
    if (await accounts.insert(apart)) return apart;
    throw nameTaken();
  }

  /** One hash of a passphrase nobody knows serves all sample people who are signed in by tap. */
  let unknownHash: Promise<string> | undefined;
  async function sampleHash({ passphrase, signInName }: SampleAccount): Promise<string | null> {
    if (passphrase !== null) return await deps.hasher.hash(normalisePassphrase(passphrase));
    if (signInName === null) return null;
    return await (unknownHash ??= deps.hasher.hash(randomBytes(24).toString('base64url')));
  }

  async function finish(account: AccountRecord): Promise<AccountRecord> {
    if (account.outbox.length > 0) relay.kick('accounts', account._id);
    changes.tell({ communityId: account.communityId, accountId: account._id, change: 'created' });
    return account;
  }

  async function withInvitation(draft: Draft, code: string): Promise<AccountRecord> {
    const digest = vault.digest('invitation', normaliseInvitation(code));
    const id = newId();
    const claimed = await invitations.claim(draft.communityId, digest, id, clock.now());
    if (claimed === null) {
      const before =
        draft.command === undefined
          ? null
          : await accounts.byCreationKey(draft.communityId, `registerAccount/${draft.command.key}`);
      if (before !== null && before.creationHash === draft.command?.bodyHash) return before;
      throw invalid([
        {
          pointer: '/invitationCode',
          code: 'invitation',
          detail:
            'This code is wrong, was used, or is older than a week. Ask the centre for another, or sign up without one.',
        },
      ]);
    }
    try {
      const account = await store(await build(id, { ...draft, status: 'active' }));
      if (account._id !== id) await invitations.release(draft.communityId, digest, id);
      return account;
    } catch (error) {
      await invitations.release(draft.communityId, digest, id);
      throw error;
    }
  }

  return {
    async register(communityId, registration, command) {
      refuse(registrationErrors(registration));
      const draft: Draft = {
        communityId,
        displayName: registration.displayName,
        signInName: registration.signInName ?? null,
        phone: registration.phone ?? null,
        passphrase: registration.passphrase,
        language: registration.language,
        mode: registration.mode ?? 'normal',
        buildingId: registration.buildingId ?? null,
        door: registration.door ?? null,
        roles: ['resident'],
        status: 'waiting',
        command,
      };
      if (registration.invitationCode !== undefined)
        return await finish(await withInvitation(draft, registration.invitationCode));
      return await finish(await store(await build(newId(), draft)));
    },
    async registerPhoneOnly(actor, person, command) {
      if (normalisePhone(person.phone) === null) refuse([badPhone()]);
      const draft: Draft = {
        communityId: actor.communityId,
        displayName: person.displayName,
        signInName: null,
        phone: person.phone,
        passphrase: null,
        language: person.language,
        mode: person.mode ?? 'normal',
        buildingId: person.buildingId ?? null,
        door: person.door ?? null,
        roles: ['resident'],
        status: 'active',
        command,
      };
      return await finish(await store(await build(newId(), draft)));
    },
    checkAdministrator(administrator) {
      refuse(administratorErrors(administrator));
    },
    async createAdministrator(communityId, administrator) {
      refuse(administratorErrors(administrator));
      const draft: Draft = {
        communityId,
        ...administrator,
        phone: null,
        mode: 'normal',
        buildingId: null,
        door: null,
        roles: ['resident', 'staff', 'administrator'],
        status: 'active',
        command: undefined,
      };
      return await finish(await store(await build(newId(), draft)));
    },
    async registerSample(communityId, account) {
      const draft: Draft = {
        ...account,
        communityId,
        passphrase: null,
        status: 'active',
        command: undefined,
      };
      const record = await build(newId(), draft);
      return await finish(await store({ ...record, passphraseHash: await sampleHash(account) }));
    },
  };
}

function waitingEvent(id: string, at: Date): OutboxEvent {
  const notice: Notice = {
    to: { role: 'staff' },
    kind: 'account_waiting',
    link: '/staff/people',
    params: {},
  };
  return { id, type: 'account_waiting', at, notices: [notice], follow: {} };
}
