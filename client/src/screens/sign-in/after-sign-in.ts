import type { SessionView } from '../../../../src/shared/api-types.ts';
import { go } from '../../router.svelte.ts';
import { homeOf } from './next-path.ts';

/** After the passphrase: the second factor when the account has one to give, then the wanted page or the home. */
export function continueAfterSignIn(view: SessionView, next: string | null): void {
  if (view.needsTotp !== null) {
    const search = next === null ? '' : `?next=${encodeURIComponent(next)}`;
    go(`/sign-in/second-factor${search}`, { replace: true });
    return;
  }
  go(next ?? homeOf(view), { replace: true });
}
