import type { Clock } from '../actor.ts';
import type { OutboxDocument, OutboxEvent, OutboxSource, RelayKick } from '../domain-events.ts';
import type { MatchView } from '../shared/api-types.ts';
import { channelsFor } from './delivery-channels.ts';
import type { DeliveryChannel } from './delivery-channels.ts';
import { addressesStaff, expandNotices } from './expand-notices.ts';
import type { NotificationDraft } from './expand-notices.ts';
import { createKeyedWorkers } from './keyed-workers.ts';
import type { NotificationRecord } from './notification-model.ts';
import { presentNotification } from './notification-presenter.ts';
import type { NotificationPushes } from './notification-pushes.ts';
import type { NumberNotifications } from './number-notifications.ts';

const SWEEP_PAGE = 200;
const MAX_AT_ONCE = 16;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface RelayDeps {
  readonly numberNotifications: NumberNotifications;
  readonly pushes: NotificationPushes;
  readonly channels: readonly DeliveryChannel[];
  readonly isReachable: (accountId: string) => boolean;
  readonly staffIds: (communityId: string) => Promise<readonly string[]>;
  /** Those of the given people who have no phone of their own. */
  readonly phoneOnly: (communityId: string, accountIds: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly presentMatch: (matchId: string, helperId: string) => Promise<MatchView | null>;
  readonly clock: Clock;
  readonly logger: RelayLogger;
}

export interface RelayLogger {
  warn(details: Record<string, unknown>, message: string): void;
  error(details: Record<string, unknown>, message: string): void;
}

export interface Relay extends RelayKick {
  addSource(source: OutboxSource): void;
  /** Looks for outboxes that nobody kicked: what a crash left, or what failed before and has waited. */
  sweep(): Promise<number>;
  /** Age in milliseconds of the oldest event that the last sweep found, 0 when it found none. */
  lagMs(): number;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Carries every event of an outbox out: follow-up records first, then one numbered notification per person,
 * then the pushes, then the outbox is cleared. Each step may happen twice (a crash between any two of them
 * starts the document again) and has its effect once, by event id. One document is handled by one worker at a
 * time, its events in their order; at most 16 documents at once.
 */
export function createRelay(deps: RelayDeps): Relay {
  const sources = new Map<string, OutboxSource>();
  const pauses = createPauses(deps.clock);
  const workers = createKeyedWorkers(MAX_AT_ONCE, handle);
  let lag = 0;

  async function handle(key: string): Promise<void> {
    const [sourceName, documentId] = splitKey(key);
    try {
      const source = sources.get(sourceName);
      if (source === undefined) throw new Error(`no outbox source is called ${sourceName}`);
      await carryOut(deps, source, documentId);
      pauses.clear(key);
    } catch (error) {
      const pauseMs = pauses.failed(key);
      deps.logger.error({ source: sourceName, documentId, pauseMs, err: error }, 'outbox not delivered');
    }
  }

  return {
    addSource: (source) => void sources.set(source.name, source),
    kick: (sourceName, documentId) => workers.request(keyOf(sourceName, documentId)),
    async sweep() {
      const now = deps.clock.now().getTime();
      let found = 0;
      let oldest = now;
      for (const source of sources.values()) {
        for (const document of await source.pending(SWEEP_PAGE)) {
          found += 1;
          oldest = Math.min(oldest, document.outbox[0]?.at.getTime() ?? now);
          const key = keyOf(source.name, document.id);
          if (!workers.has(key) && !pauses.isPausing(key)) workers.request(key);
        }
      }
      lag = now - oldest;
      return found;
    },
    lagMs: () => lag,
    idle: () => workers.idle(),
    stop: () => workers.stop(),
  };
}

async function carryOut(deps: RelayDeps, source: OutboxSource, documentId: string): Promise<void> {
  const document = await source.read(documentId);
  if (document === undefined || document.outbox.length === 0) return;
  const { followed, failure } = await followInOrder(source, document);
  if (followed.length > 0) {
    await tell(deps, document.communityId, followed);
    const { accountIds, staff, board } = source.audience(document);
    const change = { requestId: document.id, status: document.status, version: document.version };
    deps.pushes.requestChanged(accountIds, staff ? document.communityId : null, change);
    if (board) deps.pushes.boardChanged(document.communityId, document.id);
    await source.clear(
      document,
      followed.map(({ id }) => id),
    );
  }
  if (failure !== undefined) throw failure;
}

/** The events whose records follow by now, up to the first that fails: later ones must not overtake it. */
async function followInOrder(
  source: OutboxSource,
  document: OutboxDocument,
): Promise<{ followed: readonly OutboxEvent[]; failure: Error | undefined }> {
  const followed: OutboxEvent[] = [];
  for (const event of document.outbox) {
    try {
      await source.follow(document, event);
    } catch (error) {
      return { followed, failure: new Error(`event ${event.id} was not followed`, { cause: error }) };
    }
    followed.push(event);
  }
  return { followed, failure: undefined };
}

/** All that the events say, stored in one go: a person's sentences keep the order of the events. */
async function tell(deps: RelayDeps, communityId: string, events: readonly OutboxEvent[]): Promise<void> {
  const staffIds = events.some(addressesStaff) ? await deps.staffIds(communityId) : [];
  const drafts = events.flatMap((event) => expandNotices(event, staffIds));
  if (drafts.length === 0) return;
  const withChannels = await chooseChannels(deps, communityId, drafts);
  const offers: NotificationRecord[] = [];
  await deps.numberNotifications(communityId, withChannels, deps.clock.now(), (records) => {
    for (const record of records)
      deps.pushes.notified(communityId, record._id, record.recipientId, presentNotification(record));
    offers.push(...records.filter(({ kind }) => kind === 'offer'));
  });
  await Promise.all(offers.map((offer) => showOffer(deps, offer)));
}

/** Who has no phone of their own is asked only for those whom an open socket does not settle. */
async function chooseChannels(deps: RelayDeps, communityId: string, drafts: readonly NotificationDraft[]) {
  const reachable = new Map(drafts.map(({ recipientId }) => [recipientId, deps.isReachable(recipientId)]));
  const unsettled = drafts.filter((draft) => !draft.silent && reachable.get(draft.recipientId) !== true);
  const phoneOnly =
    unsettled.length === 0
      ? new Set<string>()
      : await deps.phoneOnly(communityId, [...new Set(unsettled.map(({ recipientId }) => recipientId))]);
  return drafts.map((draft) => ({
    draft,
    channels: channelsFor(deps.channels, draft, {
      isReachable: reachable.get(draft.recipientId) === true,
      hasPhoneOnly: phoneOnly.has(draft.recipientId),
    }),
  }));
}

/** The offer itself is a courtesy of speed: without it the client reads the match over HTTP. */
async function showOffer(deps: RelayDeps, offer: NotificationRecord): Promise<void> {
  const matchId = offer.params['matchId'];
  if (typeof matchId !== 'string' || !deps.isReachable(offer.recipientId)) return;
  try {
    const match = await deps.presentMatch(matchId, offer.recipientId);
    if (match !== null) deps.pushes.matchOffered(offer.recipientId, match);
  } catch (error) {
    deps.logger.warn({ matchId, err: error }, 'offer not shown live');
  }
}

/** After a failure the sweep leaves a document alone for a while, twice as long each time up to a minute. */
function createPauses(clock: Clock) {
  const pauses = new Map<string, { until: number; ms: number }>();
  return {
    failed(key: string): number {
      const ms = Math.min((pauses.get(key)?.ms ?? FIRST_PAUSE_MS / 2) * 2, LONGEST_PAUSE_MS);
      pauses.set(key, { until: clock.now().getTime() + ms, ms });
      return ms;
    },
    clear: (key: string) => void pauses.delete(key),
    isPausing: (key: string) => (pauses.get(key)?.until ?? 0) > clock.now().getTime(),
  };
}

function keyOf(sourceName: string, documentId: string): string {
  return `${sourceName}/${documentId}`;
}

function splitKey(key: string): [string, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
