import type { Actor, Clock } from '../actor.ts';
import type { NotificationView, Page } from '../shared/api-types.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Channel, NotificationKind } from '../shared/vocabulary.ts';
import { createCallList, type CallList } from './call-list.ts';
import { presentNotification } from './notification-presenter.ts';
import type { NotificationRecord } from './notification-model.ts';
import type { NotificationStore } from './notification-store.ts';
import type { PushMarks } from './push-marks.ts';

const DAY_MS = 86_400_000;
/** Notifications are kept so long; a person's newest is kept for ever, because it holds their number. */
const KEPT_MS = 90 * DAY_MS;
const RETENTION_PAGE = 500;

export interface NotificationServiceDeps {
  readonly store: NotificationStore;
  readonly marks: Pick<PushMarks, 'flush'>;
  readonly names: (
    communityId: string,
    accountIds: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  readonly clock: Clock;
}

export interface NotificationPageQuery {
  /** Only numbers greater than this, ascending: the catch-up. */
  readonly after?: number;
  /** Only numbers smaller than this, descending: the list a person scrolls. */
  readonly before?: number;
}

export interface NotificationService extends CallList {
  /**
   * Without `after`: the newest first. The client takes what this answers as the truth: after retention the
   * first item of a catch-up may be greater than `after + 1`.
   */
  list(actor: Actor, query: NotificationPageQuery): Promise<Page<NotificationView>>;
  /**
   * Everything up to this number was shown. Clamped to the person's newest number, never moves back, writes
   * nothing when nothing is new. Answers the cursor as it is afterwards.
   */
  acknowledge(actor: Actor, upTo: number): Promise<{ acknowledged: number }>;
  /** Greatest acknowledged number, 0 if none: where a fresh client starts its catch-up. */
  cursorOf(communityId: string, accountId: string): Promise<number>;
  /** People whom this sentence reached over any channel (sent or seen). */
  reachedOf(communityId: string, eventId: string, kind: NotificationKind): Promise<string[]>;
  /** Removes what is older than 90 days but for each person's newest; answers how many went. */
  removeOld(now: Date): Promise<number>;
}

export function createNotificationService(deps: NotificationServiceDeps): NotificationService {
  const { store } = deps;
  return {
    list: (actor, query) => listNotifications(store, actor, query),
    async acknowledge({ communityId, accountId }, upTo) {
      const present = await store.acknowledged(communityId, accountId);
      if (upTo <= present) return { acknowledged: present };
      const acknowledged = Math.min(upTo, await store.newestNumber(communityId, accountId));
      if (acknowledged <= present) return { acknowledged: present };
      await store.acknowledge(communityId, accountId, acknowledged, deps.clock.now());
      return { acknowledged };
    },
    cursorOf: (communityId, accountId) => store.acknowledged(communityId, accountId),
    async reachedOf(communityId, eventId, kind) {
      await deps.marks.flush();
      const told = await store.ofEvent(communityId, eventId, kind);
      return told.filter(wasReached).map(({ recipientId }) => recipientId);
    },
    ...createCallList(deps),
    removeOld: (now) => removeOld(store, new Date(now.getTime() - KEPT_MS)),
  };
}

async function listNotifications(
  store: NotificationStore,
  { communityId, accountId }: Actor,
  { after, before = Number.MAX_SAFE_INTEGER }: NotificationPageQuery,
): Promise<Page<NotificationView>> {
  const limit = LIMITS.notificationsPage;
  const records =
    after === undefined
      ? await store.before(communityId, accountId, before, limit + 1)
      : await store.after(communityId, accountId, after, limit + 1);
  const items = records.slice(0, limit).map(presentNotification);
  const last = items.at(-1);
  return { items, nextCursor: records.length > limit && last ? String(last.number) : null };
}

function wasReached({ deliveries }: NotificationRecord): boolean {
  return (Object.keys(deliveries) as Channel[]).some((channel) =>
    ['sent', 'seen'].includes(deliveries[channel]?.status ?? ''),
  );
}

/**
 * Walks everything old in the order of creation, page by page, so that people whose newest notification is old
 * are passed over and never hold the walk up. Can be stopped anywhere and run again.
 */
async function removeOld(store: NotificationStore, until: Date): Promise<number> {
  let removed = 0;
  let from = '';
  for (;;) {
    const page = await store.inOrderOfCreation(from, RETENTION_PAGE);
    const old = page.filter(({ createdAt }) => createdAt < until);
    const people = new Map(old.map(({ recipientId, communityId }) => [recipientId, communityId]));
    for (const [recipientId, communityId] of people) {
      const newest = await store.newestNumber(communityId, recipientId);
      removed += await store.removeOlderThan(communityId, recipientId, until, newest);
    }
    if (old.length < RETENTION_PAGE) return removed;
    from = old.at(-1)?._id ?? from;
  }
}
