import type { NotificationView } from '../../src/shared/api-types.ts';

type RequestChange = { requestId: string; status: string; version: number };

let isLive = $state(true);
let unread = $state.raw<NotificationView[]>([]);
const onRequest = new Set<(change: RequestChange) => void>();
const onBoard = new Set<(requestIds: string[]) => void>();
const onNotice = new Set<(notification: NotificationView) => void>();
let boardWatcher: (isRead: boolean) => void = () => undefined;

/** What arrives by itself. The socket behind it is loaded at idle; see `live-socket.ts`. */
export const live = {
  /** False when nothing has been pushed for more than five seconds because the socket is down. */
  get isLive(): boolean {
    return isLive;
  },
  /** Notifications that arrived and were not yet looked at, newest first. */
  get unread(): NotificationView[] {
    return unread;
  },
  /** Whether a screen reads the board just now. */
  get isBoardRead(): boolean {
    return onBoard.size > 0;
  },
};

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls back when a request of the reader has changed: read it again. */
export function onRequestChanged(listener: (change: RequestChange) => void): () => void {
  return listen(onRequest, listener);
}

/** Calls back for each notification, once and in the order of its number. */
export function onNotification(listener: (notification: NotificationView) => void): () => void {
  return listen(onNotice, listener);
}

/** Calls back when the board changed; the board's room is held only while somebody listens. */
export function onBoardChanged(listener: (requestIds: string[]) => void): () => void {
  const stop = listen(onBoard, listener);
  if (onBoard.size === 1) boardWatcher(true);
  return () => {
    stop();
    if (onBoard.size === 0) boardWatcher(false);
  };
}

/** Marks everything that arrived as looked at. */
export function markAllSeen(): void {
  unread = [];
}

/** Marks as looked at what leads to the screen that the reader is on. */
export function markSeenAt(path: string): void {
  if (unread.some(({ link }) => link === path)) unread = unread.filter(({ link }) => link !== path);
}

/** For the socket: it enters and leaves the board's room as screens need it. */
export function watchBoardReaders(watcher: (isRead: boolean) => void): void {
  boardWatcher = watcher;
}

/** For the socket: what arrived, and whether it can arrive. */
export const arrived = {
  notification(notification: NotificationView): void {
    // What tells of the screen in front of the reader is seen already: the screen itself changes.
    if (!notification.silent && notification.link !== location.pathname)
      unread = [notification, ...unread].slice(0, 50);
    for (const listener of onNotice) listener(notification);
  },
  requestChange(change: RequestChange): void {
    for (const listener of onRequest) listener(change);
  },
  boardChange(requestIds: string[]): void {
    for (const listener of onBoard) listener(requestIds);
  },
  liveness(now: boolean): void {
    isLive = now;
  },
  nobody(): void {
    isLive = true;
    unread = [];
  },
};
