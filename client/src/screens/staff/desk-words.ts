import type { HelpRequestView, ReasonView } from '../../../../src/shared/api-types.ts';
import { community } from '../../community.svelte.ts';
import { say, t } from '../../i18n/i18n.svelte.ts';
import { LANGUAGES } from '../../../../src/shared/vocabulary.ts';

/** The icon of a kind of help in the sprite, without its `kind-`. */
export function iconOf(kindId: string): string {
  return community.kind(kindId)?.icon ?? 'something-else';
}

/** A language by its name in the reader's language; an unknown code stands for itself. */
export function languageWords(code: string): string {
  const known = LANGUAGES.find((one) => one === code);
  return known ? t(`shell.language.${known}`) : code;
}

/** Several languages or skills in one line. */
export function listWords(names: readonly string[]): string {
  return names.join(' · ');
}

/** What is needed besides the kind: how many people, minutes, skills, languages and the author's wishes. */
export function needsWords(request: HelpRequestView): string {
  const { genderWish, twoHelpers, noHomeEntry } = request.constraints;
  const skills = request.skillIds.map((id) => say(community.skill(id)?.name)).filter((name) => name !== '');
  return listWords([
    t('staff.fact.helpers', { n: request.helpersNeeded }),
    t('staff.fact.minutes', { minutes: request.minutes }),
    ...skills,
    ...(request.languages.length > 0
      ? [t('staff.fact.speaks', { languages: request.languages.map(languageWords).join(' / ') })]
      : []),
    ...(genderWish === 'woman' ? [t('staff.fact.woman')] : []),
    ...(genderWish === 'man' ? [t('staff.fact.man')] : []),
    ...(twoHelpers ? [t('staff.fact.two')] : []),
    ...(noHomeEntry ? [t('staff.fact.door')] : []),
  ]);
}

/** Why a helper fits, as staff read it. */
export function staffReason(reason: ReasonView): string {
  if ('skillId' in reason) {
    return t(`staff.reason.${reason.key}`, { skill: say(community.skill(reason.skillId)?.name) });
  }
  if ('language' in reason) {
    return t('staff.reason.same_language', { language: languageWords(reason.language) });
  }
  return t(`staff.reason.${reason.key}`);
}
