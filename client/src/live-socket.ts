import { io, type Socket } from 'socket.io-client';
import type { NotificationView } from '../../src/shared/api-types.ts';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/shared/realtime-events.ts';
import { asProblem, call } from './api-client.ts';
import { onReconnect } from './connection.svelte.ts';
import { endOffer, readOffers, takeOffer } from './inbox.svelte.ts';
import { arrived, live, watchBoardReaders } from './live.svelte.ts';
import { onSessionChange, readSession, session } from './session.svelte.ts';

type LiveSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const QUIET_AFTER_MS = 5_000;
const POLL_MS = 30_000;
const POLL_SPREAD_MS = 10_000;

let socket: LiveSocket | null = null;
/** Greatest number applied here; the server's own knowledge of it is only for its records. */
let cursor = 0;
let quietTimer: ReturnType<typeof setTimeout> | undefined;
let pollTimer: ReturnType<typeof setTimeout> | undefined;
let catchingUp: Promise<void> | null = null;

function apply(notification: NotificationView): void {
  cursor = notification.number;
  arrived.notification(notification);
}

/** Reads what came after the cursor, over HTTP, page by page; the only way of recovery. */
function catchUp(): Promise<void> {
  catchingUp ??= (async () => {
    const account = session.account?.id;
    try {
      for (;;) {
        const page = await call('listNotifications', { query: { after: cursor } });
        if (session.account?.id !== account) return;
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
    // A gap, or a reading that may have been answered before this one: read (again) behind it.
    void (catchingUp ?? Promise.resolve()).then(catchUp);
    return;
  }
  apply(notification);
  call('acknowledgeNotifications', { body: { upTo: cursor } }).catch(asProblem);
}

function stopTimers(): void {
  clearTimeout(quietTimer);
  clearTimeout(pollTimer);
  quietTimer = undefined;
}

function goLive(): void {
  stopTimers();
  arrived.liveness(true);
  if (live.isBoardRead) {
    socket?.emit('board:enter', () => undefined);
    arrived.boardChange([]);
  }
  void catchUp();
  void readOffers();
}

function goQuiet(): void {
  if (quietTimer !== undefined || !live.isLive) return;
  quietTimer = setTimeout(() => {
    quietTimer = undefined;
    arrived.liveness(false);
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
      arrived.boardChange([]);
    }
    schedulePoll();
  }, wait);
}

async function reconnectIfSignedIn(ended: LiveSocket): Promise<void> {
  await readSession();
  if (session.account && socket === ended) ended.connect();
}

function connect(): void {
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
  fresh.on('help-request:changed', arrived.requestChange);
  fresh.on('board:changed', ({ requestIds }) => arrived.boardChange(requestIds));
}

function disconnect(): void {
  socket?.disconnect();
  socket = null;
  stopTimers();
  arrived.nobody();
}

function follow(): void {
  disconnect();
  if (!session.view) return;
  cursor = session.view.cursor;
  connect();
  void readOffers();
}

/** Holds a socket while somebody is signed in. Called once, at idle. */
export function startLive(): void {
  watchBoardReaders((isRead) => socket?.emit(isRead ? 'board:enter' : 'board:leave', () => undefined));
  onSessionChange(follow);
  onReconnect(() => {
    if (socket && !socket.connected) socket.connect();
    void catchUp();
  });
  follow();
}
