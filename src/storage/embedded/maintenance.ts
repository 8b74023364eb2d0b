import { removeGarbage } from './catalog/garbage.ts';
import { type Engine, submitWrite } from './engine.ts';
import { removeExpired } from './index/ttl.ts';
import type { Reserve } from './kv/reserve.ts';
import { forgetOldOutcomes, oldOutcomes } from './session/retry.ts';

export interface Maintenance {
  /** Stops the clocks and waits for what is under way. */
  stop(): Promise<void>;
}

export interface MaintenanceSettings {
  readonly expireEveryMs: number;
  readonly sweepEveryMs: number;
}

export const DEFAULT_MAINTENANCE: MaintenanceSettings = { expireEveryMs: 60_000, sweepEveryMs: 1000 };
const BATCH = 500;

/** The store's own housekeeping: expired documents, remains of drops, idle cursors, old retry records. */
export function startMaintenance(
  engine: Engine,
  settings: MaintenanceSettings,
  reserve: Reserve,
): Maintenance {
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
      if (oldOutcomes(engine.env.current, now.getTime(), 1).length > 0) {
        await submitWrite(engine, ({ writer }) => forgetOldOutcomes(writer, now.getTime(), BATCH));
      }
      await trimHistory(engine, now);
    }),
    every(settings.sweepEveryMs, 'sweep', async () => {
      engine.cursors.sweep(performance.now());
      engine.moments.sweep(performance.now());
      await removeGarbage(engine, () => isStopping);
      await reserve.restore();
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

async function trimHistory(engine: Engine, now: Date): Promise<void> {
  while (engine.changes.needsTrim(now.getTime())) {
    await submitWrite(engine, ({ writer }) => engine.changes.trim(writer, now.getTime(), BATCH));
  }
}
