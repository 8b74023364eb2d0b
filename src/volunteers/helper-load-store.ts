import type { AnyBulkWriteOperation, Connection } from 'mongoose';
import { openCommunityCollection } from '../storage/community-collection.ts';
import { helperLoadSchema, type HelperLoadRecord } from './helper-load-model.ts';
import type { HelperLoadStore, Reservation, ReservationMoment } from './helper-load-types.ts';

/** The only code that reads and writes the collection `helperLoads`. */
export function createHelperLoadStore(connection: Connection): HelperLoadStore {
  const loads = openCommunityCollection<HelperLoadRecord>(connection, 'helperLoads', helperLoadSchema);

  async function readMany(communityId: string, helperIds: readonly string[]): Promise<HelperLoadRecord[]> {
    if (helperIds.length === 0) return [];
    return await loads.find(communityId, { _id: { $in: [...new Set(helperIds)] } });
  }

  /** One bulk write; every operation is bound to the community. */
  async function bulk(communityId: string, changes: readonly LoadChange[]): Promise<void> {
    if (changes.length === 0) return;
    const operations = changes.map(({ filter, update }) => ({
      updateOne: { filter: { ...filter, communityId }, update },
    }));
    await loads.model.bulkWrite(operations as AnyBulkWriteOperation<HelperLoadRecord>[] as never, {
      ordered: false,
    });
  }

  return {
    async ensure(communityId, helperIds) {
      const known = new Set((await readMany(communityId, helperIds)).map(({ _id }) => _id));
      await loads.insertMissing(
        helperIds.filter((id) => !known.has(id)).map((id) => emptyLoad(communityId, id)),
      );
    },
    readMany,
    async reserve(communityId, reservations, moment) {
      await bulk(
        communityId,
        reservations.flatMap((reservation) => reserveChanges(reservation, moment)),
      );
      const wanted = new Map(reservations.map(({ helperId, matchId }) => [helperId, matchId]));
      const found = await readMany(communityId, [...wanted.keys()]);
      return found.filter(({ _id, openOffers }) =>
        openOffers.some(({ matchId }) => matchId === wanted.get(_id)),
      );
    },
    async takeTask(communityId, task, rule) {
      const { helperId, requestId, matchId, assignmentId } = task;
      const reserved = await loads.change(
        communityId,
        {
          _id: helperId,
          tasks: { $lt: rule.maxTasks },
          'openOffers.matchId': matchId,
          'activeTasks.requestId': { $ne: requestId },
        },
        {
          $pull: { openOffers: { matchId } },
          $push: { activeTasks: { requestId, assignmentId, since: rule.now, onSite: false } },
          $inc: { tasks: 1, open: -1, version: 1 },
          $min: { uncheckedSince: rule.now },
        },
      );
      if (reserved !== null) return reserved;
      return await loads.change(
        communityId,
        {
          _id: helperId,
          tasks: { $lt: rule.maxTasks },
          'activeTasks.requestId': { $ne: requestId },
        },
        {
          $push: { activeTasks: { requestId, assignmentId, since: rule.now, onSite: false } },
          $inc: { tasks: 1, version: 1 },
          $min: { uncheckedSince: rule.now },
        },
      );
    },
    async release(communityId, offers, { undo } = { undo: false }) {
      if (offers.length === 0) return [];
      await bulk(
        communityId,
        offers.flatMap(({ helperId, matchId, liftRest }) => {
          const end = { $pull: { openOffers: { matchId } } };
          const counts = { open: -1, version: 1, ...(undo ? { offersToday: -1 } : {}) };
          // An urgent offer began no rest, so it has none to give back.
          return [
            {
              urgent: false,
              rests: undo || liftRest === true ? { $set: { nextOfferNotBefore: NO_REST } } : {},
            },
            { urgent: true, rests: {} },
          ].map(({ urgent, rests }) => ({
            filter: { _id: helperId, openOffers: { $elemMatch: { matchId, urgent } } },
            update: { ...end, ...rests, $inc: counts },
          }));
        }),
      );
      return await readMany(
        communityId,
        offers.map(({ helperId }) => helperId),
      );
    },
    async freeTasks(communityId, tasks) {
      if (tasks.length === 0) return [];
      await bulk(
        communityId,
        tasks.map(({ helperId, assignmentId }) => ({
          filter: { _id: helperId, 'activeTasks.assignmentId': assignmentId },
          update: { $pull: { activeTasks: { assignmentId } }, $inc: { tasks: -1, version: 1 } },
        })),
      );
      return await readMany(
        communityId,
        tasks.map(({ helperId }) => helperId),
      );
    },
    async endRests(communityId) {
      const resting = { $or: [{ nextOfferNotBefore: { $gt: NO_REST } }, { offersToday: { $gt: 0 } }] };
      const ids = (await loads.find(communityId, resting, { projection: { _id: 1 } })).map(({ _id }) => _id);
      if (ids.length === 0) return [];
      await loads.changeMany(
        communityId,
        { _id: { $in: ids } },
        { $set: { nextOfferNotBefore: NO_REST, offersToday: 0 }, $inc: { version: 1 } },
      );
      return await readMany(communityId, ids);
    },
    markOnSite: async (communityId, { helperId, assignmentId }) =>
      await loads.change(
        communityId,
        {
          _id: helperId,
          activeTasks: { $elemMatch: { assignmentId, onSite: false } },
        },
        { $set: { 'activeTasks.$.onSite': true }, $inc: { version: 1 } },
      ),
    unchecked: async (cutoff, limit) =>
      await loads.findAcross({ uncheckedSince: { $lt: cutoff } }, { sort: { uncheckedSince: 1 }, limit }),
    async settle(load, { activeTasks, openOffers }, uncheckedSince) {
      return await loads.change(
        load.communityId,
        { _id: load._id, version: load.version },
        {
          $set: {
            activeTasks,
            openOffers,
            tasks: activeTasks.length,
            open: openOffers.length,
            ...(uncheckedSince === null ? {} : { uncheckedSince }),
          },
          ...(uncheckedSince === null ? { $unset: { uncheckedSince: 1 } } : {}),
          $inc: { version: 1 },
        },
      );
    },
  };
}

/** Long past: may be asked at once. */
const NO_REST = new Date(0);

interface LoadChange {
  readonly filter: Record<string, unknown>;
  readonly update: Record<string, unknown>;
}

/**
 * Two forms of one reservation, for a day that goes on and for the first offer of a new one; the name of the
 * match in the filter makes sure that at most one of them acts. Urgent offers may come on top of an ordinary open
 * one, but never on top of another urgent one, and nobody is asked beyond their tasks.
 */
function reserveChanges(reservation: Reservation, { now, day, coolDownMs }: ReservationMoment): LoadChange[] {
  const { helperId, requestId, matchId, urgent, maxTasks, maxOffersPerDay } = reservation;
  const caps = urgent
    ? { tasks: { $lt: maxTasks }, 'openOffers.urgent': { $ne: true } }
    : { $expr: { $lt: [{ $add: ['$tasks', '$open'] }, maxTasks] } };
  const filter = {
    _id: helperId,
    ...caps,
    'openOffers.matchId': { $ne: matchId },
    'openOffers.requestId': { $ne: requestId },
    'activeTasks.requestId': { $ne: requestId },
    'activeTasks.onSite': { $ne: true },
    ...(urgent ? {} : { nextOfferNotBefore: { $lte: now } }),
  };
  const entry = { requestId, matchId, reservedAt: now, urgent };
  const rest = urgent ? {} : { nextOfferNotBefore: new Date(now.getTime() + coolDownMs) };
  const common = { $push: { openOffers: entry }, $min: { uncheckedSince: now } };
  return [
    {
      filter: { ...filter, day, offersToday: { $lt: maxOffersPerDay } },
      update: {
        ...common,
        $set: { ...rest, lastOfferedAt: now },
        $inc: { open: 1, offersToday: 1, version: 1 },
      },
    },
    {
      filter: { ...filter, day: { $ne: day } },
      update: {
        ...common,
        $set: { ...rest, lastOfferedAt: now, day, offersToday: 1 },
        $inc: { open: 1, version: 1 },
      },
    },
  ];
}

function emptyLoad(communityId: string, helperId: string): HelperLoadRecord {
  return {
    _id: helperId,
    communityId,
    activeTasks: [],
    openOffers: [],
    tasks: 0,
    open: 0,
    day: '',
    offersToday: 0,
    nextOfferNotBefore: NO_REST,
    lastOfferedAt: null,
    version: 1,
  };
}
