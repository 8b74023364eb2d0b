import type { Connection } from 'mongoose';
import { openCommunityCollection } from '../storage/community-collection.ts';
import { invitationSchema, type InvitationRecord } from './account-model.ts';

export interface InvitationStore {
  /** Keeps the first with the same digest: a repeated command meets its own invitation. */
  insertMissing(invitation: InvitationRecord): Promise<void>;
  byDigest(communityId: string, codeDigest: string): Promise<InvitationRecord | null>;
  /** Takes the invitation for one account; null when it does not exist, was used or has expired at `now`. */
  claim(
    communityId: string,
    codeDigest: string,
    accountId: string,
    now: Date,
  ): Promise<InvitationRecord | null>;
  /** Gives it back when the account could not be made. */
  release(communityId: string, codeDigest: string, accountId: string): Promise<void>;
}

export function createInvitationStore(connection: Connection): InvitationStore {
  const invitations = openCommunityCollection<InvitationRecord>(connection, 'invitations', invitationSchema);
  return {
    async insertMissing(invitation) {
      await invitations.insertMissing([invitation]);
    },
    byDigest: async (communityId, codeDigest) => await invitations.findOne(communityId, { codeDigest }),
    claim: async (communityId, codeDigest, accountId, now) =>
      await invitations.change(
        communityId,
        { codeDigest, expiresAt: { $gt: now }, usedBy: null },
        { $set: { usedBy: accountId } },
      ),
    async release(communityId, codeDigest, accountId) {
      await invitations.change(communityId, { codeDigest, usedBy: accountId }, { $set: { usedBy: null } });
    },
  };
}
