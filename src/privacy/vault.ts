import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../actor.ts';
import type { DataKeyRecord, DataKeyStore } from './data-key-store.ts';
import type { Keys } from './keys.ts';
import { normalisePhone } from './phone.ts';
import {
  openBytes,
  sealBytes,
  UnreadableField,
  type NamedKey,
  type SealedField,
  type SealedPlace,
} from './sealed-field.ts';

/** Keeps private fields. Each person has a data key, wrapped by the master key (architecture 11). */
export interface Vault {
  /** Seals a text with its owner's key, which is made on first use. The empty text may be sealed too. */
  seal(ownerAccountId: string, place: SealedPlace, text: string): Promise<SealedField>;
  /** Opens what `seal` made for the same owner and place; throws UnreadableField otherwise, and after `forget`. */
  open(ownerAccountId: string, place: SealedPlace, sealed: SealedField): Promise<string>;
  /** Deletes the owner's key: nothing sealed for the person can be read again, here or in a backup. */
  forget(ownerAccountId: string): Promise<void>;
  /** Keyed digest of the normalised number, for finding it again; null when it is not a phone number. */
  phoneLookup(phone: string): string | null;
  /** Keyed digest of any text, kept apart by `purpose`. 128 bits, base64url. */
  digest(purpose: string, text: string): string;
}

export interface VaultDeps {
  readonly keys: Keys;
  readonly dataKeys: DataKeyStore;
  readonly clock: Clock;
}

/** How many unwrapped keys stay in memory: the people of a busy hour, not the whole town. */
const KEYS_IN_MEMORY = 500;

export function createVault({ keys, dataKeys, clock }: VaultDeps): Vault {
  const inMemory = new Map<string, NamedKey>();
  const pending = new Map<string, Promise<NamedKey>>();

  function remember(owner: string, key: NamedKey): NamedKey {
    inMemory.set(owner, key);
    const oldest = inMemory.keys().next();
    if (inMemory.size > KEYS_IN_MEMORY && oldest.done !== true) inMemory.delete(oldest.value);
    return key;
  }

  function unwrap(record: DataKeyRecord): NamedKey {
    const master = keys.master.find(({ kid }) => kid === record.wrapped.kid);
    if (master === undefined) throw new UnreadableField('its master key is not in KEY_DIR');
    return { kid: record.kid, key: openBytes(master, wrapPlace(record._id), record.wrapped) };
  }

  async function makeKey(owner: string): Promise<NamedKey> {
    const master = keys.master[0];
    if (master === undefined) throw new UnreadableField('there is no master key');
    const made: NamedKey = { kid: randomBytes(6).toString('base64url'), key: randomBytes(32) };
    const stored = await dataKeys.insertOrRead({
      _id: owner,
      kid: made.kid,
      wrapped: sealBytes(master, wrapPlace(owner), made.key),
      createdAt: clock.now(),
    });
    return stored.kid === made.kid ? made : unwrap(stored);
  }

  async function load(owner: string, make: boolean): Promise<NamedKey> {
    const record = await dataKeys.read(owner);
    if (record !== null) return remember(owner, unwrap(record));
    if (!make) throw new UnreadableField('its key was erased');
    return remember(owner, await makeKey(owner));
  }

  async function keyOf(owner: string, make: boolean): Promise<NamedKey> {
    const known = inMemory.get(owner);
    if (known !== undefined) return known;
    const waiting = pending.get(owner);
    if (waiting !== undefined) return await waiting;
    const loading = load(owner, make).finally(() => pending.delete(owner));
    pending.set(owner, loading);
    return await loading;
  }

  return {
    async seal(ownerAccountId, place, text) {
      return sealBytes(await keyOf(ownerAccountId, true), place, Buffer.from(text, 'utf8'));
    },
    async open(ownerAccountId, place, sealed) {
      return openBytes(await keyOf(ownerAccountId, false), place, sealed).toString('utf8');
    },
    async forget(ownerAccountId) {
      inMemory.delete(ownerAccountId);
      await dataKeys.remove(ownerAccountId);
      inMemory.delete(ownerAccountId);
    },
    phoneLookup(phone) {
      const normal = normalisePhone(phone);
      return normal === null ? null : digestOf(keys.lookup, 'phone', normal);
    },
    digest(purpose, text) {
      return digestOf(keys.lookup, purpose, text);
    },
  };
}

function wrapPlace(owner: string): SealedPlace {
  return { collection: 'dataKeys', id: owner, field: 'wrapped' };
}

function digestOf(key: Buffer, purpose: string, text: string): string {
  const mac = createHmac('sha256', key)
    .update(JSON.stringify([purpose, text]), 'utf8')
    .digest();
  return mac.subarray(0, 16).toString('base64url');
}
