import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Draft } from './draft-types.ts';

interface OutboxSchema extends DBSchema {
  drafts: { key: string; value: Draft };
}

let opening: Promise<IDBPDatabase<OutboxSchema>> | null = null;

function open(): Promise<IDBPDatabase<OutboxSchema>> {
  opening ??= openDB<OutboxSchema>('linli', 1, {
    upgrade(database) {
      database.createObjectStore('drafts', { keyPath: 'key' });
    },
  });
  // A private window may forbid it; the next call tries again.
  opening.catch(() => (opening = null));
  return opening;
}

/** The drafts and queued requests of a person on this device, the last changed first. */
export async function readDrafts(accountId: string): Promise<Draft[]> {
  const all = await (await open()).getAll('drafts');
  return all
    .filter((draft) => draft.accountId === accountId)
    .sort((one, other) => other.changedAt - one.changedAt);
}

export async function writeDraft(draft: Draft): Promise<void> {
  await (await open()).put('drafts', draft);
}

export async function deleteDraft(key: string): Promise<void> {
  await (await open()).delete('drafts', key);
}
