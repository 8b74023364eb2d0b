import type { Actor, Clock } from '../actor.ts';
import { isStaff, notFound, relationsOf, requireRelation } from './request-policy.ts';
import { ownPart, presentTimelineEntry } from './request-presenter.ts';
import type { AccessLogStore } from './access-log-store.ts';
import { warningsOf } from './request-content.ts';
import type { RequestStore } from './request-store.ts';
import type { HelpRequestRecord } from './request-types.ts';
import type { RequestViews } from './request-views.ts';
import { AppError } from '../errors.ts';
import type {
  AccessLogEntryView,
  HelpRequestCard,
  HelpRequestView,
  Page,
  ReviewItemView,
  TimelineEntryView,
} from '../shared/api-types.ts';
import type { RequestStatus, Urgency } from '../shared/vocabulary.ts';

export interface ReadingServiceDeps {
  readonly requests: Pick<
    RequestStore,
    'read' | 'list' | 'mine' | 'waitingForReview' | 'olderTimeline' | 'countByKind' | 'countCompleted'
  >;
  readonly accessLog: Pick<AccessLogStore, 'ofRequest'>;
  readonly views: RequestViews;
  readonly clock: Clock;
}

export interface ListQuery {
  readonly view: 'board' | 'mine' | 'staff';
  readonly kindId?: string;
  readonly placeId?: string;
  readonly urgency?: Urgency;
  /** Any of these; all by default. */
  readonly status?: readonly RequestStatus[];
  readonly needsPerson?: boolean;
  readonly cursor?: string;
  readonly limit: number;
}

/** Everything that only reads requests. No read writes. */
export interface ReadingService {
  list(actor: Actor, query: ListQuery): Promise<Page<HelpRequestCard | HelpRequestView>>;
  read(actor: Actor, id: string): Promise<HelpRequestView>;
  timeline(actor: Actor, id: string): Promise<Page<TimelineEntryView>>;
  accessLog(actor: Actor, id: string): Promise<Page<AccessLogEntryView>>;
  reviewQueue(actor: Actor, query: { cursor?: string; limit: number }): Promise<Page<ReviewItemView>>;
  /** Figures of the board for the public page of the community. */
  boardCounts(communityId: string): Promise<{
    counts: { kindId: string; open: number }[];
    openCount: number;
    doneThisWeek: number;
  }>;
}

const BOARD: readonly RequestStatus[] = ['open', 'matching', 'assigned', 'in_progress'];
const STAFF: readonly RequestStatus[] = [
  'pending_review',
  'returned',
  'rejected',
  'open',
  'matching',
  'assigned',
  'in_progress',
  'awaiting_confirmation',
  'completed',
  'disputed',
  'unmet',
  'cancelled',
  'expired',
  'duplicate',
];
const WEEK_MS = 7 * 24 * 3_600_000;

export function createReadingService({
  requests,
  accessLog,
  views,
  clock,
}: ReadingServiceDeps): ReadingService {
  async function load(actor: Actor, id: string): Promise<HelpRequestRecord> {
    const request = await requests.read(actor.communityId, id);
    if (request === null) throw notFound();
    return request;
  }

  /** Asks for one more than the page holds, to know whether there is another. */
  async function page<T>(
    limit: number,
    read: (limit: number) => Promise<HelpRequestRecord[]>,
    present: (records: readonly HelpRequestRecord[]) => Promise<T[]>,
  ): Promise<Page<T>> {
    const found = await read(limit + 1);
    const shown = found.slice(0, limit);
    return {
      items: await present(shown),
      nextCursor: found.length > limit ? (shown.at(-1)?._id ?? null) : null,
    };
  }

  return {
    async list(actor, query) {
      const { communityId, accountId } = actor;
      const before = query.cursor ?? null;
      if (query.view === 'mine') {
        const own = async (limit: number): Promise<HelpRequestRecord[]> =>
          await requests.mine(communityId, accountId, { before, limit });
        return await page(query.limit, own, async (records) => await views.views(actor, records));
      }
      if (actor.status === 'suspended')
        throw new AppError('not-allowed', 'Your account is suspended. Call the centre.');
      const forStaff = query.view === 'staff';
      if (forStaff && !isStaff(actor)) throw new AppError('not-allowed', 'This list is for the centre.');
      const all = forStaff ? STAFF : BOARD;
      const wanted = query.status;
      const statuses = wanted === undefined ? all : all.filter((status) => wanted.includes(status));
      const read = async (limit: number): Promise<HelpRequestRecord[]> =>
        await requests.list(
          communityId,
          {
            statuses,
            onlyShown: !forStaff,
            ...(query.kindId === undefined ? {} : { kindId: query.kindId }),
            ...(query.placeId === undefined ? {} : { placeId: query.placeId }),
            ...(query.urgency === undefined ? {} : { urgency: query.urgency }),
            ...(forStaff && query.needsPerson === true ? { needsPerson: true } : {}),
          },
          { before, limit },
        );
      return forStaff
        ? await page(query.limit, read, async (records) => await views.views(actor, records))
        : await page(query.limit, read, async (records) => await views.cards(actor, records));
    },
    async read(actor, id) {
      const [request, reader] = await Promise.all([load(actor, id), views.readerOf(actor)]);
      if (relationsOf(request, reader).length === 0) throw notFound();
      return await views.view(actor, request);
    },
    async timeline(actor, id) {
      const [request, reader] = await Promise.all([load(actor, id), views.readerOf(actor)]);
      const relations = requireRelation('listTimeline', request, reader);
      const kept = new Set(request.timeline.map((entry) => entry.id));
      const older = (await requests.olderTimeline(actor.communityId, id)).filter(
        (entry) => !kept.has(entry.id),
      );
      const entries = [...older, ...request.timeline];
      const isWhole = relations.some((relation) =>
        ['author', 'beneficiary', 'proxy', 'staff'].includes(relation),
      );
      const shown = isWhole ? entries : ownPart(entries, actor.accountId);
      return { items: shown.map(presentTimelineEntry), nextCursor: null };
    },
    async accessLog(actor, id) {
      const [request, reader] = await Promise.all([load(actor, id), views.readerOf(actor)]);
      requireRelation('listAccessLog', request, reader);
      const entries = await accessLog.ofRequest(actor.communityId, id);
      const names = await views.names(
        actor.communityId,
        entries.map(({ readerId }) => readerId),
      );
      return {
        items: entries.map(({ _id, at, readerRole, readerId, fields, purpose }) => ({
          id: _id,
          at: at.toISOString(),
          readerRole,
          readerName: names.get(readerId) ?? '',
          fields: [...fields],
          purpose,
        })),
        nextCursor: null,
      };
    },
    async reviewQueue(actor, { cursor, limit }) {
      const found = await requests.waitingForReview(actor.communityId, readCursor(cursor), limit + 1);
      const shown = found.slice(0, limit);
      const reader = await views.readerOf(actor);
      // What staff are party to waits for somebody else.
      const decidable = shown.filter((request) => relationsOf(request, reader).includes('staff'));
      const [presented, names] = await Promise.all([
        views.views(actor, decidable),
        views.names(
          actor.communityId,
          decidable.map(({ beneficiaryId }) => beneficiaryId),
        ),
      ]);
      const last = shown.at(-1);
      const now = clock.now();
      return {
        items: decidable.map((request, at) => reviewItem(request, presented[at]!, names, now)),
        nextCursor: found.length > limit && last !== undefined ? writeCursor(last) : null,
      };
    },
    async boardCounts(communityId) {
      const [counts, doneThisWeek] = await Promise.all([
        requests.countByKind(communityId, ['open', 'matching']),
        requests.countCompleted(communityId, new Date(clock.now().getTime() - WEEK_MS)),
      ]);
      return { counts, openCount: counts.reduce((sum, { open }) => sum + open, 0), doneThisWeek };
    },
  };
}

function reviewItem(
  request: HelpRequestRecord,
  view: HelpRequestView,
  names: ReadonlyMap<string, string>,
  now: Date,
): ReviewItemView {
  const { review } = request;
  const since = review.since ?? request.createdAt;
  const dueAt = review.dueAt ?? since;
  return {
    request: view,
    authorName: names.get(request.beneficiaryId) ?? '',
    waitingSince: since.toISOString(),
    dueAt: dueAt.toISOString(),
    isLate: now > dueAt,
    isAfterwards: review.afterwards,
    warnings: warningsOf(request),
  };
}

/** Deadline and id of the last item, as one text. */
function writeCursor(request: HelpRequestRecord): string {
  return `${request.review.dueAt?.getTime() ?? 0}.${request._id}`;
}

function readCursor(cursor: string | undefined): { dueAt: Date; id: string } | null {
  const parts = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(cursor ?? '');
  return parts === null ? null : { dueAt: new Date(Number(parts[1])), id: parts[2]! };
}
