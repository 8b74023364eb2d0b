/**
 * Runs work per key: never twice at once for one key, at most `limit` keys at once, in the order of the
 * first request. A request for a key that is running makes it run once more afterwards, so nothing that was
 * written before `request` can be missed. `work` must not throw; it says itself what went wrong.
 */
export function createKeyedWorkers(limit: number, work: (key: string) => Promise<void>) {
  const waiting = new Set<string>();
  const running = new Map<string, { again: boolean }>();
  let idleListeners: (() => void)[] = [];
  let isStopped = false;

  function request(key: string): void {
    if (isStopped) return;
    const present = running.get(key);
    if (present !== undefined) present.again = true;
    else waiting.add(key);
    fill();
  }

  function fill(): void {
    for (const key of waiting) {
      if (running.size >= limit) return;
      waiting.delete(key);
      void run(key);
    }
  }

  async function run(key: string): Promise<void> {
    const turn = { again: false };
    running.set(key, turn);
    await work(key);
    running.delete(key);
    if (turn.again && !isStopped) waiting.add(key);
    fill();
    if (running.size === 0 && waiting.size === 0) for (const wake of idleListeners.splice(0)) wake();
  }

  return {
    request,
    has: (key: string) => waiting.has(key) || running.has(key),
    /** Resolves when nothing waits and nothing runs. */
    idle: () =>
      running.size === 0 && waiting.size === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => void idleListeners.push(resolve)),
    /** Takes no more work, forgets what waits and resolves when what runs is done. */
    async stop(): Promise<void> {
      isStopped = true;
      waiting.clear();
      if (running.size > 0) await new Promise<void>((resolve) => void idleListeners.push(resolve));
      idleListeners = [];
    },
  };
}
