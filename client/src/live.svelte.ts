import type { Socket } from 'socket.io-client';
import type { NotificationView } from '../../src/shared/api-types.ts';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/shared/realtime-events.ts';
import { asProblem, call } from './api-client.ts';
import { onReconnect } from './connection.svelte.ts';
import { endOffer, readOffers, takeOffer } from './inbox.svelte.ts';
import { onSessionChange, readSession, session } from './session.svelte.ts';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const QUIET_AFTER_MS = 5_000;
const POLL_MS = 30_000;
const POLL_SPREAD_MS = 10_000;

let socket: LiveSocket | null = null;
let cursor = 0;
let isLive = $state(true);
let unread = $state.raw<NotificationView[]>([]);
let quietTimer: ReturnType<typeof setTimeout> | undefined;
let pollTimer: ReturnType<typeof setTimeout> | undefined;
let catchingUp: Promise<void> | null = null;
let boardReaders = 0;

const onRequest = new Set<(change: { requestId: string; status: string; version: number }) => void>();
const onBoard = new Set<(requestIds: string[]) => void>();
const onNotice = new Set<(notification: NotificationView) => void>();

/** What arrives by itself. */
export const live = {
  /** False when nothing has been pushed for more than five seconds because the socket is down. */
  get isLive(): boolean {
    return isLive;
  },
  /** Notifications that arrived and were not yet looked at, newest first. */
  get unread(): NotificationView[] {
    return unread;
  },
};

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls back when a request of the reader has changed: read it again. */
export function onRequestChanged(
  listener: (change: { requestId: string; status: string; version: number }) => void,
): () => void {
  return listen(onRequest, listener);
}

/** Calls back for each notification, once and in the order of its number. */
export function onNotification(listener: (notification: NotificationView) => void): () => void {
  return listen(onNotice, listener);
}

/** Calls back when the board changed; the board's room is held only while somebody listens. */
export function onBoardChanged(listener: (requestIds: string[]) => void): () => void {
  boardReaders += 1;
  if (boardReaders === 1) socket?.emit('board:enter', () => undefined);
  const stop = listen(onBoard, listener);
  return () => {
    stop();
    boardReaders -= 1;
    if (boardReaders === 0) socket?.emit('board:leave', () => undefined);
  };
}

/** Marks everything that arrived as looked at, here and on the server. */
export function markAllSeen(): void {
  unread = [];
}

function apply(notification: NotificationView): void {
  cursor = notification.number;
  if (!notification.silent) unread = [notification, ...unread].slice(0, 50);
  for (const listener of onNotice) listener(notification);
}

/** Reads what came after the cursor, over HTTP, page by page; the only way of recovery. */
function catchUp(): Promise<void> {
  catchingUp ??= (async () => {
    try {
      for (;;) {
        const page = await call('listNotifications', { query: { after: cursor } });
        const fresh = page.items.filter((one) => one.number > cursor).sort((a, b) => a.number - b.number);
        for (const one of fresh) apply(one);
        if (fresh.length === 0) return;
        await call('acknowledgeNotifications', { body: { upTo: cursor } });
        if (page.nextCursor === null) return;
      }
    } catch (error) {
      asProblem(error);
    } finally {
      catchingUp = null;
    }
  })();
  return catchingUp;
}

function receive(notification: NotificationView): void {
  if (notification.number <= cursor) return;
  if (notification.number !== cursor + 1 || catchingUp) {
    void catchUp();
    return;
  }
  apply(notification);
  call('acknowledgeNotifications', { body: { upTo: cursor } }).catch(asProblem);
}

function goLive(): void {
  clearTimeout(quietTimer);
  quietTimer = undefined;
  clearTimeout(pollTimer);
  isLive = true;
  if (boardReaders > 0) socket?.emit('board:enter', () => undefined);
  void catchUp();
  void readOffers();
}

function goQuiet(): void {
  if (quietTimer !== undefined || !isLive) return;
  quietTimer = setTimeout(() => {
    quietTimer = undefined;
    isLive = false;
    schedulePoll();
  }, QUIET_AFTER_MS);
}

function schedulePoll(): void {
  clearTimeout(pollTimer);
  const wait = POLL_MS - POLL_SPREAD_MS + Math.random() * 2 * POLL_SPREAD_MS;
  pollTimer = setTimeout(() => {
    if (!document.hidden) {
      void catchUp();
      void readOffers();
      for (const listener of onBoard) listener([]);
    }
    schedulePoll();
  }, wait);
}

async function reconnectIfSignedIn(ended: LiveSocket): Promise<void> {
  await readSession();
  if (session.account && socket === ended) ended.connect();
}

async function connect(): Promise<void> {
  const { io } = await import('socket.io-client');
  if (!session.account || socket) return;
  const fresh: LiveSocket = io({
    auth: (give) => give({ cursor }),
    transports: ['websocket', 'polling'],
    timeout: 5_000,
    reconnectionDelay: 500,
    reconnectionDelayMax: 8_000,
    randomizationFactor: 0.5,
  });
  socket = fresh;
  fresh.on('connect', goLive);
  fresh.on('disconnect', (reason) => {
    goQuiet();
    // The server ends a socket with its session; any other end by the server is worth a new try.
    if (reason === 'io server disconnect') void reconnectIfSignedIn(fresh);
  });
  fresh.on('connect_error', goQuiet);
  fresh.on('notification:created', receive);
  fresh.on('match:offered', takeOffer);
  fresh.on('match:closed', ({ matchId, reason }) => endOffer(matchId, reason));
  fresh.on('help-request:changed', (change) => {
    for (const listener of onRequest) listener(change);
  });
  fresh.on('board:changed', ({ requestIds }) => {
    for (const listener of onBoard) listener(requestIds);
  });
}

function disconnect(): void {
  socket?.disconnect();
  socket = null;
  clearTimeout(quietTimer);
  quietTimer = undefined;
  clearTimeout(pollTimer);
  isLive = true;
  unread = [];
}

/** Opens the socket at idle while somebody is signed in, and closes it when they leave. */
export function startLive(): void {
  const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 300));
  onSessionChange((now) => {
    disconnect();
    if (!now) return;
    cursor = now.cursor;
    whenIdle(() => {
      connect().catch(goQuiet);
      void readOffers();
    });
  });
  onReconnect(() => {
    if (socket && !socket.connected) socket.connect();
    void catchUp();
  });
}
