import type { Connection } from 'mongoose';
import { openCommunityCollection } from '../storage/community-collection.ts';
import { accessLogSchema, type AccessLogRecord } from './request-model.ts';

/** Who read the door and phone of a request. Entries are only ever added. */
export interface AccessLogStore {
  add(entry: AccessLogRecord): Promise<void>;
  /** Newest first, at most 200. */
  ofRequest(communityId: string, requestId: string): Promise<AccessLogRecord[]>;
}

/** The only code that reads and writes `accessLog`. */
export function createAccessLogStore(connection: Connection): AccessLogStore {
  const log = openCommunityCollection<AccessLogRecord>(connection, 'accessLog', accessLogSchema);
  return {
    async add(entry) {
      await log.insert(entry);
    },
    ofRequest: async (communityId, requestId) =>
      await log.find(communityId, { requestId }, { sort: { _id: -1 }, limit: 200 }),
  };
}
