import type { NewId } from '../actor.ts';
import type { Channel } from '../shared/vocabulary.ts';
import type { NotificationDraft } from './expand-notices.ts';
import type { DeliveryRecord, NotificationRecord } from './notification-model.ts';
import type { NotificationStore } from './notification-store.ts';
import { createPersonQueues } from './person-queues.ts';

/** Each loss means that another process stored a number for the same person: far more than nodes can be. */
const MAX_ATTEMPTS = 200;
const KNOWN_NUMBERS_MAX = 5_000;

export interface NumberNotificationsDeps {
  readonly store: Pick<NotificationStore, 'newestNumber' | 'insertNew' | 'alreadyTold'>;
  readonly newId: NewId;
}

export interface DraftWithChannels {
  readonly draft: NotificationDraft;
  readonly channels: readonly Channel[];
}

/**
 * Gives each draft the next number of its person and stores it. Number n+1 is inserted only after n was
 * read or written, under the unique index (recipient, number); whoever loses the number reads again. A draft
 * that an earlier attempt stored already is answered with its old number. `onStored` is called in the order of
 * the person's numbers, before anybody else in this process can store the next one for the same person.
 */
export function createNumberNotifications({ store, newId }: NumberNotificationsDeps) {
  const inTurn = createPersonQueues();
  const known = createKnownNumbers();

  return async function numberNotifications(
    communityId: string,
    drafts: readonly DraftWithChannels[],
    now: Date,
    onStored: (records: readonly NotificationRecord[]) => void,
  ): Promise<void> {
    for (const round of roundsOf(drafts)) {
      const people = round.map(({ draft }) => draft.recipientId);
      await inTurn(people, async () => onStored(await storeRound(communityId, round, now)));
    }
  };

  async function storeRound(communityId: string, round: readonly DraftWithChannels[], now: Date) {
    const stored: NotificationRecord[] = [];
    let open = round;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const records = await Promise.all(
        open.map(async (entry) =>
          toRecord(communityId, entry, 1 + (await newestNumber(communityId, entry)), newId(), now),
        ),
      );
      const isAllNew = await insertOrForget(records);
      if (isAllNew) for (const record of records) known.set(record.recipientId, record.number);
      const told = isAllNew ? records : await settle(communityId, open);
      stored.push(...told);
      const done = new Set(told.map(({ recipientId }) => recipientId));
      open = open.filter(({ draft }) => !done.has(draft.recipientId));
      if (open.length === 0) return stored;
    }
    throw new Error('a notification found no free number');
  }

  async function newestNumber(communityId: string, { draft }: DraftWithChannels): Promise<number> {
    return known.get(draft.recipientId) ?? (await store.newestNumber(communityId, draft.recipientId));
  }

  /** After a failure nobody knows what was stored: the next attempt reads. */
  async function insertOrForget(records: readonly NotificationRecord[]): Promise<boolean> {
    try {
      return await store.insertNew(records);
    } catch (error) {
      for (const { recipientId } of records) known.forget(recipientId);
      throw error;
    }
  }

  /** What of a round is in the store after a duplicate. The greatest numbers are not what they seemed. */
  async function settle(communityId: string, round: readonly DraftWithChannels[]) {
    for (const { draft } of round) known.forget(draft.recipientId);
    return await store.alreadyTold(
      communityId,
      round.map(({ draft }) => draft),
    );
  }
}

export type NumberNotifications = ReturnType<typeof createNumberNotifications>;

/** A person appears once in a round: their second sentence waits until the first has its number. */
function roundsOf(drafts: readonly DraftWithChannels[]): DraftWithChannels[][] {
  const rounds: DraftWithChannels[][] = [];
  const seen = new Map<string, number>();
  for (const entry of drafts) {
    const round = seen.get(entry.draft.recipientId) ?? 0;
    seen.set(entry.draft.recipientId, round + 1);
    (rounds[round] ??= []).push(entry);
  }
  return rounds;
}

function toRecord(
  communityId: string,
  { draft, channels }: DraftWithChannels,
  number: number,
  id: string,
  now: Date,
): NotificationRecord {
  const queued: DeliveryRecord = { status: 'queued', at: now };
  return {
    _id: id,
    communityId,
    recipientId: draft.recipientId,
    number,
    eventId: draft.eventId,
    kind: draft.kind,
    link: draft.link,
    params: { ...draft.params },
    silent: draft.silent,
    createdAt: now,
    deliveries: Object.fromEntries(channels.map((channel) => [channel, queued])),
    ...(channels.includes('sms') ? { textQueued: true as const } : {}),
    ...(channels.includes('staff_call_list') ? { onCallList: true as const } : {}),
  };
}

/** The greatest number that this process stored or lost sight of, per person: saves a read per sentence. */
function createKnownNumbers() {
  const numbers = new Map<string, number>();
  return {
    get: (person: string) => numbers.get(person),
    forget: (person: string) => void numbers.delete(person),
    set(person: string, number: number) {
      numbers.delete(person);
      numbers.set(person, number);
      if (numbers.size <= KNOWN_NUMBERS_MAX) return;
      const oldest = numbers.keys().next().value;
      if (oldest !== undefined) numbers.delete(oldest);
    },
  };
}
