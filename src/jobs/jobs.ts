import { createTask } from 'node-cron';
import type { ScheduledTask } from 'node-cron';
import type { Clock } from '../actor.ts';

/** Work that a tick starts. What is due is read from the store, never remembered here, so a missed tick loses nothing. */
export interface Job {
  readonly name: string;
  /** Cron pattern with seconds. */
  readonly pattern: string;
  run(now: Date): Promise<unknown>;
}

export interface Jobs {
  start(): void;
  /** Starts no more runs and resolves when the running ones are done. */
  stop(): Promise<void>;
  /** Runs one job now as a tick would; for tests and for the moment after a start. Throws for an unknown name. */
  tick(name: string): Promise<void>;
}

/**
 * Ticks by the clock of the machine. A job never overlaps itself: a tick that comes while the last run goes on
 * is left out. A run that fails is logged and the next tick tries again.
 */
export function createJobs({
  jobs,
  clock,
  logger,
}: {
  readonly jobs: readonly Job[];
  readonly clock: Clock;
  readonly logger: { error(details: Record<string, unknown>, message: string): void };
}): Jobs {
  const running = new Map<string, Promise<void>>();
  const tasks: ScheduledTask[] = [];
  let isStopped = false;

  function tick(job: Job): Promise<void> {
    const present = running.get(job.name);
    if (present !== undefined || isStopped) return present ?? Promise.resolve();
    const run = job
      .run(clock.now())
      .then(
        () => undefined,
        (error: unknown) => logger.error({ job: job.name, err: error }, 'job failed'),
      )
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
    return run;
  }

  return {
    start() {
      for (const job of jobs) {
        // A machine that was busy for a second must not be told off in the log: the next tick catches up.
        const task = createTask(job.pattern, () => void tick(job), {
          name: job.name,
          suppressMissedWarning: true,
        });
        tasks.push(task);
        void task.start();
      }
    },
    async stop() {
      isStopped = true;
      for (const task of tasks.splice(0)) await task.destroy();
      await Promise.all(running.values());
    },
    async tick(name) {
      const job = jobs.find((candidate) => candidate.name === name);
      if (job === undefined) throw new Error(`no job is called ${name}`);
      await tick(job);
    },
  };
}
