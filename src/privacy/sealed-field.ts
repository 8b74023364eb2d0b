import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A private field as it lies in the store (architecture 11); binary parts are base64url. */
export interface SealedField {
  readonly v: 1;
  /** Which key sealed it. */
  readonly kid: string;
  readonly iv: string;
  readonly ct: string;
  readonly tag: string;
}

/** Where the field lives; part of the seal, so that a sealed value moved elsewhere does not open. */
export interface SealedPlace {
  readonly collection: string;
  readonly id: string;
  readonly field: string;
}

/** One 256-bit key with its name. */
export interface NamedKey {
  readonly kid: string;
  readonly key: Buffer;
}

/** Thrown when a field cannot be opened: changed, moved, sealed with another key, or its key was erased. */
export class UnreadableField extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`a sealed field cannot be read: ${reason}`, cause === undefined ? undefined : { cause });
    this.name = 'UnreadableField';
  }
}

/** AES-256-GCM with a fresh random 96-bit nonce and the place as additional data. */
export function sealBytes(key: NamedKey, place: SealedPlace, plain: Uint8Array): SealedField {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.key, iv, { authTagLength: 16 });
  cipher.setAAD(additional(place));
  const ct = Buffer.concat([cipher.update(plain), cipher.final()]);
  return {
    v: 1,
    kid: key.kid,
    iv: iv.toString('base64url'),
    ct: ct.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
  };
}

/** The inverse of `sealBytes`; throws UnreadableField unless key, place and every bit are the same. */
export function openBytes(key: NamedKey, place: SealedPlace, sealed: SealedField): Buffer {
  if (sealed.v !== 1) throw new UnreadableField('unknown version');
  if (sealed.kid !== key.kid) throw new UnreadableField('another key');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.key, Buffer.from(sealed.iv, 'base64url'), {
      authTagLength: 16,
    });
    decipher.setAAD(additional(place));
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64url'));
    return Buffer.concat([decipher.update(Buffer.from(sealed.ct, 'base64url')), decipher.final()]);
  } catch (error) {
    throw new UnreadableField('it was changed or moved', error);
  }
}

/** Length-prefixed, so that no two places read the same. */
function additional({ collection, id, field }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([collection, id, field]), 'utf8');
}
