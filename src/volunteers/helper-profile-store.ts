import type { Connection } from 'mongoose';
import { isDuplicate, openCommunityCollection } from '../storage/community-collection.ts';
import { helperProfileSchema, type HelperProfile } from './helper-profile-model.ts';

export interface HelperProfileStore {
  read(communityId: string, accountId: string): Promise<HelperProfile | null>;
  readMany(communityId: string, accountIds: readonly string[]): Promise<HelperProfile[]>;
  /** Every approved helper of a community, in the order of their ids. */
  approved(communityId: string): Promise<HelperProfile[]>;
  /** Accounts whose profile waits for the centre, oldest first, at most 1,000. */
  waitingIds(communityId: string): Promise<string[]>;
  /** False when there is a profile already. */
  insert(profile: HelperProfile): Promise<boolean>;
  /** The profile after the change, or null when its version is not `version` any more. */
  change(
    communityId: string,
    accountId: string,
    version: number,
    set: Partial<HelperProfile>,
  ): Promise<HelperProfile | null>;
}

/** The only code that reads and writes the collection `helperProfiles`. */
export function createHelperProfileStore(connection: Connection): HelperProfileStore {
  const profiles = openCommunityCollection<HelperProfile>(connection, 'helperProfiles', helperProfileSchema);
  return {
    read: async (communityId, accountId) => await profiles.findById(communityId, accountId),
    async readMany(communityId, accountIds) {
      if (accountIds.length === 0) return [];
      return await profiles.find(communityId, { _id: { $in: [...accountIds] } });
    },
    approved: async (communityId) =>
      await profiles.find(communityId, { status: 'approved' }, { sort: { _id: 1 } }),
    async waitingIds(communityId) {
      const found = await profiles.find(
        communityId,
        { status: 'waiting' },
        { sort: { updatedAt: 1 }, limit: 1_000, projection: { _id: 1 } },
      );
      return found.map(({ _id }) => _id);
    },
    async insert(profile) {
      try {
        await profiles.insert(profile);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
    change: async (communityId, accountId, version, set) =>
      await profiles.change(communityId, { _id: accountId, version }, { $set: set, $inc: { version: 1 } }),
  };
}
