import type { MyAccountView } from '../../../../src/shared/api-types.ts';
import { asProblem, call } from '../../api-client.ts';
import { needAreas } from '../../i18n/i18n.svelte.ts';
import { outbox, readOutbox, startDraft } from '../../outbox/outbox.svelte.ts';
import { go } from '../../router.svelte.ts';
import { onSessionChange } from '../../session.svelte.ts';

let account = $state.raw<MyAccountView | null>(null);
/** Names of the residents for whom staff ask: in memory only, never kept on the device. */
const names = new Map<string, string>();

/** The reader's own saved place, held in memory for the form. */
export const askFlow = {
  get account(): MyAccountView | null {
    return account;
  },
  /** For whom staff ask with the draft in hand: the name, '' when it is not known any more; null for oneself. */
  get forWhom(): string | null {
    const id = outbox.current?.beneficiaryId;
    return id ? (names.get(id) ?? '') : null;
  },
  /** Whether the saved door and phone are enough for a visit at this building. */
  hasSavedVisit(buildingId: string): boolean {
    // The server knows the resident's own home; only another place has to be typed.
    if (this.forWhom !== null) return buildingId === '';
    return (
      account !== null &&
      account.buildingId === buildingId &&
      (account.door ?? '') !== '' &&
      (account.phone ?? '') !== ''
    );
  },
};

/** Reads the drafts and the reader's own place; without a network the place stays unknown. */
export async function prepareAsk(): Promise<void> {
  await readOutbox();
  // A request kept without a network is shown on "Mine": that screen and its words have to be here by then.
  Promise.all([import('../mine/MinePage.svelte'), needAreas(['mine'])]).catch(() => undefined);
  if (account) return;
  try {
    account = await call('readMyAccount');
  } catch (error) {
    asProblem(error);
  }
}

/** A step without a draft begins at the first one. True when there is a draft in hand. */
export function requireDraft(): boolean {
  if (outbox.current) return true;
  go('/ask/what', { replace: true });
  return false;
}

/** A new draft at the reader's own building. */
export function startFresh(): void {
  startDraft(account?.buildingId ?? '');
}

/** Staff ask for a resident: a new draft, at the resident's own home unless another place is chosen. */
export function askFor({ id, displayName }: { id: string; displayName: string }): void {
  names.set(id, displayName);
  startDraft('', id);
  go('/ask/what');
}

onSessionChange(() => {
  names.clear();
  account = null;
});
