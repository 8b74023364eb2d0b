import { answerOf, type AssignmentProblem } from './assignment-state.ts';
import { MatchingInputError } from './matching-error.ts';
import type { RankedHelper, Urgency } from './match-types.ts';
import { solveInSteps } from './solve-assignment.ts';

/** A request that waits in the batch window, with its candidates as ranked (about 30 are enough). */
export interface BatchRequest {
  readonly requestId: string;
  readonly urgency: Urgency;
  /** Free places; each becomes a slot of its own, taken by different helpers. */
  readonly slotsFree: number;
  /** All places or none: left to staff with a ranked list. */
  readonly allOrNone: boolean;
  readonly candidates: readonly RankedHelper[];
  /** Candidates place by place, when the places want different skills; absent: the same for all. */
  readonly candidatesByPlace?: readonly (readonly RankedHelper[])[];
  /** Helpers with an open offer for it: they get a bonus, so that re-runs do not churn. */
  readonly offeredTo: readonly string[];
}

export interface BatchOptions {
  /** Helpers who have promised something and may take no more: left out. */
  readonly taken: ReadonlySet<string>;
}

export interface BatchResult {
  readonly pairs: readonly {
    readonly requestId: string;
    readonly helperId: string;
    readonly weight: number;
  }[];
  readonly alone: readonly string[];
  /** Requests for staff, with candidates in order. */
  readonly forStaff: readonly { readonly requestId: string; readonly helperIds: readonly string[] }[];
  readonly value: number;
  /** No assignment of these weights exceeds it; less than 1 above `value` is a proof. */
  readonly bound: number;
  readonly gap: number;
}

/** Weight units of a certain, perfect match of normal urgency. */
const UNIT = 10_000;
const URGENCY_WEIGHT: Readonly<Record<Urgency, number>> = { critical: 4, high: 2, normal: 1, low: 0.7 };
/** Bonus of an offer that is open already, in weight units: changing it must be worth more. */
const HYSTERESIS = 300;
/** Each further slot of a request counts this much less, so that first helpers come before second ones. */
const NEXT_SLOT = 0.9;

/**
 * One batch: the assignment of helpers to slots with the largest sum of p·b·u·urgency, whole-numbered weights,
 * nobody twice, no helper twice for one request, being alone allowed. Accepted pairs are fixed by leaving their
 * helper (`taken`) and slot out. One household may fill several slots here; waves see to that.
 * Sources: batch windows, Zhang et al. (KDD'17); slots for several helpers, Cheng et al. (TKDE'16).
 * Throws MatchingInputError for a request id that comes twice.
 */
export function assignBatch(requests: readonly BatchRequest[], options: BatchOptions): BatchResult {
  const steps = assignBatchInSteps(requests, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, but yields every few milliseconds, so that a thread with other work can stop in between. */
export function* assignBatchInSteps(
  requests: readonly BatchRequest[],
  options: BatchOptions,
): Generator<void, BatchResult, void> {
  checkIds(requests);
  const open = requests.filter((one) => !one.allOrNone && one.slotsFree > 0);
  const slots = open.flatMap((request) =>
    Array.from({ length: request.slotsFree }, (_, slot) => ({ request, slot })),
  );
  const { problem, columns } = problemOf(slots, options.taken);
  const answer = answerOf(yield* solveInSteps(problem));
  const pairs: { requestId: string; helperId: string; weight: number }[] = [];
  const served = new Set<string>();
  slots.forEach(({ request, slot }, row) => {
    const helperId = columns[answer.columnOfRow[row]!];
    const candidate = candidatesFor(request, slot).find((one) => one.helperId === helperId);
    if (candidate === undefined) return;
    pairs.push({
      requestId: request.requestId,
      helperId: candidate.helperId,
      weight: weightOf(request, candidate, slot),
    });
    served.add(request.requestId);
  });
  return {
    pairs,
    alone: open.filter((one) => !served.has(one.requestId)).map((one) => one.requestId),
    forStaff: requests
      .filter((one) => one.allOrNone)
      .map((one) => ({ requestId: one.requestId, helperIds: one.candidates.map((c) => c.helperId) })),
    value: answer.value,
    bound: answer.bound,
    gap: answer.gap,
  };
}

function candidatesFor(request: BatchRequest, place: number): readonly RankedHelper[] {
  return request.candidatesByPlace?.[place] ?? request.candidates;
}

/** Whole-numbered weight of one candidate for one slot; 0 is never worth a match. */
export function weightOf(request: BatchRequest, candidate: RankedHelper, slot: number): number {
  const bonus = request.offeredTo.includes(candidate.helperId) ? HYSTERESIS : 0;
  const worth = candidate.order * URGENCY_WEIGHT[request.urgency] * NEXT_SLOT ** slot;
  return Math.max(0, Math.round(UNIT * worth) + bonus);
}

function problemOf(
  slots: readonly { readonly request: BatchRequest; readonly slot: number }[],
  taken: ReadonlySet<string>,
): { problem: AssignmentProblem; columns: readonly string[] } {
  const columnOf = new Map<string, number>();
  const rowStart = new Int32Array(slots.length + 1);
  const edgeColumn: number[] = [];
  const edgeWeight: number[] = [];
  slots.forEach(({ request, slot }, row) => {
    for (const candidate of candidatesFor(request, slot)) {
      if (taken.has(candidate.helperId)) continue;
      let column = columnOf.get(candidate.helperId);
      if (column === undefined) columnOf.set(candidate.helperId, (column = columnOf.size));
      edgeColumn.push(column);
      edgeWeight.push(weightOf(request, candidate, slot));
    }
    rowStart[row + 1] = edgeColumn.length;
  });
  const problem = {
    rows: slots.length,
    columns: columnOf.size,
    rowStart,
    edgeColumn: Int32Array.from(edgeColumn),
    edgeWeight: Float64Array.from(edgeWeight),
  };
  return { problem, columns: [...columnOf.keys()] };
}

function checkIds(requests: readonly BatchRequest[]): void {
  const seen = new Set<string>();
  requests.forEach((request, at) => {
    if (seen.has(request.requestId)) throw new MatchingInputError(`requests[${at}].requestId`, 'no id twice');
    if (!Number.isInteger(request.slotsFree) || request.slotsFree < 0) {
      throw new MatchingInputError(`requests[${at}].slotsFree`, 'a whole number of 0 or more');
    }
    seen.add(request.requestId);
  });
}
