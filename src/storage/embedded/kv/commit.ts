import { setImmediate as nextTurn } from 'node:timers/promises';
import { type StoreError, storeError } from '../errors.ts';
import type { Env } from './env.ts';
import { createOverlay, type Overlay } from './overlay.ts';
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
/** On a disk this slow it pays to wait for the writers of the group before. */
const SLOW_WRITE_MS = 2;
const MOST_WAITED_MS = 3;

/**
 * The one writer: one transaction in flight, all work that came meanwhile forms the next group. Work
 * runs on an overlay over what is committed, and nothing else writes, so what it reads is current. An
 * answer is given only after the commit's sync, so what is acknowledged, or seen by a reader, is on disk.
 */
export function createCommitQueue(options: CommitQueueOptions): CommitQueue {
  const { env, states, monotonicMs } = options;
  let waiting: Job[] = [];
  let running = false;
  let stopped: StoreError | undefined;
  let idleWaiters: (() => void)[] = [];
  /** How many writers took part lately, and how long their write took. */
  let crowd = 1;
  let lastWriteMs = 0;
  let crowdIsThere: (() => void) | undefined;

  async function pump(): Promise<void> {
    if (running) return;
    running = true;
    while (waiting.length > 0 && stopped === undefined) {
      await gather();
      await runGroup();
    }
    running = false;
    if (stopped !== undefined) rejectAll(stopped);
    for (const wake of idleWaiters.splice(0)) wake();
  }

  /**
   * All that this turn of the loop brings belongs to one group. When the disk is slow, those who were
   * answered together are waited for a moment: else the first of them starts a group of its own, the others
   * wait for two syncs, and so on for ever.
   */
  async function gather(): Promise<void> {
    await nextTurn();
    if (waiting.length >= crowd || lastWriteMs < SLOW_WRITE_MS) return;
    await new Promise<void>((resolve) => {
      const clock = setTimeout(resolve, Math.min(lastWriteMs / 2, MOST_WAITED_MS));
      crowdIsThere = () => {
        clearTimeout(clock);
        resolve();
      };
    });
    crowdIsThere = undefined;
  }

  async function runGroup(): Promise<void> {
    const marks = states.map((state) => state.mark());
    const overlay = createOverlay(env.current);
    const done = runJobs(overlay);
    const changes = overlay.changes();
    const started = monotonicMs();
    const publish = () => {
      for (const state of states) state.publish();
    };
    try {
      if (changes.length > 0) await env.write(changes, publish);
      else publish();
    } catch (error) {
      states.forEach((state, i) => state.restore(marks[i]));
      const { goOn, answer } = options.onCommitFailure(error);
      if (!goOn) stopped = answer;
      for (const job of done) job.reject(answer);
      return;
    }
    lastWriteMs = monotonicMs() - started;
    crowd = done.length + waiting.length;
    for (const job of done) settle(job);
  }

  /** Runs what waits, until the group is long enough; the rest waits for the next. */
  function runJobs(overlay: Overlay): Job[] {
    const started = monotonicMs();
    const taken = waiting;
    waiting = [];
    for (const [i, job] of taken.entries()) {
      if (i > 0 && monotonicMs() - started > GROUP_BUDGET_MS) {
        waiting = taken.slice(i).concat(waiting);
        return taken.slice(0, i);
      }
      const marks = states.map((state) => state.mark());
      const mark = overlay.mark();
      try {
        job.outcome = { value: job.work(overlay) };
      } catch (error) {
        overlay.rollback(mark);
        states.forEach((state, k) => state.restore(marks[k]));
        job.outcome = { error };
      }
    }
    return taken;
  }

  function rejectAll(error: StoreError): void {
    for (const job of waiting.splice(0)) job.reject(error);
  }

  function submit<T>(work: (writer: Writer) => T): Promise<T> {
    if (stopped !== undefined) return Promise.reject(stopped);
    return new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve, reject, outcome: undefined });
      if (waiting.length >= crowd) crowdIsThere?.();
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
