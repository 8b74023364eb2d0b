import { removeGarbage } from './catalog/garbage.ts';
import { type Engine, submitWrite } from './engine.ts';
import { removeExpired } from './index/ttl.ts';
import { forgetOldOutcomes } from './session/retry.ts';

export interface Maintenance {
  /** Stops the clocks and waits for what is under way. */
  stop(): Promise<void>;
}

export interface MaintenanceSettings {
  readonly expireEveryMs: number;
  readonly sweepEveryMs: number;
}

export const DEFAULT_MAINTENANCE: MaintenanceSettings = { expireEveryMs: 60_000, sweepEveryMs: 1000 };
const FORGET_BATCH = 1000;

/** The store's own housekeeping: expired documents, remains of drops, idle cursors, old retry records. */
export function startMaintenance(engine: Engine, settings: MaintenanceSettings): Maintenance {
  let isStopping = false;
  const running = new Set<Promise<void>>();

  function every(ms: number, name: string, work: () => Promise<void>): NodeJS.Timeout {
    let isBusy = false;
    return setInterval(() => {
      if (isBusy || isStopping) return;
      isBusy = true;
      const round = work()
        .catch((error: unknown) => engine.log('error', { err: error, task: name }, 'housekeeping failed'))
        .finally(() => {
          isBusy = false;
          running.delete(round);
        });
      running.add(round);
    }, ms);
  }

  const clocks = [
    every(settings.expireEveryMs, 'expire', async () => {
      const now = engine.now();
      await removeExpired(engine, now);
      await submitWrite(engine, ({ writer }) => forgetOldOutcomes(writer, now.getTime(), FORGET_BATCH));
      await engine.trimChanges();
    }),
    every(settings.sweepEveryMs, 'sweep', async () => {
      engine.cursors.sweep(performance.now());
      await removeGarbage(engine, () => isStopping);
    }),
  ];

  return {
    async stop() {
      isStopping = true;
      for (const clock of clocks) clearInterval(clock);
      await Promise.all(running);
    },
  };
}
