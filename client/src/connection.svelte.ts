let isOnline = $state(typeof navigator === 'undefined' || navigator.onLine);
let lastHeardMs = $state<number | null>(null);

/** Whether the server can be reached, and when it last answered. The API client and the browser's events move it. */
export const connection = {
  get isOnline(): boolean {
    return isOnline;
  },
  get lastHeardMs(): number | null {
    return lastHeardMs;
  },
};

const listeners = new Set<() => void>();

/** Calls back each time the server is reached again after it was not. Returns the way to stop. */
export function onReconnect(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function serverAnswered(): void {
  lastHeardMs = Date.now();
  if (isOnline) return;
  isOnline = true;
  for (const listener of listeners) listener();
}

export function serverUnreachable(): void {
  isOnline = false;
}

const PROBE_MS = 5_000;
const RECHECK_MS = 1_000;

/** Listens to the browser and, while unreachable, asks the server itself: a phone may call a dead network "online". */
export function startConnectionWatch(): void {
  const probe = (): void => {
    fetch('/livez', { cache: 'no-store' }).then(
      (answer) => (answer.status < 502 ? serverAnswered() : undefined),
      serverUnreachable,
    );
  };
  addEventListener('offline', () => {
    serverUnreachable();
    // An answer that was under way may arrive after the network went: ask again when it has.
    setTimeout(probe, RECHECK_MS);
  });
  addEventListener('online', probe);
  setInterval(() => {
    if (!isOnline && !document.hidden) probe();
  }, PROBE_MS);
}
