import { ApiProblem } from '../../api-client.ts';
import { hasText, t } from '../../i18n/i18n.svelte.ts';

/** One line of the error summary; `id` is the field it leads to, whose own words are the same. */
export interface FormError {
  id?: string;
  words: string;
}

/** A problem in the reader's words; an unknown code reads as "something went wrong". */
export function problemWords(problem: ApiProblem): string {
  const key = `words.problem.${problem.code}`;
  const seconds = problem.retryAfterSeconds ?? 60;
  return hasText(key) ? t(key, { seconds }) : t('words.problem.internal');
}

/**
 * The summary for a failed command. Bad fields the form knows are named at their place (`fields`: JSON pointer →
 * field id and words); when none is known, the problem itself is said once.
 */
export function errorsOf(
  problem: ApiProblem,
  fields: Readonly<Record<string, { id: string; words: string }>> = {},
): FormError[] {
  const named = (problem.view?.errors ?? []).flatMap(({ pointer }) => fields[pointer] ?? []);
  const unique = named.filter(({ id }, index) => named.findIndex((other) => other.id === id) === index);
  return unique.length > 0 ? unique : [{ words: problemWords(problem) }];
}

/** The words that belong at one field, or nothing. */
export function wordsAt(errors: readonly FormError[], id: string): string | undefined {
  return errors.find((error) => error.id === id)?.words;
}
