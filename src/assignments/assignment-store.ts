import type { Connection } from 'mongoose';
import type { AssignmentStatus } from '../shared/vocabulary.ts';
import { isDuplicate, openCommunityCollection } from '../storage/community-collection.ts';
import { assignmentSchema } from './assignment-model.ts';
import type { AssignmentRecord } from './assignment-record.ts';

/** Promises of one helper, counted by how they ended. */
export interface AssignmentCounts {
  readonly helperId: string;
  readonly status: AssignmentStatus;
  readonly count: number;
  /** Minutes of those done since the moment asked for. */
  readonly recentMinutes: number;
}

export interface AssignmentStore {
  read(communityId: string, assignmentId: string): Promise<AssignmentRecord | null>;
  /** A helper's assignments, newest first; `before` is an id. */
  ofHelper(
    communityId: string,
    helperId: string,
    page: { activeOnly: boolean; before: string | null; limit: number },
  ): Promise<AssignmentRecord[]>;
  ofRequest(communityId: string, requestId: string): Promise<AssignmentRecord[]>;
  /** Writes the state unless a later one of the same request is there already. */
  follow(record: AssignmentRecord): Promise<void>;
  /** Helpers who finished something for this person. */
  helpedBefore(communityId: string, beneficiaryId: string): Promise<string[]>;
  /** By helper and status. Absent ids: everybody. */
  counts(communityId: string, since: Date, helperIds?: readonly string[]): Promise<AssignmentCounts[]>;
}

/** The only code that reads and writes `assignments`. */
export function createAssignmentStore(connection: Connection): AssignmentStore {
  const assignments = openCommunityCollection<AssignmentRecord>(connection, 'assignments', assignmentSchema);
  return {
    read: async (communityId, assignmentId) => await assignments.findById(communityId, assignmentId),
    ofHelper: async (communityId, helperId, { activeOnly, before, limit }) =>
      await assignments.find(
        communityId,
        {
          helperId,
          ...(before === null ? {} : { _id: { $lt: before } }),
          ...(activeOnly ? { status: { $in: ['confirmed', 'checked_in'] } } : {}),
        },
        { sort: { _id: -1 }, limit },
      ),
    ofRequest: async (communityId, requestId) =>
      await assignments.find(communityId, { requestId }, { sort: { _id: 1 }, limit: 100 }),
    async follow(record) {
      const { _id, communityId, requestVersion, ...state } = record;
      const changed = await assignments.change(
        communityId,
        { _id, requestVersion: { $lt: requestVersion } },
        { $set: { ...state, requestVersion } },
      );
      if (changed !== null) return;
      try {
        await assignments.insert(record);
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    },
    async helpedBefore(communityId, beneficiaryId) {
      const found = await assignments.find(
        communityId,
        { beneficiaryId, status: 'done' },
        { projection: { helperId: 1 }, limit: 1_000 },
      );
      return [...new Set(found.map(({ helperId }) => helperId))];
    },
    async counts(communityId, since, helperIds) {
      const groups = await assignments.aggregate<{
        _id: { helperId: string; status: AssignmentStatus };
        count: number;
        recentMs: number;
      }>(communityId, [
        ...(helperIds === undefined ? [] : [{ $match: { helperId: { $in: [...helperIds] } } }]),
        {
          $group: {
            _id: { helperId: '$helperId', status: '$status' },
            count: { $sum: 1 },
            recentMs: {
              $sum: { $cond: [{ $gte: ['$doneAt', since] }, { $subtract: ['$doneAt', '$checkedInAt'] }, 0] },
            },
          },
        },
      ]);
      return groups.map(({ _id, count, recentMs }) => ({
        ..._id,
        count,
        recentMinutes: Math.round((recentMs ?? 0) / 60_000),
      }));
    },
  };
}
