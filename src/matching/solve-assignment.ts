import { createAuction, runAuction, settleAuction } from './assignment-auction.ts';
import { augmentRow, createAugmentMemory } from './assignment-augment.ts';
import {
  answerOf,
  createAssignmentState,
  type AssignmentAnswer,
  type AssignmentProblem,
  type AssignmentState,
} from './assignment-state.ts';

/** Bids per row before the augmentation takes over; measured best between 20 and 40. */
const BIDS_PER_ROW = 30;
/** Bids between two yields of `solveInSteps`; one costs a fraction of a microsecond. */
const BIDS_PER_STEP = 8192;
/** Rows augmented between two yields of `solveInSteps`. */
const ROWS_PER_STEP = 16;

/**
 * The assignment of largest total weight, with its proof: auction, then augmentation of the rows that are
 * left. `gap` is below 1 in every answer. Throws MatchingInputError naming the field of a bad problem.
 * Sources: Bertsekas (1988); Jonker and Volgenant (1987); Volgenant (1996).
 */
export function solveAssignment(problem: AssignmentProblem): AssignmentAnswer {
  return answerOf(solveState(problem));
}

/** The same, but hands over the state, for `createLiveAssignment`. */
export function solveState(problem: AssignmentProblem): AssignmentState {
  const steps = solveInSteps(problem);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The solver as a generator: yields between the auction and every few augmentations, so that a thread with
 * other work can stop in between; the answer is the same.
 */
export function* solveInSteps(problem: AssignmentProblem): Generator<void, AssignmentState, void> {
  const state = createAssignmentState(problem);
  const auction = createAuction(problem.rows);
  while (!runAuction(state, auction, BIDS_PER_ROW, BIDS_PER_STEP)) yield;
  settleAuction(state);
  yield;
  const left = Int32Array.from(auction.left).sort();
  const memory = createAugmentMemory(problem.columns);
  for (let i = 0; i < left.length; i += 1) {
    augmentRow(state, memory, left[i]!);
    if (i % ROWS_PER_STEP === ROWS_PER_STEP - 1) yield;
  }
  return state;
}
