import type { SessionView } from '../../../../src/shared/api-types.ts';

/** The path the reader wanted before signing in, when it is one of our own; else null. */
export function nextPath(query: URLSearchParams): string | null {
  const wanted = query.get('next');
  if (wanted === null || !/^\/(?![/\\])/.test(wanted)) return null;
  return wanted;
}

/** Where a signed-in person begins: staff at the review desk, everybody else at the board. */
export function homeOf(view: SessionView): string {
  const isDesk = view.account.roles.includes('staff') || view.account.roles.includes('administrator');
  return isDesk && view.needsTotp === null ? '/staff/review' : '/';
}
