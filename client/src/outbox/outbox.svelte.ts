import type { HelpRequestView } from '../../../src/shared/api-types.ts';
import { type ApiProblem, asProblem, call } from '../api-client.ts';
import { onReconnect } from '../connection.svelte.ts';
import { i18n } from '../i18n/i18n.svelte.ts';
import { timeZone } from '../i18n/when.svelte.ts';
import { randomKey } from '../random-key.ts';
import { onSessionChange, session } from '../session.svelte.ts';
import { requestInputOf, whenOf } from './draft-request.ts';
import { deleteDraft, readDrafts, writeDraft } from './draft-store.ts';
import { type Draft, newDraft, type TypedVisit } from './draft-types.ts';

let drafts = $state.raw<Draft[]>([]);
let current = $state.raw<Draft | null>(null);
let isRead = $state(false);
/** In memory only: the private half of what is being written. */
const visits = new Map<string, TypedVisit>();
let flushing: Promise<void> | null = null;
const sentListeners = new Set<() => void>();

/** What is written on this device and not yet with the centre. */
export const outbox = {
  get drafts(): Draft[] {
    return drafts;
  },
  /** The draft in hand. */
  get current(): Draft | null {
    return current;
  },
  get isRead(): boolean {
    return isRead;
  },
  visitOf(key: string): TypedVisit | undefined {
    return visits.get(key);
  },
};

/** Calls back when a queued request was sent by itself. */
export function onOutboxSent(listener: () => void): () => void {
  sentListeners.add(listener);
  return () => sentListeners.delete(listener);
}

/** Reads the device's drafts once for the signed-in person. */
export async function readOutbox(): Promise<void> {
  const account = session.account;
  if (!account || isRead) return;
  try {
    drafts = await readDrafts(account.id);
  } catch {
    // Without a store on the device, writing still works until the page is closed.
  }
  isRead = true;
}

/** Begins an empty draft, for oneself or, by staff, for a resident. */
export function startDraft(buildingId: string, beneficiaryId: string | null = null): void {
  current = newDraft(randomKey(), session.account?.id ?? '', buildingId, Date.now(), beneficiaryId);
}

/** Takes a kept draft in hand again; a queued one stops waiting while it is changed. */
export async function openDraft(key: string): Promise<void> {
  const found = drafts.find((draft) => draft.key === key);
  if (!found) return;
  current = found;
  await changeDraft({ state: 'draft' });
}

/** Changes the draft in hand and keeps it. */
export async function changeDraft(change: Partial<Draft>): Promise<void> {
  if (!current) return;
  current = { ...current, ...change, frozen: null, changedAt: Date.now() };
  await keep(current);
}

/** Remembers door and phone for the draft in hand, in memory only; null forgets them. */
export function typeVisit(visit: TypedVisit | null): void {
  if (!current) return;
  if (visit) visits.set(current.key, visit);
  else visits.delete(current.key);
}

async function keep(draft: Draft): Promise<void> {
  drafts = [draft, ...drafts.filter((one) => one.key !== draft.key)];
  await writeDraft(draft).catch(() => undefined);
}

export async function removeDraft(key: string): Promise<void> {
  drafts = drafts.filter((draft) => draft.key !== key);
  visits.delete(key);
  if (current?.key === key) current = null;
  await deleteDraft(key).catch(() => undefined);
}

async function send(draft: Draft): Promise<HelpRequestView> {
  const frozen = draft.frozen ?? { atMs: Date.now(), language: i18n.language };
  if (!draft.frozen) await keep({ ...draft, frozen });
  const input = requestInputOf(draft, visits.get(draft.key), frozen.language, frozen.atMs, timeZone());
  const view = await call('createHelpRequest', { body: input, key: draft.key });
  await removeDraft(draft.key);
  return view;
}

/** Sends the draft in hand. Without a network it waits in the outbox and is sent once later. */
export async function sendDraft(): Promise<{ view?: HelpRequestView; queued?: true; problem?: ApiProblem }> {
  const draft = current;
  if (!draft) return {};
  try {
    return { view: await send(draft) };
  } catch (error) {
    const problem = asProblem(error);
    if (!problem.isUnreachable) return { problem };
    const kept = drafts.find((one) => one.key === draft.key) ?? draft;
    await keep({ ...kept, state: 'queued', refusal: null });
    current = null;
    return { queued: true };
  }
}

/** Sends what waits, one after the other, each under its own key. What the server refuses becomes a draft again. */
export function flushOutbox(): Promise<void> {
  flushing ??= (async () => {
    try {
      await readOutbox();
      for (const draft of drafts.filter(({ state }) => state === 'queued')) {
        if (!(await flushOne(draft))) return;
      }
    } finally {
      flushing = null;
    }
  })();
  return flushing;
}

/** False when the network is gone again and the rest has to wait. */
async function flushOne(draft: Draft): Promise<boolean> {
  if (draft.hasOwnVisit && !visits.has(draft.key)) {
    await keep({ ...draft, state: 'draft', refusal: 'needs-door' });
    return true;
  }
  const isPast = !draft.asap && whenOf(draft, Date.now(), timeZone()).windows.length === 0;
  if (isPast) {
    await keep({ ...draft, state: 'draft', refusal: 'past' });
    return true;
  }
  try {
    await send(draft);
    for (const listener of sentListeners) listener();
    return true;
  } catch (error) {
    const problem = asProblem(error);
    if (problem.isUnreachable || problem.code === 'not-signed-in') return false;
    await keep({ ...draft, state: 'draft', refusal: problem.code });
    return true;
  }
}

/** Watches for the network and for who is signed in; called once, at idle. */
export function startOutbox(): void {
  onReconnect(() => void flushOutbox());
  onSessionChange((now) => {
    drafts = [];
    current = null;
    isRead = false;
    visits.clear();
    if (now) void flushOutbox();
  });
  if (session.account) void flushOutbox();
}
