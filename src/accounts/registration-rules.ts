import { AppError, type FieldError } from '../errors.ts';
import { normalisePhone } from '../privacy/phone.ts';
import type { Language } from '../shared/vocabulary.ts';
import { passphraseErrors } from './passphrase-rules.ts';
import { signInNameErrors } from './sign-in-name.ts';

/** What a person gives to sign up. */
export interface Registration {
  readonly displayName: string;
  readonly signInName?: string;
  readonly phone?: string;
  readonly passphrase: string;
  readonly language: Language;
  readonly mode?: 'normal' | 'elder';
  readonly buildingId?: string | null;
  readonly door?: string;
  readonly invitationCode?: string;
}

/** A resident without a sign-in, written down by staff. */
export type PhoneOnlyPerson = Pick<
  Registration,
  'displayName' | 'language' | 'mode' | 'buildingId' | 'door'
> & {
  readonly phone: string;
};

export interface FirstAdministrator {
  readonly displayName: string;
  readonly signInName: string;
  readonly passphrase: string;
  readonly language: Language;
}

/** Every bad field of a sign-up at once; empty when it may be made. */
export function registrationErrors(registration: Registration): readonly FieldError[] {
  const { signInName, phone, passphrase } = registration;
  const errors: FieldError[] = [...passphraseErrors(passphrase, registration, '/passphrase')];
  if (signInName === undefined && phone === undefined) {
    errors.push({
      pointer: '/signInName',
      code: 'missing',
      detail: 'Give a name or a phone number to sign in with.',
    });
  }
  if (signInName !== undefined) errors.push(...signInNameErrors(signInName, '/signInName'));
  if (phone !== undefined && normalisePhone(phone) === null) errors.push(badPhone());
  return errors;
}

/** The same for the first administrator, at the pointers of the set-up form. */
export function administratorErrors({
  displayName,
  signInName,
  passphrase,
}: FirstAdministrator): readonly FieldError[] {
  return [
    ...signInNameErrors(signInName, '/administrator/signInName'),
    ...passphraseErrors(passphrase, { signInName, displayName }, '/administrator/passphrase'),
  ];
}

export function badPhone(): FieldError {
  return {
    pointer: '/phone',
    code: 'phone',
    detail:
      'Give a phone number, with area code or country code if it is not a mobile number of this country.',
  };
}

/** Throws `invalid-input` with the errors, if there are any. */
export function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(errors);
}

export function invalid(errors: readonly FieldError[]): AppError {
  return new AppError('invalid-input', 'Look at the fields listed and send again.', { errors });
}

export function nameTaken(): AppError {
  return new AppError('name-taken', 'Somebody else signs in with this name: choose another.', {
    errors: [{ pointer: '/signInName', code: 'taken', detail: 'Choose another name.' }],
  });
}
