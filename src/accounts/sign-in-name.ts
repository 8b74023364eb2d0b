import type { FieldError } from '../errors.ts';
import { normalisePhone } from '../privacy/phone.ts';
import { LIMITS } from '../shared/limits.ts';

/** A sign-in name as it is compared: compatibility forms and capitals make no difference. */
export function signInKeyOf(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase();
}

/**
 * What is wrong with a new sign-in name, at `pointer`; empty when it may be used. Three to 32 letters or digits of any
 * script, with dots, hyphens and underscores between them, at least one letter, and not a phone number: those sign in
 * by themselves.
 */
export function signInNameErrors(name: string, pointer: string): readonly FieldError[] {
  const key = signInKeyOf(name);
  const length = [...key].length;
  const isWellFormed =
    /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?$/u.test(key) && /\p{L}/u.test(key);
  if (
    length >= LIMITS.signInNameMin &&
    length <= LIMITS.signInNameMax &&
    isWellFormed &&
    normalisePhone(key) === null
  ) {
    return [];
  }
  return [
    {
      pointer,
      code: 'sign-in-name',
      detail: `Use ${String(LIMITS.signInNameMin)} to ${String(LIMITS.signInNameMax)} letters and digits, with at least one letter; dots, hyphens and underscores may stand between them.`,
    },
  ];
}
