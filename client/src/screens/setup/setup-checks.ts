import { LIMITS } from '../../../../src/shared/limits.ts';
import type { LocalisedText } from '../../../../src/shared/vocabulary.ts';
import { t } from '../../i18n/i18n.svelte.ts';
import { weekdayWords } from '../../i18n/when.svelte.ts';
import { minutesOf } from '../settings/day-minutes.ts';
import type { FormError } from '../sign-in/form-errors.ts';
import { isSignInName, lengthOf } from '../sign-up/sign-up-form.ts';
import {
  centrePointOf,
  wrongHolidayLines,
  type CommunityDraft,
  type SetupDraft as Draft,
} from './setup-input.ts';

const PHONE = /^\+?[0-9][0-9 ()-]{2,24}$/;
const SLUG = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** What is wrong on one of the four steps, in the order of its fields. Steps count from 1. */
export function mistakesOfStep(step: number, draft: Draft): FormError[] {
  const checks = [administrator, factsAndSlug, buildingMistakes, kindMistakes];
  return checks[step - 1]?.(draft) ?? [];
}

function administrator({
  setupCode,
  administrator: { displayName, signInName, passphrase },
}: Draft): FormError[] {
  const { signInNameMin: min, signInNameMax: max, passphraseMin } = LIMITS;
  return [
    ...when(setupCode.trim() === '', 'setup-code', t('setup.admin.codeMissing')),
    ...when(displayName.trim() === '', 'admin-name', t('setup.admin.displayNameMissing')),
    ...when(!isSignInName(signInName), 'admin-sign-in', t('setup.admin.signInNameBad', { min, max })),
    ...when(
      lengthOf(passphrase) < passphraseMin,
      'admin-passphrase',
      t('account.passphrase.tooShort', { n: passphraseMin }),
    ),
  ];
}

function factsAndSlug(draft: Draft): FormError[] {
  return [...when(!SLUG.test(draft.slug), 'slug', t('setup.community.slugBad')), ...communityMistakes(draft)];
}

/** What is wrong among names, languages, phone, hours, holidays and emergency numbers. */
export function communityMistakes(draft: CommunityDraft): FormError[] {
  const hasName = Object.values(draft.name).some((name) => name.trim() !== '');
  const wrongDays = draft.hours.flatMap(({ isOpen, from, to }, day) => {
    const [start, end] = [minutesOf(from), minutesOf(to)];
    const isRight = !isOpen || (start !== null && end !== null && start < end);
    return isRight
      ? []
      : [{ id: `hours-${day}-to`, words: t('setup.community.hoursBad', { day: weekdayWords(day) }) }];
  });
  const line = wrongHolidayLines(draft.holidays)[0];
  return [
    ...when(!hasName, 'name-zh-CN', t('setup.community.nameMissing')),
    ...when(draft.languages.length === 0, 'language-zh-CN', t('setup.community.languagesMissing')),
    ...when(!PHONE.test(draft.centrePhone.trim()), 'centre-phone', t('setup.community.phoneMissing')),
    ...wrongDays,
    ...(line === undefined ? [] : [{ id: 'holidays', words: t('setup.community.holidaysBad', { line }) }]),
    ...draft.emergency.flatMap(({ number, name }, index) => emergencyMistakes(number, name, index)),
  ];
}

function emergencyMistakes(number: string, name: LocalisedText, index: number): FormError[] {
  const isNamed = Object.values(name).some((words) => words.trim() !== '');
  const typed = number.trim();
  // A row without a number is left out.
  if (typed === '') return [];
  return [
    ...when(!/^[0-9]{3,15}$/.test(typed), `emergency-${index}`, t('setup.community.emergencyBad')),
    ...when(!isNamed, `emergency-name-${index}`, t('setup.community.emergencyNameMissing')),
  ];
}

/** What is wrong with the list of buildings or the place of the centre. */
export function buildingMistakes(draft: CommunityDraft): FormError[] {
  const field = draft.how === 'typed' ? 'buildings-typed' : 'buildings-file';
  return [
    ...when(draft.buildings.length === 0, field, t('setup.buildings.missing')),
    ...when(centrePointOf(draft) === null, 'longitude', t('setup.buildings.centreBad')),
  ];
}

/** Whether any kind of help and any skill is left. */
export function kindMistakes({ kindIds, skillIds }: CommunityDraft): FormError[] {
  return [
    ...when(kindIds.length === 0, 'kinds', t('setup.kinds.missing')),
    ...when(skillIds.length === 0, 'skills', t('setup.kinds.skillsMissing')),
  ];
}

function when(isWrong: boolean, id: string, words: string): FormError[] {
  return isWrong ? [{ id, words }] : [];
}
