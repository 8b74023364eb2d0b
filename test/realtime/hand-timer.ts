import type { Timer } from '../../src/realtime/realtime-types.ts';

/** Time that passes only when a test says so. */
export function createHandTimer(): Timer & { pass(ms: number): void } {
  let now = 0;
  let waiting: { at: number; run: () => void }[] = [];
  return {
    after(ms, run) {
      const entry = { at: now + ms, run };
      waiting.push(entry);
      return () => void (waiting = waiting.filter((other) => other !== entry));
    },
    pass(ms) {
      const until = now + ms;
      for (;;) {
        const next = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = next.at;
        waiting = waiting.filter((other) => other !== next);
        next.run();
      }
      now = until;
    },
  };
}
