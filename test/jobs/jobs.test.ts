import { expect } from 'chai';
import { createJobs } from '../../src/jobs/jobs.ts';
import type { Job } from '../../src/jobs/jobs.ts';
import { serviceJobs } from '../../src/jobs/service-jobs.ts';

const clock = { now: () => new Date('2026-05-01T08:00:00Z') };

function jobsOf(jobs: Job[]) {
  const errors: unknown[] = [];
  const logger = { error: (details: Record<string, unknown>) => void errors.push(details['job']) };
  return { errors, jobs: createJobs({ jobs, clock, logger }) };
}

describe('jobs', () => {
  it('give the work the present time and leave a tick out while the last run goes on', async () => {
    const runs: Date[] = [];
    let finish = () => {};
    const slow: Job = {
      name: 'slow',
      pattern: '* * * * * *',
      async run(now) {
        runs.push(now);
        await new Promise<void>((resolve) => void (finish = resolve));
      },
    };
    const { jobs } = jobsOf([slow]);
    const first = jobs.tick('slow');
    const second = jobs.tick('slow');
    finish();
    await Promise.all([first, second]);
    expect(runs).to.deep.equal([new Date('2026-05-01T08:00:00Z')]);
    const third = jobs.tick('slow');
    finish();
    await third;
    expect(runs).to.have.length(2);
  });

  it('log a run that fails and run again', async () => {
    let runs = 0;
    const { jobs, errors } = jobsOf([
      {
        name: 'broken',
        pattern: '* * * * * *',
        run: async () => {
          runs += 1;
          throw new Error('no');
        },
      },
    ]);
    await jobs.tick('broken');
    await jobs.tick('broken');
    expect([runs, errors]).to.deep.equal([2, ['broken', 'broken']]);
  });

  it('run by the clock of the machine once started, and no more once stopped', async () => {
    let ran = () => {};
    const once = new Promise<void>((resolve) => void (ran = resolve));
    const { jobs } = jobsOf([{ name: 'every second', pattern: '* * * * * *', run: async () => ran() }]);
    jobs.start();
    await once;
    await jobs.stop();
    let runsAfter = 0;
    ran = () => void (runsAfter += 1);
    await jobs.tick('every second');
    expect(runsAfter).to.equal(0);
  });

  it('stop waits for the run that is under way', async () => {
    let finish = () => {};
    let isDone = false;
    const { jobs } = jobsOf([
      {
        name: 'slow',
        pattern: '0 0 0 1 1 *',
        async run() {
          await new Promise<void>((resolve) => void (finish = resolve));
          isDone = true;
        },
      },
    ]);
    void jobs.tick('slow');
    const stopped = jobs.stop();
    finish();
    await stopped;
    expect(isDone).to.equal(true);
  });

  it('the service has a valid pattern and its own name for each', async () => {
    const nothing = async () => undefined;
    const table = serviceJobs({
      runDueTimers: nothing,
      releaseStaleReservations: nothing,
      sweepOutboxes: nothing,
      writePushMarks: nothing,
      sendWaitingTexts: nothing,
      recheckSessions: nothing,
      removeOldNotifications: nothing,
    });
    expect(new Set(table.map(({ name }) => name)).size).to.equal(table.length);
    const { jobs } = jobsOf(table);
    jobs.start();
    await jobs.stop();
  });
});
