import { hasText, t } from './i18n/i18n.svelte.ts';

/** Why the centre may look at a door and phone. Sent as these keys, so that every reader has it in their own language. */
export const PURPOSES = ['call', 'visit', 'safety', 'helper'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A purpose of the access log in words; what somebody wrote freely stands for itself. */
export function purposeWords(purpose: string): string {
  const key = `words.purpose.${purpose}`;
  return hasText(key) ? t(key) : purpose;
}
