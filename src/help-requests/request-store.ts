import type { Connection, QueryFilter } from 'mongoose';
import { LIMITS } from '../shared/limits.ts';
import type { RequestStatus } from '../shared/vocabulary.ts';
import { isDuplicate, openCommunityCollection } from '../storage/community-collection.ts';
import type { Change } from './move-types.ts';
import {
  helpRequestSchema,
  shortNumberSchema,
  timelineSchema,
  type ShortNumberRecord,
  type TimelineRecord,
} from './request-model.ts';
import type { HelpRequestRecord, StoredCommand, TimelineEntry, Timer } from './request-types.ts';

type Filter = QueryFilter<HelpRequestRecord>;

/** What must still be true of the stored request for a move to happen, besides its version. */
export interface MoveGuard {
  readonly from: readonly RequestStatus[];
  /** The timer that fires: it must still be there, so that it fires once. */
  readonly timer?: Timer;
  /** A place for this helper must be free, and they must not have one. */
  readonly freeSlotFor?: { readonly helperId: string; readonly needed: number };
}

export interface RequestPage {
  /** Give requests with smaller ids only: newest first. */
  readonly before: string | null;
  readonly limit: number;
}

export interface BoardFilter {
  readonly statuses: readonly RequestStatus[];
  readonly kindId?: string;
  readonly placeId?: string;
  readonly urgency?: string;
  readonly needsPerson?: boolean;
  /** Members see what is shown; staff see all. */
  readonly onlyShown: boolean;
}

export interface RequestStore {
  read(communityId: string, id: string): Promise<HelpRequestRecord | null>;
  readMany(communityId: string, ids: readonly string[]): Promise<HelpRequestRecord[]>;
  /** Across communities: for the relay and the clock of the installation. */
  readAcross(id: string): Promise<HelpRequestRecord | null>;
  byCreateKey(communityId: string, createKey: string): Promise<HelpRequestRecord | null>;
  /** False when a document with the same create key exists. */
  insert(record: HelpRequestRecord): Promise<boolean>;
  /**
   * The one conditional write of a move: acts only on the version that was read and while the guard holds. The
   * request afterwards, or null when somebody was faster.
   */
  move(
    record: HelpRequestRecord,
    change: Change,
    guard: MoveGuard,
    command?: StoredCommand,
  ): Promise<HelpRequestRecord | null>;
  /** Newest first, for reading only: without what no list shows (timeline, commands and outbox come empty). */
  list(communityId: string, filter: BoardFilter, page: RequestPage): Promise<HelpRequestRecord[]>;
  /** Written for or by this person, newest first. */
  mine(communityId: string, accountId: string, page: RequestPage): Promise<HelpRequestRecord[]>;
  /** Waiting for the centre, most urgent deadline first. */
  waitingForReview(
    communityId: string,
    after: { dueAt: Date; id: string } | null,
    limit: number,
  ): Promise<HelpRequestRecord[]>;
  due(now: Date, limit: number): Promise<HelpRequestRecord[]>;
  removeDraft(record: HelpRequestRecord, timer: Timer): Promise<boolean>;
  withOutbox(limit: number): Promise<HelpRequestRecord[]>;
  clearOutbox(id: string, eventIds: readonly string[]): Promise<void>;
  /** The entries that left the document, oldest first. */
  olderTimeline(communityId: string, requestId: string): Promise<TimelineEntry[]>;
  /** The first number of a block of `size` that nobody else gets. */
  takeShortNumbers(communityId: string, size: number): Promise<number>;
  countByKind(
    communityId: string,
    statuses: readonly RequestStatus[],
  ): Promise<{ kindId: string; open: number }[]>;
  countCompleted(communityId: string, since: Date): Promise<number>;
}

/** The only code that reads and writes `helpRequests`, `timelineEntries` and `shortNumbers`. */
export function createRequestStore(connection: Connection): RequestStore {
  const requests = openCommunityCollection<HelpRequestRecord>(connection, 'helpRequests', helpRequestSchema);
  const timeline = openCommunityCollection<TimelineRecord>(connection, 'timelineEntries', timelineSchema);
  const numbers = openCommunityCollection<ShortNumberRecord>(connection, 'shortNumbers', shortNumberSchema);

  /** An entry is copied to its own collection before the document drops it. */
  async function keepOldEntries(record: HelpRequestRecord, added: number): Promise<void> {
    const dropped = record.timeline.length + added - LIMITS.timelineKept;
    if (dropped <= 0) return;
    await timeline.insertMissing(
      record.timeline.slice(0, dropped).map(({ id, ...entry }) => ({
        ...entry,
        _id: id,
        communityId: record.communityId,
        requestId: record._id,
      })),
    );
  }

  return {
    read: async (communityId, id) => await requests.findById(communityId, id),
    async readMany(communityId, ids) {
      if (ids.length === 0) return [];
      return await requests.find(communityId, { _id: { $in: [...new Set(ids)] } });
    },
    async readAcross(id) {
      const [found] = await requests.findAcross({ _id: id }, { limit: 1 });
      return found ?? null;
    },
    byCreateKey: async (communityId, createKey) => await requests.findOne(communityId, { createKey }),
    async insert(record) {
      try {
        await requests.insert(record);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
    async move(record, change, guard, command) {
      await keepOldEntries(record, change.timeline.length);
      const push: Record<string, unknown> = {};
      if (change.timeline.length > 0) {
        push['timeline'] = { $each: change.timeline, $slice: -LIMITS.timelineKept };
      }
      if (change.event !== null) push['outbox'] = change.event;
      if (command !== undefined) push['commands'] = { $each: [command], $slice: -LIMITS.commandsKept };
      return await requests.change(record.communityId, guardFilter(record, guard), {
        $set: change.set,
        $inc: { version: 1 },
        ...(Object.keys(push).length === 0 ? {} : { $push: push }),
      });
    },
    async list(communityId, filter, { before, limit }) {
      const found = await requests.find(communityId, boardFilter(filter, before), {
        sort: { _id: -1 },
        limit,
        projection: { timeline: 0, commands: 0, outbox: 0 },
      });
      return found.map((request) => ({ ...request, timeline: [], commands: [], outbox: [] }));
    },
    async mine(communityId, accountId, { before, limit }) {
      const older = before === null ? {} : { _id: { $lt: before } };
      const options = { sort: { _id: -1 as const }, limit };
      const [own, written] = await Promise.all([
        requests.find(communityId, { beneficiaryId: accountId, ...older }, options),
        requests.find(communityId, { authorId: accountId, ...older }, options),
      ]);
      const byId = new Map([...own, ...written].map((request) => [request._id, request]));
      return [...byId.values()].sort((a, b) => (a._id < b._id ? 1 : -1)).slice(0, limit);
    },
    waitingForReview: async (communityId, after, limit) =>
      await requests.find(
        communityId,
        {
          'review.state': 'waiting',
          ...(after === null
            ? {}
            : {
                $or: [
                  { 'review.dueAt': { $gt: after.dueAt } },
                  { 'review.dueAt': after.dueAt, _id: { $gt: after.id } },
                ],
              }),
        },
        { sort: { 'review.dueAt': 1, _id: 1 }, limit },
      ),
    due: async (now, limit) =>
      await requests.findAcross({ nextDueAt: { $lte: now } }, { sort: { nextDueAt: 1 }, limit }),
    async removeDraft(record, timer) {
      const filter = guardFilter(record, { from: ['draft'], timer });
      return (await requests.remove(record.communityId, filter)) === 1;
    },
    withOutbox: async (limit) =>
      await requests.findAcross({ 'outbox.at': { $gt: new Date(0) } } as unknown as Filter, {
        sort: { 'outbox.at': 1 },
        limit,
      }),
    async clearOutbox(id, eventIds) {
      await requests.model.updateOne({ _id: id } as never, {
        $pull: { outbox: { id: { $in: [...eventIds] } } },
      });
    },
    async olderTimeline(communityId, requestId) {
      const found = await timeline.find(
        communityId,
        { requestId },
        { sort: { at: 1, _id: 1 }, limit: 1_000 },
      );
      return found.map(({ _id, at, type, actor, actorId, params }) => ({
        id: _id,
        at,
        type,
        actor,
        actorId,
        params,
      }));
    },
    async takeShortNumbers(communityId, size) {
      const counter = await numbers.change(
        communityId,
        { _id: communityId },
        { $inc: { last: size } },
        { upsert: true },
      );
      if (counter === null) throw new Error('no short number was given');
      return counter.last - size + 1;
    },
    countByKind: async (communityId, statuses) =>
      await requests.aggregate<{ kindId: string; open: number }>(communityId, [
        { $match: { status: { $in: [...statuses] }, visibility: 'shown' } },
        { $group: { _id: '$kindId', open: { $sum: 1 } } },
        { $project: { _id: 0, kindId: '$_id', open: 1 } },
      ]),
    countCompleted: async (communityId, since) =>
      await requests.count(communityId, { completedAt: { $gte: since } }),
  };
}

function guardFilter(record: HelpRequestRecord, guard: MoveGuard): Filter {
  const { timer, freeSlotFor } = guard;
  return {
    _id: record._id,
    version: record.version,
    status: { $in: [...guard.from] },
    ...(timer === undefined
      ? {}
      : {
          timers: { $elemMatch: { kind: timer.kind, dueAt: timer.dueAt, assignmentId: timer.assignmentId } },
        }),
    ...(freeSlotFor === undefined
      ? {}
      : { taken: { $lt: freeSlotFor.needed }, 'slots.helperId': { $ne: freeSlotFor.helperId } }),
  };
}

function boardFilter(filter: BoardFilter, before: string | null): Filter {
  return {
    status: { $in: [...filter.statuses] },
    ...(before === null ? {} : { _id: { $lt: before } }),
    ...(filter.onlyShown ? { visibility: 'shown' } : {}),
    ...(filter.kindId === undefined ? {} : { kindId: filter.kindId }),
    ...(filter.placeId === undefined ? {} : { 'place.id': filter.placeId }),
    ...(filter.urgency === undefined ? {} : { urgency: filter.urgency }),
    ...(filter.needsPerson === true ? { needsPerson: { $ne: null } } : {}),
  } as Filter;
}
