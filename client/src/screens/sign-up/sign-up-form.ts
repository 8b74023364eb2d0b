import { LIMITS } from '../../../../src/shared/limits.ts';
import { t } from '../../i18n/i18n.svelte.ts';
import type { FormError } from '../sign-in/form-errors.ts';

export interface SignUpForm {
  displayName: string;
  signInName: string;
  phone: string;
  buildingId: string;
  passphrase: string;
}

/** Length in code points after NFC, as the server counts. */
export function lengthOf(text: string): number {
  return [...text.normalize('NFC')].length;
}

/** Whether a name can be signed in with: the length of LIMITS, no white space. */
export function isSignInName(name: string): boolean {
  const length = lengthOf(name.trim());
  return length >= LIMITS.signInNameMin && length <= LIMITS.signInNameMax && !/\s/u.test(name.trim());
}

/** Whether it may be a phone number: 6 to 20 digits with signs that people put between them. */
export function isPhone(phone: string): boolean {
  const digits = phone.replace(/[\s()+.-]/g, '');
  return /^\d{6,20}$/.test(digits);
}

/** What the reader can be told before anything is sent, in the order of the fields. */
export function mistakesOf(form: SignUpForm): FormError[] {
  const at = fieldErrors();
  const found: FormError[] = [];
  if (form.displayName.trim() === '') found.push(at.displayName);
  if (form.buildingId === '') found.push(at.building);
  if (form.phone.trim() !== '' && !isPhone(form.phone)) found.push(at.phone);
  if (!isSignInName(form.signInName)) found.push(at.signInName);
  if (lengthOf(form.passphrase) < LIMITS.passphraseMin) found.push(at.passphrase);
  return found;
}

/** Where the server's bad fields belong. */
export function serverFields(): Record<string, { id: string; words: string }> {
  const at = fieldErrors();
  return {
    '/displayName': at.displayName,
    '/buildingId': at.building,
    '/phone': at.phone,
    '/signInName': at.signInName,
    '/passphrase': { id: 'passphrase', words: t('account.passphrase.weak') },
    '/invitationCode': { id: 'invitation', words: t('account.signUp.invitationBad') },
  };
}

type FieldError = { id: string; words: string };

function fieldErrors(): Record<
  'displayName' | 'building' | 'phone' | 'signInName' | 'passphrase',
  FieldError
> {
  const { signInNameMin: min, signInNameMax: max, passphraseMin } = LIMITS;
  return {
    displayName: { id: 'display-name', words: t('account.signUp.displayNameMissing') },
    building: { id: 'building', words: t('account.signUp.buildingMissing') },
    phone: { id: 'phone', words: t('account.signUp.phoneBad') },
    signInName: { id: 'sign-in-name', words: t('account.signUp.signInNameBad', { min, max }) },
    passphrase: { id: 'passphrase', words: t('account.passphrase.tooShort', { n: passphraseMin }) },
  };
}
