import path from 'node:path';
import { silentLogger } from '../../src/logger.ts';
import { openStorage } from '../../src/storage/open-storage.ts';

/** What the store holds of a request, as far as counting goes. */
export interface StoredRequest {
  readonly _id: string;
  readonly status: string;
  readonly needed: number;
  readonly taken: number;
  readonly authorId: string;
  readonly completedAt: Date | null;
  readonly thanks: unknown;
  readonly slots: readonly {
    readonly status: string;
    readonly helperId: string;
    readonly assignmentId: string;
    readonly kind: string;
  }[];
  readonly offers: readonly {
    readonly helperId: string;
    readonly matchId: string;
    readonly waveNo: number;
  }[];
  readonly outbox: readonly { readonly id: string }[];
}

export interface StoredNotification {
  readonly _id: string;
  readonly recipientId: string;
  readonly number: number;
  readonly eventId: string;
  readonly kind: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface StoredLoad {
  readonly _id: string;
  readonly tasks: number;
  readonly open: number;
  readonly activeTasks: readonly { readonly requestId: string; readonly assignmentId: string }[];
  readonly openOffers: readonly { readonly requestId: string }[];
}

export interface StoredAssignment {
  readonly _id: string;
  readonly requestId: string;
  readonly helperId: string;
  readonly status: string;
  readonly checkedInAt: Date | null;
  readonly doneAt: Date | null;
}

export interface StoredMatch {
  readonly _id: string;
  readonly status: string;
}

export interface EstateRecords {
  readonly requests: readonly StoredRequest[];
  readonly assignments: readonly StoredAssignment[];
  readonly matches: readonly StoredMatch[];
  readonly loads: readonly StoredLoad[];
  readonly notifications: readonly StoredNotification[];
}

/** Reads everything out of the store of a service that has stopped. */
export async function readRecords(folder: string): Promise<EstateRecords> {
  const storage = await openStorage({
    mongodbUri: null,
    dataDir: path.join(folder, 'store'),
    logger: silentLogger,
  });
  const all = async <T>(name: string): Promise<T[]> =>
    (await storage.connection.collection(name).find({}).toArray()) as unknown as T[];
  try {
    return {
      requests: await all<StoredRequest>('helpRequests'),
      assignments: await all<StoredAssignment>('assignments'),
      matches: await all<StoredMatch>('matches'),
      loads: await all<StoredLoad>('helperLoads'),
      notifications: await all<StoredNotification>('notifications'),
    };
  } finally {
    await storage.close();
  }
}

const ENDED = new Set(['done', 'withdrawn', 'no_show', 'cancelled']);

/**
 * Every difference between counters and records, in words; an empty list when they agree: slots within capacity and
 * counted right, one live assignment for each slot and no other, and each helper's load naming exactly their slots.

 */
export function differences({ requests, assignments, loads }: EstateRecords): string[] {
  const found: string[] = [];
  const slotsByHelper = new Map<string, Set<string>>();
  for (const request of requests) {
    const { _id, taken, slots, needed } = request;
    const primary = slots.filter(({ kind }) => kind === 'primary');
    if (primary.length > needed)
      found.push(`${_id}: ${String(primary.length)} helpers for ${String(needed)}`);
    if (taken !== primary.length)
      found.push(`${_id}: counter ${String(taken)}, slots ${String(primary.length)}`);
    if (new Set(slots.map(({ helperId }) => helperId)).size !== slots.length)
      found.push(`${_id}: a helper twice`);
    const live = assignments.filter(({ requestId, status }) => requestId === _id && !ENDED.has(status));
    const promised = slots.filter(({ status }) => status !== 'done');
    const expected = promised.map(({ assignmentId }) => assignmentId).sort();
    const present = live.map((assignment) => assignment._id).sort();
    if (expected.join() !== present.join()) {
      found.push(`${_id} (${request.status}): slots ${expected.join()}, live assignments ${present.join()}`);
    }
    for (const { helperId } of promised) {
      slotsByHelper.set(helperId, (slotsByHelper.get(helperId) ?? new Set()).add(_id));
    }
  }
  for (const { _id, tasks, open, activeTasks, openOffers } of loads) {
    if (tasks !== activeTasks.length)
      found.push(`load of ${_id}: counter ${String(tasks)}, tasks ${String(activeTasks.length)}`);
    if (open !== openOffers.length)
      found.push(`load of ${_id}: counter ${String(open)}, offers ${String(openOffers.length)}`);
    const promised = activeTasks.map(({ requestId }) => requestId).sort();
    const slots = [...(slotsByHelper.get(_id) ?? [])].sort();
    if (promised.join() !== slots.join())
      found.push(`load of ${_id}: promised ${promised.join()}, slots ${slots.join()}`);
  }
  return found;
}
