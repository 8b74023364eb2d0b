import type { MatchView, ReasonView } from '../../../../src/shared/api-types.ts';
import { community } from '../../community.svelte.ts';
import { hasText, say, t } from '../../i18n/i18n.svelte.ts';
import { distanceWords } from '../../i18n/when.svelte.ts';

export interface ReasonWords {
  icon: string;
  words: string;
}

const ICONS: Record<ReasonView['key'], string> = {
  nearest: 'ui-walk',
  near: 'ui-walk',
  far_but_skilled: 'ui-walk',
  skill_verified: 'ui-checked',
  skill_unverified: 'ui-hand',
  expert: 'ui-checked',
  same_language: 'ui-language',
  helped_before: 'ui-heart',
  keeps_promises: 'ui-check',
  fair_turn: 'ui-refresh',
  newcomer: 'ui-person',
  free_then: 'ui-clock',
};

/** One reason why this volunteer was thought of, in words with its icon. */
export function reasonWords(reason: ReasonView): ReasonWords {
  const icon = ICONS[reason.key];
  if ('metres' in reason) {
    return { icon, words: t(`words.reason.${reason.key}`, { distance: distanceWords(reason.metres) }) };
  }
  if ('skillId' in reason) {
    const skill = say(community.skill(reason.skillId)?.name);
    return { icon, words: t(`words.reason.${reason.key}`, { skill }) };
  }
  if ('language' in reason) {
    const key = `shell.language.${reason.language}`;
    return {
      icon,
      words: t('words.reason.same_language', { language: hasText(key) ? t(key) : reason.language }),
    };
  }
  return { icon, words: t(`words.reason.${reason.key}`) };
}

/** About seventy metres a minute on foot; at least one minute. */
export function walkMinutes(metres: number): number {
  return Math.max(1, Math.round(metres / 70));
}

/** The part of the answering time that is left, between 0 and 1. */
export function shareLeft({ offeredAt, answerBy }: MatchView, nowMs: number): number {
  const from = Number(new Date(offeredAt));
  const to = Number(new Date(answerBy));
  if (to <= from) return 0;
  return Math.min(1, Math.max(0, (to - nowMs) / (to - from)));
}
