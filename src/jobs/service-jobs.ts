import type { Job } from './jobs.ts';

/** What the ticks call. Each answers how much it did, or nothing. */
export interface ServiceJobsDeps {
  readonly runDueTimers: (now: Date) => Promise<unknown>;
  readonly releaseStaleReservations: (now: Date) => Promise<unknown>;
  readonly sweepOutboxes: () => Promise<unknown>;
  readonly writePushMarks: () => Promise<unknown>;
  readonly sendWaitingTexts: () => Promise<unknown>;
  readonly recheckSessions: () => Promise<unknown>;
  readonly removeOldNotifications: (now: Date) => Promise<unknown>;
}

/** The table of everything that happens by the clock. Patterns: second minute hour day month weekday. */
export function serviceJobs(deps: ServiceJobsDeps): Job[] {
  return [
    { name: 'due-timers', pattern: '* * * * * *', run: deps.runDueTimers },
    { name: 'outbox-sweep', pattern: '*/2 * * * * *', run: deps.sweepOutboxes },
    { name: 'push-marks', pattern: '* * * * * *', run: deps.writePushMarks },
    { name: 'waiting-texts', pattern: '*/2 * * * * *', run: deps.sendWaitingTexts },
    { name: 'stale-reservations', pattern: '*/15 * * * * *', run: deps.releaseStaleReservations },
    { name: 'session-check', pattern: '*/5 * * * * *', run: deps.recheckSessions },
    // Once a night, at a minute when little else begins.
    { name: 'notification-retention', pattern: '0 17 3 * * *', run: deps.removeOldNotifications },
  ];
}
