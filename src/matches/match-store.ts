import type { Connection } from 'mongoose';
import type { MatchStatus } from '../shared/vocabulary.ts';
import { openCommunityCollection } from '../storage/community-collection.ts';
import { matchRunSchema, matchSchema } from './match-model.ts';
import type { MatchRecord, MatchRunRecord } from './match-record.ts';

/** Answers of one helper to offers, counted by status. */
export interface MatchCounts {
  readonly helperId: string;
  readonly status: MatchStatus;
  readonly count: number;
  readonly recent: number;
  readonly lastOfferedAt: Date;
  readonly lastAnsweredAt: Date | null;
}

export interface MatchStore {
  read(communityId: string, matchId: string): Promise<MatchRecord | null>;
  /** A helper's matches, newest first; `before` is an id. */
  ofHelper(
    communityId: string,
    helperId: string,
    page: { openOnly: boolean; before: string | null; limit: number },
  ): Promise<MatchRecord[]>;
  ofRequest(communityId: string, requestId: string): Promise<MatchRecord[]>;
  /** Those that exist already are left alone. */
  insertMissing(matches: readonly MatchRecord[]): Promise<void>;
  /** A match that was answered stays answered: only live ones change. */
  answer(communityId: string, matchIds: readonly string[], status: MatchStatus, at: Date): Promise<void>;
  /** notified → seen, once; the match as it stands afterwards, null when it is not this helper's. */
  markSeen(communityId: string, matchId: string, helperId: string, at: Date): Promise<MatchRecord | null>;
  insertRun(run: MatchRunRecord): Promise<void>;
  /** By helper and status; `recent` counts offers since that moment. Absent ids: everybody. */
  counts(communityId: string, since: Date, helperIds?: readonly string[]): Promise<MatchCounts[]>;
}

const LIVE: MatchStatus[] = ['suggested', 'notified', 'seen'];

/** The only code that reads and writes `matches` and `matchRuns`. */
export function createMatchStore(connection: Connection): MatchStore {
  const matches = openCommunityCollection<MatchRecord>(connection, 'matches', matchSchema);
  const runs = openCommunityCollection<MatchRunRecord>(connection, 'matchRuns', matchRunSchema);
  return {
    read: async (communityId, matchId) => await matches.findById(communityId, matchId),
    ofHelper: async (communityId, helperId, { openOnly, before, limit }) =>
      await matches.find(
        communityId,
        {
          helperId,
          ...(before === null ? {} : { _id: { $lt: before } }),
          ...(openOnly ? { status: { $in: LIVE } } : {}),
        },
        { sort: { _id: -1 }, limit },
      ),
    ofRequest: async (communityId, requestId) =>
      await matches.find(communityId, { requestId }, { sort: { _id: 1 }, limit: 1_000 }),
    async insertMissing(records) {
      await matches.insertMissing(records);
    },
    async answer(communityId, matchIds, status, at) {
      if (matchIds.length === 0) return;
      await matches.changeMany(
        communityId,
        { _id: { $in: [...matchIds] }, status: { $in: LIVE } },
        { $set: { status, answeredAt: at } },
      );
    },
    async markSeen(communityId, matchId, helperId, at) {
      const changed = await matches.change(
        communityId,
        { _id: matchId, helperId, status: 'notified' },
        { $set: { status: 'seen', seenAt: at } },
      );
      return changed ?? (await matches.findOne(communityId, { _id: matchId, helperId }));
    },
    async insertRun(run) {
      await runs.insertMissing([run]);
    },
    async counts(communityId, since, helperIds) {
      const groups = await matches.aggregate<{
        _id: { helperId: string; status: MatchStatus };
        count: number;
        recent: number;
        lastOfferedAt: Date;
        lastAnsweredAt: Date | null;
      }>(communityId, [
        ...(helperIds === undefined ? [] : [{ $match: { helperId: { $in: [...helperIds] } } }]),
        {
          $group: {
            _id: { helperId: '$helperId', status: '$status' },
            count: { $sum: 1 },
            recent: { $sum: { $cond: [{ $gte: ['$offeredAt', since] }, 1, 0] } },
            lastOfferedAt: { $max: '$offeredAt' },
            lastAnsweredAt: { $max: { $ifNull: ['$answeredAt', '$seenAt'] } },
          },
        },
      ]);
      return groups.map(({ _id, ...figures }) => ({ ..._id, ...figures }));
    },
  };
}
