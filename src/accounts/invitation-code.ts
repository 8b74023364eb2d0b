import { createHash } from 'node:crypto';

/** No 0, O, 1, I, L: letters that are read aloud and typed. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const LENGTH = 12;

/** How long an invitation lasts. */
export const INVITATION_DAYS = 7;

/** Twelve letters in groups of four (59 bits), made from `seed`: the same seed gives the same code. */
export function invitationCodeOf(seed: Uint8Array): string {
  const bytes = createHash('sha512').update(seed).digest();
  const letters = Array.from(
    { length: LENGTH },
    (_, index) => LETTERS[bytes.readUInt32BE(index * 4) % LETTERS.length] ?? '',
  );
  return (letters.join('').match(/.{4}/g) ?? []).join('-');
}

/** The code as it is compared: capitals, no spaces or hyphens, look-alikes read as the letter that is used. */
export function normaliseInvitation(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '');
}
