import { ACCEPTANCE } from './acceptance-coefficients.ts';
import type { Ranking } from './match-types.ts';
import { SCORE_WEIGHTS } from './score-weights.ts';

/** The versions that every run keeps. `engine` changes whenever the same input may rank differently. */
export const VERSIONS: Ranking['versions'] = {
  engine: 'engine-1',
  coefficients: ACCEPTANCE.version,
  weights: SCORE_WEIGHTS.version,
};
