import { type Engine, submitWrite } from '../engine.ts';
import { StoreError } from '../errors.ts';
import { recordedOutcome, recordOutcome, type RetryIdentity } from '../session/retry.ts';
import type { WriteContext } from './documents.ts';
import {
  copyOutcome,
  decodeOutcome,
  encodeOutcome,
  newOutcome,
  type Outcome,
  writeErrorOf,
} from './outcome.ts';

/** One statement of a write command. */
export type Statement =
  /** Runs inside the transaction and must check everything before it writes. */
  | {
      readonly kind: 'single';
      run(context: WriteContext, outcome: Outcome, index: number): void;
      prepare?: () => Promise<void>;
    }
  /** Changes many documents, in transactions of its own. */
  | { readonly kind: 'multi'; run(outcome: Outcome, index: number): Promise<void> };

/** A transaction takes statements for this long; the rest goes into the next one. */
const CHUNK_MS = 5;

/**
 * Runs the statements of a write command in order. Single statements are committed together, a slice
 * of time to a transaction; what the command has come to is recorded in the same transaction when it
 * is retryable, so that a retry goes on where the first attempt ended. An ordered command stops at its
 * first error.
 */
export async function runStatements(
  engine: Engine,
  statements: readonly Statement[],
  isOrdered: boolean,
  retry: RetryIdentity | undefined,
): Promise<Outcome> {
  let outcome = newOutcome();
  if (retry !== undefined) {
    const recorded = recordedOutcome(engine.env.current, retry);
    if (recorded !== undefined) outcome = decodeOutcome(recorded);
  }
  while (outcome.next < statements.length) {
    const statement = statements[outcome.next]!;
    if (statement.kind === 'multi') {
      await runMulti(statement, outcome, isOrdered, statements.length);
      continue;
    }
    if (statement.prepare !== undefined) await statement.prepare();
    const before = outcome;
    outcome = await submitWrite(engine, (context) => {
      const start = firstState(context, before, retry);
      return runChunk(engine, context, start, statements, isOrdered, retry);
    });
  }
  return outcome;
}

/** Another connection may have run a retry of the same write since: then its outcome counts. */
function firstState(context: WriteContext, before: Outcome, retry: RetryIdentity | undefined): Outcome {
  const recorded = retry === undefined ? undefined : recordedOutcome(context.writer, retry);
  return recorded === undefined ? copyOutcome(before) : decodeOutcome(recorded);
}

function runChunk(
  engine: Engine,
  context: WriteContext,
  outcome: Outcome,
  statements: readonly Statement[],
  isOrdered: boolean,
  retry: RetryIdentity | undefined,
): Outcome {
  const started = performance.now();
  const first = outcome.next;
  while (outcome.next < statements.length) {
    const index = outcome.next;
    const statement = statements[index]!;
    if (statement.kind === 'multi') break;
    if (index > first && (statement.prepare !== undefined || performance.now() - started > CHUNK_MS)) break;
    retry?.beforeStatement?.();
    outcome.next++;
    try {
      statement.run(context, outcome, index);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      outcome.writeErrors.push(writeErrorOf(error, index));
      if (isOrdered) outcome.next = statements.length;
    }
  }
  if (retry !== undefined)
    recordOutcome(context.writer, retry, encodeOutcome(outcome), engine.now().getTime());
  return outcome;
}

async function runMulti(
  statement: Extract<Statement, { kind: 'multi' }>,
  outcome: Outcome,
  isOrdered: boolean,
  total: number,
): Promise<void> {
  const index = outcome.next++;
  try {
    await statement.run(outcome, index);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code === 91) throw error;
    outcome.writeErrors.push(writeErrorOf(error, index));
    if (isOrdered) outcome.next = total;
  }
}
