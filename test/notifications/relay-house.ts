import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Schema } from 'mongoose';
import type { OutboxDocument, OutboxEvent, OutboxSource } from '../../src/domain-events.ts';
import { silentLogger } from '../../src/logger.ts';
import {
  smsChannel,
  socketChannel,
  staffCallListChannel,
} from '../../src/notifications/delivery-channels.ts';
import type { NotificationPushes } from '../../src/notifications/notification-pushes.ts';
import { createNotificationStore } from '../../src/notifications/notification-store.ts';
import { createNumberNotifications } from '../../src/notifications/number-notifications.ts';
import { createRelay } from '../../src/notifications/relay.ts';
import type { RelayDeps } from '../../src/notifications/relay.ts';
import type { MatchView, NotificationView } from '../../src/shared/api-types.ts';
import type { NotificationKind } from '../../src/shared/vocabulary.ts';
import { openCommunityCollection } from '../../src/storage/community-collection.ts';
import { startEmbeddedStore } from '../../src/storage/embedded/host.ts';
import { openStorage } from '../../src/storage/open-storage.ts';

interface ErrandRecord extends Omit<OutboxDocument, 'id'> {
  _id: string;
  outbox: OutboxEvent[];
}

const errandSchema = new Schema<ErrandRecord>(
  { _id: String, communityId: String, status: String, version: Number, outbox: [Schema.Types.Mixed] },
  { strictQuery: 'throw', versionKey: false },
);

errandSchema.index({ 'outbox.id': 1 }, { sparse: true });

export const ESTATE = 'estate-one';

/** The real store in a folder of its own, and documents with outboxes of the plainest kind. */
export async function openRelayHouse() {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'linli-relay-'));
  // Refusing to scan whole collections shows a query that no index serves.
  const server = await startEmbeddedStore({ dataDir, isTableScanRefused: true });
  const storage = await openStorage({ mongodbUri: server.uri, dataDir, logger: silentLogger });
  const errands = openCommunityCollection<ErrandRecord>(storage.connection, 'errands', errandSchema);
  const store = createNotificationStore({ connection: storage.connection });
  await storage.buildIndexes();
  let ids = 0;
  let nowMs = Date.parse('2026-05-01T08:00:00Z');
  const newId = () => `0190-${String((ids += 1)).padStart(12, '0')}`;
  const clock = { now: () => new Date(nowMs) };

  const errandSource = (more: Partial<OutboxSource> = {}): OutboxSource => ({
    name: 'errands',
    async pending(limit) {
      const found = await errands.findAcross({ 'outbox.id': { $gt: '' } }, { sort: { _id: 1 }, limit });
      return found.map(toOutbox);
    },
    async read(documentId) {
      const errand = await errands.findById(ESTATE, documentId);
      return errand === null ? undefined : toOutbox(errand);
    },
    follow: async () => undefined,
    async clear({ id }, eventIds) {
      await errands.change(ESTATE, { _id: id }, { $pull: { outbox: { id: { $in: [...eventIds] } } } });
    },
    audience: () => ({ accountIds: [], staff: false, board: false }),
    ...more,
  });

  /** One process: its own relay with its own memory, on the shared store. */
  function openRelay(
    more: Partial<RelayDeps> & {
      source?: Partial<OutboxSource>;
      isReachable?: RelayDeps['isReachable'];
    } = {},
  ) {
    const pushed: { recipientId: string; notification: NotificationView }[] = [];
    const offered: string[] = [];
    const changes: unknown[] = [];
    const problems: string[] = [];
    const pushes: NotificationPushes = {
      notified: (_community, _id, recipientId, notification) =>
        void pushed.push({ recipientId, notification }),
      matchOffered: (helperId, match) => void offered.push(`${helperId} ${match.id}`),
      requestChanged: (accountIds, staffOf, change) => void changes.push({ accountIds, staffOf, change }),
      boardChanged: (communityId, requestId) => void changes.push({ board: communityId, requestId }),
    };
    const relay = createRelay({
      numberNotifications: createNumberNotifications({ store, newId }),
      pushes,
      channels: [socketChannel, staffCallListChannel, smsChannel],
      isReachable: () => true,
      staffIds: async () => ['desk-one', 'desk-two'],
      phoneOnly: async () => new Set(),
      presentMatch: async (matchId) => ({ id: matchId }) as MatchView,
      clock,
      logger: {
        warn: (_details, message) => void problems.push(message),
        error: (_details, message) => void problems.push(message),
      },
      ...more,
    });
    relay.addSource(errandSource(more.source));
    return { relay, pushed, offered, changes, problems };
  }

  return {
    storage,
    store,
    clock,
    newId,
    openRelay,
    pass: (ms: number) => void (nowMs += ms),
    /** Writes a document whose outbox holds these events. */
    async write(...events: OutboxEvent[]): Promise<string> {
      const _id = newId();
      await errands.insert({ _id, communityId: ESTATE, status: 'open', version: 1, outbox: events });
      return _id;
    },
    async outboxOf(documentId: string): Promise<string[]> {
      return ((await errands.findById(ESTATE, documentId))?.outbox ?? []).map(({ id }) => id);
    },
    versionOf: async (documentId: string) => (await errands.findById(ESTATE, documentId))?.version,
    /** One event that tells these people one thing. */
    event(
      kind: NotificationKind,
      accountIds: string[],
      more: Partial<OutboxEvent['notices'][number]> = {},
    ): OutboxEvent {
      const id = newId();
      return {
        id,
        type: kind,
        at: clock.now(),
        notices: [{ to: { accountIds }, kind, link: '/r/r1', params: { shortNumber: 417 }, ...more }],
        follow: {},
      };
    },
    listOf: async (recipientId: string) => await store.after(ESTATE, recipientId, 0, 10_000),
    async close(): Promise<void> {
      await storage.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type RelayHouse = Awaited<ReturnType<typeof openRelayHouse>>;

function toOutbox({ _id, communityId, status, version, outbox }: ErrandRecord): OutboxDocument {
  return { id: _id, communityId, status, version, outbox };
}
