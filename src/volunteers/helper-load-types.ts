import type { HelperLoadRecord } from './helper-load-model.ts';

/** One offer that wants its place with a helper. */
export interface Reservation {
  readonly helperId: string;
  readonly requestId: string;
  readonly matchId: string;
  /** Critical: neither waits for the cool-down nor starts one. */
  readonly urgent: boolean;
  readonly maxTasks: number;
  readonly maxOffersPerDay: number;
}

export interface ReservationMoment {
  readonly now: Date;
  /** YYYY-MM-DD on the community's clock. */
  readonly day: string;
  readonly coolDownMs: number;
}

export interface HelperLoadStore {
  /** Makes the missing documents: a helper without one can promise nothing. */
  ensure(communityId: string, helperIds: readonly string[]): Promise<void>;
  readMany(communityId: string, helperIds: readonly string[]): Promise<HelperLoadRecord[]>;
  /**
   * Reserves each offer where the helper's caps allow it, in one bulk write; the loads that hold their
   * reservation afterwards. Reserving the same match twice has one effect.
   */
  reserve(
    communityId: string,
    reservations: readonly Reservation[],
    moment: ReservationMoment,
  ): Promise<HelperLoadRecord[]>;
  /**
   * A reservation becomes a task; without one, a free place among the helper's tasks does. Null when they have
   * enough, or hold one for this request already.
   */
  takeTask(
    communityId: string,
    task: { helperId: string; requestId: string; matchId: string; assignmentId: string },
    rule: { now: Date; maxTasks: number },
  ): Promise<HelperLoadRecord | null>;
  /** Ends open offers; `liftRest` ends the rest they began, `undo` also gives the day's count back. */
  release(
    communityId: string,
    offers: readonly { helperId: string; matchId: string; liftRest?: boolean }[],
    options?: { undo: boolean },
  ): Promise<HelperLoadRecord[]>;
  freeTasks(
    communityId: string,
    tasks: readonly { helperId: string; assignmentId: string }[],
  ): Promise<HelperLoadRecord[]>;
  /** Everybody may be asked again at once, as on a new day: the sample neighbourhood's days are short. */
  endRests(communityId: string): Promise<HelperLoadRecord[]>;
  markOnSite(
    communityId: string,
    task: { helperId: string; assignmentId: string },
  ): Promise<HelperLoadRecord | null>;
  /** Loads that hold something unchecked since before `cutoff`, oldest first. */
  unchecked(cutoff: Date, limit: number): Promise<HelperLoadRecord[]>;
  /** Replaces the lists when nothing changed since `load` was read. */
  settle(
    load: HelperLoadRecord,
    kept: Pick<HelperLoadRecord, 'activeTasks' | 'openOffers'>,
    uncheckedSince: Date | null,
  ): Promise<HelperLoadRecord | null>;
}
