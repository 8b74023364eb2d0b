import type { CandidateView } from '../../../../src/shared/api-types.ts';
import { t } from '../../i18n/i18n.svelte.ts';

/** The five parts of a score in the order of the bar; each is already in points of 100. */
export const SCORE_PARTS = ['skillAndLanguage', 'near', 'free', 'keepsPromises', 'fairTurn'] as const;
export type ScorePart = (typeof SCORE_PARTS)[number];

/** The parts as numbers in one line: `Skill and language 30 · Near 21 · …`. */
export function pointsLine(parts: CandidateView['parts']): string {
  return SCORE_PARTS.map((part) =>
    t('staff.part.line', { part: t(`staff.part.${part}`), points: Math.round(parts[part]) }),
  ).join(' · ');
}
