import type { Actor } from '../actor.ts';
import type { CommunityService } from '../communities/community-types.ts';
import { AppError, type FieldError } from '../errors.ts';
import { normalisePhone } from '../privacy/phone.ts';
import type { SealedField } from '../privacy/sealed-field.ts';
import type { Vault } from '../privacy/vault.ts';
import type { Language } from '../shared/vocabulary.ts';
import type { AccountRecord } from './account-model.ts';
import { fieldPlace, openField, type AccountChanges } from './account-service.ts';
import type { AccountChangeSet, AccountStore } from './account-store.ts';
import { householdOf } from './household.ts';
import type { PassphraseHasher } from './passphrase-hash.ts';
import { normalisePassphrase, passphraseErrors } from './passphrase-rules.ts';
import type { SignInService } from './sign-in-service.ts';

/** The fields a person keeps about themselves; null or '' takes a private field away. */
export interface OwnAccountInput {
  readonly displayName: string;
  readonly phone: string | null;
  readonly door: string | null;
  readonly contactName: string | null;
  readonly buildingId: string | null;
  readonly version: number;
}

export interface OwnAccountServiceDeps {
  readonly accounts: AccountStore;
  readonly communities: Pick<CommunityService, 'publicPlaceOfBuilding'>;
  readonly vault: Vault;
  readonly hasher: PassphraseHasher;
  readonly signIn: Pick<SignInService, 'confirm'>;
  readonly changes: AccountChanges;
  endSessions(accountId: string): void;
}

/** What a person reads and changes about themselves. */
export interface OwnAccountService {
  read(person: Pick<Actor, 'accountId' | 'communityId'>): Promise<AccountRecord>;
  /** The private fields in clear, for their owner. */
  readPrivate(account: AccountRecord): Promise<{ phone: string; door: string; contactName: string }>;
  /** Throws `version-changed` when it was changed elsewhere. A new building gives a new public place from now on. */
  update(actor: Actor, input: OwnAccountInput): Promise<AccountRecord>;
  changeSettings(
    actor: Actor,
    settings: { language?: Language; mode?: 'normal' | 'elder' },
  ): Promise<AccountRecord>;
  /** Ends every session; the caller signs this one in again. Throws `wrong-credentials`, `invalid-input`. */
  changePassphrase(
    actor: Actor,
    input: { readonly currentPassphrase: string; readonly newPassphrase: string },
    address: string,
  ): Promise<void>;
}

export function createOwnAccountService(deps: OwnAccountServiceDeps): OwnAccountService {
  const { accounts, vault, changes } = deps;

  async function read(actor: Pick<Actor, 'accountId' | 'communityId'>): Promise<AccountRecord> {
    const account = await accounts.read(actor.communityId, actor.accountId);
    if (account === null) throw new AppError('not-signed-in', 'Sign in first.');
    return account;
  }

  async function sealed(accountId: string, field: string, text: string | null): Promise<SealedField | null> {
    return text === null || text === ''
      ? null
      : await vault.seal(accountId, fieldPlace(accountId, field), text);
  }

  /** A phone that somebody else signs in with is kept for calls and does not sign in; nobody is told (P11). */
  async function phoneChange(account: AccountRecord, phone: string | null): Promise<AccountChangeSet> {
    const key = phone === null || phone === '' ? null : vault.phoneLookup(phone);
    if (key === null) return { phone: await sealed(account._id, 'phone', phone), phoneKey: account._id };
    const owner = await accounts.byPhoneKey(account.communityId, key);
    const isClash = owner !== null && owner._id !== account._id;
    return {
      phone: await sealed(account._id, 'phone', phone),
      phoneKey: isClash ? account._id : key,
      hasPhoneClash: isClash,
    };
  }

  return {
    read,
    async readPrivate(account) {
      const [phone, door, contactName] = await Promise.all([
        openField(vault, account, 'phone'),
        openField(vault, account, 'door'),
        openField(vault, account, 'contactName'),
      ]);
      return { phone, door, contactName };
    },
    async update(actor, input) {
      const account = await read(actor);
      refuse(inputErrors(account, input));
      const place = await deps.communities.publicPlaceOfBuilding(actor.communityId, input.buildingId);
      const outcome = await accounts.move(actor.communityId, actor.accountId, {
        when: { version: input.version },
        set: {
          displayName: input.displayName,
          ...(await phoneChange(account, input.phone)),
          door: await sealed(account._id, 'door', input.door),
          contactName: await sealed(account._id, 'contactName', input.contactName),
          buildingId: input.buildingId,
          householdId: householdOf(vault, actor.communityId, input.buildingId, input.door),
          ...(input.buildingId === account.buildingId ? {} : { publicPlaceId: place.id }),
        },
      });
      if (outcome.kind === 'refused') {
        throw new AppError('version-changed', 'It was changed elsewhere meanwhile: look at it again.', {
          present: { version: outcome.present?.version ?? 0 },
        });
      }
      changes.tell({ communityId: actor.communityId, accountId: actor.accountId, change: 'place' });
      return outcome.account;
    },
    async changeSettings(actor, settings) {
      const set = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      const outcome = await accounts.move(actor.communityId, actor.accountId, { when: {}, set });
      if (outcome.kind === 'refused') throw new AppError('not-signed-in', 'Sign in first.');
      changes.tell({ communityId: actor.communityId, accountId: actor.accountId, change: 'profile' });
      return outcome.account;
    },
    async changePassphrase(actor, { currentPassphrase, newPassphrase }, address) {
      const account = await read(actor);
      refuse([
        ...passphraseErrors(
          newPassphrase,
          { signInName: account.signInName, displayName: account.displayName },
          '/newPassphrase',
        ),
        ...sameErrors(currentPassphrase, newPassphrase),
      ]);
      await deps.signIn.confirm(actor, currentPassphrase, address);
      const passphraseHash = await deps.hasher.hash(normalisePassphrase(newPassphrase));
      await accounts.move(actor.communityId, actor.accountId, {
        when: {},
        set: { passphraseHash },
        endsSessions: true,
      });
      deps.endSessions(actor.accountId);
    },
  };
}

function inputErrors(account: AccountRecord, { phone }: OwnAccountInput): readonly FieldError[] {
  const isGone = phone === null || phone === '';
  if (isGone && account.signInName === null) {
    return [
      {
        pointer: '/phone',
        code: 'missing',
        detail: 'You sign in with your phone number: it cannot be left out.',
      },
    ];
  }
  if (isGone || normalisePhone(phone) !== null) return [];
  return [
    { pointer: '/phone', code: 'phone', detail: 'Give a phone number, with its area code or country code.' },
  ];
}

function sameErrors(current: string, next: string): FieldError[] {
  if (normalisePassphrase(current) !== normalisePassphrase(next)) return [];
  return [{ pointer: '/newPassphrase', code: 'same', detail: 'Choose another one than before.' }];
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0)
    throw new AppError('invalid-input', 'Look at the fields listed and send again.', { errors });
}
