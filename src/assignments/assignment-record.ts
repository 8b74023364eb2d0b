import type { AssignmentStatus } from '../shared/vocabulary.ts';
import type { CommunityDocument } from '../storage/community-collection.ts';

/** An accepted match. The truth while it lives is the slot of the request; this record follows and remembers. */
export interface AssignmentRecord extends CommunityDocument {
  requestId: string;
  matchId: string;
  helperId: string;
  beneficiaryId: string;
  slot: 'primary' | 'backup';
  status: AssignmentStatus;
  acceptedAt: Date;
  startsAt: Date;
  expectedEnd: Date;
  checkedInAt: Date | null;
  doneAt: Date | null;
  /** Version of the request that this state comes from: an older one never overwrites it. */
  requestVersion: number;
}
