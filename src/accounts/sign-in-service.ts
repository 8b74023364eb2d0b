import { generateSecret, generateURI, verify as verifyCode } from 'otplib';
import { randomBytes } from 'node:crypto';
import type { Actor, Clock } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { SignInAttempt, VerifiedSignIn } from '../http/session-types.ts';
import { addressKey } from '../http/rate-limits.ts';
import { normalisePhone } from '../privacy/phone.ts';
import type { Vault } from '../privacy/vault.ts';
import type { AccountRecord } from './account-model.ts';
import type { AccountStore } from './account-store.ts';
import type { PassphraseHasher } from './passphrase-hash.ts';
import { normalisePassphrase } from './passphrase-rules.ts';
import { signInKeyOf } from './sign-in-name.ts';
import type { SignInSubject, SignInThrottle } from './sign-in-throttle.ts';

export interface SignInServiceDeps {
  readonly accounts: AccountStore;
  readonly vault: Vault;
  readonly hasher: PassphraseHasher;
  readonly throttle: SignInThrottle;
  readonly clock: Clock;
  /** In the demo a passphrase counts as both factors, so that a visitor needs no second device. */
  readonly isDemo: boolean;
}

export interface SignInService {
  /** Whose passphrase it is. `wrong-credentials` whether the name, the account or the passphrase is wrong (P11). */
  verify(attempt: SignInAttempt): Promise<VerifiedSignIn>;
  /** A device id for this browser, known to the account from now on; an id that is known already stays. */
  rememberDevice(accountId: string, communityId: string, device: string | null): Promise<string>;
  /** Whether this is the signed-in person's passphrase; counts as a try like any other. */
  confirm(actor: Actor, passphrase: string, address: string): Promise<void>;
  /** A new TOTP secret; the one before is dead. Throws `not-allowed` once a code was confirmed. */
  enrolTotp(actor: Actor): Promise<{ readonly secret: string; readonly otpauthUri: string }>;
  /** Accepts a code once; throws `wrong-credentials` for a wrong, old or used one. */
  verifyTotp(actor: Actor, code: string, address: string): Promise<void>;
  /** The owner stood at the desk: strangers' wrong tries no longer count. */
  resetThrottle(account: AccountRecord): Promise<void>;
}

const DEVICES_MAX = 10;
const DEVICE = /^[\w-]{22}$/;

export function createSignInService(deps: SignInServiceDeps): SignInService {
  const { accounts, vault, hasher, throttle, clock, isDemo } = deps;
  const digestOfDevice = (device: string): string => vault.digest('device', device);

  async function find(communityId: string, typed: string): Promise<AccountRecord | null> {
    const phoneKey = normalisePhone(typed) === null ? null : vault.phoneLookup(typed);
    if (phoneKey !== null) return await accounts.byPhoneKey(communityId, phoneKey);
    return await accounts.bySignInKey(communityId, signInKeyOf(typed));
  }

  /** Absent accounts are counted under the typed name: the same number of steps for both. */
  function subjectOf(account: AccountRecord | null, attempt: SignInAttempt): SignInSubject {
    const typed = normalisePhone(attempt.signInName) ?? signInKeyOf(attempt.signInName);
    const digest = attempt.device === null ? null : digestOfDevice(attempt.device);
    return {
      account: account?._id ?? vault.digest('sign-in', `${attempt.communityId}/${typed}`),
      device: digest !== null && account?.devices.includes(digest) === true ? digest : null,
      address: addressKey(attempt.address),
    };
  }

  async function check(
    account: AccountRecord | null,
    subject: SignInSubject,
    passphrase: string,
  ): Promise<boolean> {
    await throttle.take(subject);
    const mayEnter = account !== null && account.status !== 'refused';
    const fits = await hasher.verify(account?.passphraseHash ?? null, normalisePassphrase(passphrase));
    if (fits && mayEnter) await throttle.giveBack(subject);
    return fits && mayEnter;
  }

  async function own(actor: Actor): Promise<AccountRecord> {
    const account = await accounts.read(actor.communityId, actor.accountId);
    if (account === null) throw new AppError('not-signed-in', 'Sign in first.');
    return account;
  }

  function openSecret(account: AccountRecord): Promise<string> {
    if (account.secondFactor === null) throw wrongCode();
    return vault.open(account._id, secretPlace(account._id), account.secondFactor.secret);
  }

  return {
    async verify(attempt) {
      const account = await find(attempt.communityId, attempt.signInName);
      const fits = await check(account, subjectOf(account, attempt), attempt.passphrase);
      if (!fits || account === null)
        throw new AppError('wrong-credentials', 'The name or the passphrase is wrong.');
      return {
        accountId: account._id,
        communityId: account.communityId,
        factors: isDemo ? ['passphrase', 'demo'] : ['passphrase'],
      };
    },
    async rememberDevice(accountId, communityId, device) {
      const account = await accounts.read(communityId, accountId);
      if (device !== null && account?.devices.includes(digestOfDevice(device)) === true) return device;
      const kept = device !== null && DEVICE.test(device) ? device : randomBytes(16).toString('base64url');
      await accounts.note(
        communityId,
        accountId,
        {},
        {
          $push: { devices: { $each: [digestOfDevice(kept)], $slice: -DEVICES_MAX } },
        },
      );
      return kept;
    },
    async confirm(actor, passphrase, address) {
      const account = await own(actor);
      const subject = {
        account: account._id,
        device: `session/${actor.sessionId}`,
        address: addressKey(address),
      };
      if (!(await check(account, subject, passphrase))) {
        throw new AppError('wrong-credentials', 'The passphrase is wrong.');
      }
    },
    async enrolTotp(actor) {
      const account = await own(actor);
      if (account.secondFactor?.confirmedAt != null) {
        throw new AppError('not-allowed', 'A second factor is set up already. The centre can reset it.');
      }
      const secret = generateSecret();
      const sealed = await vault.seal(account._id, secretPlace(account._id), secret);
      const isWritten = await accounts.note(
        account.communityId,
        account._id,
        { 'secondFactor.confirmedAt': null },
        { $set: { secondFactor: { secret: sealed, confirmedAt: null, lastStep: 0 } } },
      );
      if (!isWritten) throw new AppError('state-changed', 'A second factor was set up meanwhile.');
      const label = account.signInName ?? account.displayName;
      return { secret, otpauthUri: generateURI({ issuer: 'Linli', label, secret }) };
    },
    async verifyTotp(actor, code, address) {
      const account = await own(actor);
      const subject = { account: `totp/${account._id}`, device: 'code', address: addressKey(address) };
      await throttle.take(subject);
      const now = clock.now();
      const epoch = Math.floor(now.getTime() / 1_000);
      const answer = await verifyCode({
        secret: await openSecret(account),
        token: code,
        epoch,
        epochTolerance: 30,
      });
      const step = answer.valid && 'timeStep' in answer ? answer.timeStep : null;
      const isFresh =
        step !== null &&
        (await accounts.note(
          account.communityId,
          account._id,
          { 'secondFactor.lastStep': { $lt: step } },
          {
            $set: {
              'secondFactor.lastStep': step,
              'secondFactor.confirmedAt': account.secondFactor?.confirmedAt ?? now,
            },
          },
        ));
      if (!isFresh) throw wrongCode();
      await throttle.giveBack(subject);
    },
    async resetThrottle(account) {
      await throttle.reset(account._id);
    },
  };
}

function secretPlace(accountId: string): { collection: string; id: string; field: string } {
  return { collection: 'accounts', id: accountId, field: 'secondFactor.secret' };
}

function wrongCode(): AppError {
  return new AppError('wrong-credentials', 'The code is wrong or was used before. Wait for the next one.');
}
