import type { Clock } from '../actor.ts';

/** The demo's clock: the machine's, except while the sample past is being lived through. */
export interface DemoClock extends Clock {
  /** Stands still at this instant until it is set again or let go. */
  standAt(instant: Date): void;
  /** Runs with the machine again. */
  letGo(): void;
}

export function createDemoClock(machineNow: () => Date): DemoClock {
  let standing: Date | null = null;
  return {
    now: () => (standing === null ? machineNow() : new Date(standing)),
    standAt(instant) {
      standing = instant;
    },
    letGo() {
      standing = null;
    },
  };
}
