import { type StoreError, storeError } from '../errors.ts';
import type { Env } from './env.ts';
import type { Writer } from './view.ts';

/** State kept in memory that must follow the transactions: marked before each work, restored when it throws. */
export interface FollowingState {
  mark(): unknown;
  restore(mark: unknown): void;
  /** The group is on disk: what was pending is now what readers see. */
  publish(): void;
}

export interface CommitQueue {
  /**
   * Runs `work` alone inside a write transaction and resolves with its value once that is on disk.
   * Work is run in the order submitted, many to a transaction; work that throws leaves no trace and
   * rejects with its error. Must be synchronous and short.
   */
  submit<T>(work: (writer: Writer) => T): Promise<T>;
  /** Resolves when all that was submitted before has been answered. */
  drain(): Promise<void>;
  readonly pending: number;
}

interface Job {
  readonly work: (writer: Writer) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  outcome: { value: unknown } | { error: unknown } | undefined;
}

export interface CommitQueueOptions {
  readonly env: Env;
  readonly states: readonly FollowingState[];
  /** Told of a failed commit; says whether the store may go on (disk full) or must stop. */
  readonly onCommitFailure: (error: unknown) => { goOn: boolean; answer: StoreError };
  readonly monotonicMs: () => number;
}

/** A group stops taking work after this long, so that reads get their turn. */
const GROUP_BUDGET_MS = 6;

/**
 * The one writer: one transaction in flight, all work that came meanwhile forms the next group. An
 * answer is given only after the commit's sync, so what is acknowledged, or seen by a reader, is on disk.
 */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const { env, states, monotonicMs } = options;
  let waiting: Job[] = [];
  let running = false;
  let stopped: StoreError | undefined;
  let idleWaiters: (() => void)[] = [];

  async function pump(): Promise<void> {
    if (running) return;
    running = true;
    while (waiting.length > 0 && stopped === undefined) await runGroup();
    running = false;
    if (stopped !== undefined) rejectAll(stopped);
    for (const wake of idleWaiters.splice(0)) wake();
  }

  async function runGroup(): Promise<void> {
    const done: Job[] = [];
    const marks = states.map((state) => state.mark());
    try {
      await env.transact((writer, attempt) => runJobs(writer, attempt, done));
    } catch (error) {
      states.forEach((state, i) => state.restore(marks[i]));
      const { goOn, answer } = options.onCommitFailure(error);
      if (!goOn) stopped = answer;
      for (const job of done) job.reject(answer);
      return;
    }
    for (const state of states) state.publish();
    for (const job of done) settle(job);
  }

  function runJobs(writer: Writer, attempt: <T>(work: () => T) => T, done: Job[]): void {
    const started = monotonicMs();
    const taken = waiting;
    waiting = [];
    for (let i = 0; i < taken.length; i++) {
      if (i > 0 && monotonicMs() - started > GROUP_BUDGET_MS) {
        waiting = taken.slice(i).concat(waiting);
        return;
      }
      const job = taken[i]!;
      done.push(job);
      const marks = states.map((state) => state.mark());
      try {
        job.outcome = { value: attempt(() => job.work(writer)) };
      } catch (error) {
        states.forEach((state, k) => state.restore(marks[k]));
        job.outcome = { error };
      }
    }
  }

  function rejectAll(error: StoreError): void {
    for (const job of waiting.splice(0)) job.reject(error);
  }

  function submit<T>(work: (writer: Writer) => T): Promise<T> {
    if (stopped !== undefined) return Promise.reject(stopped);
    return new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve, reject, outcome: undefined });
      void pump();
    });
  }

  return {
    submit,
    drain() {
      if (!running && waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => idleWaiters.push(resolve));
    },
    get pending() {
      return waiting.length;
    },
  };
}

function settle(job: Job): void {
  const { outcome } = job;
  if (outcome === undefined) job.reject(storeError(1, 'work was not run'));
  else if ('error' in outcome) job.reject(outcome.error);
  else job.resolve(outcome.value as never);
}
