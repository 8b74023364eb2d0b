import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { HandshakeSession } from '../http/session-hooks.ts';
import type { ClientToServerEvents, ServerToClientEvents } from '../shared/realtime-events.ts';

/** What the server remembers of an open socket. Rooms are joined by the server only, after the check. */
export interface SocketState {
  session: HandshakeSession;
  isStaff: boolean;
  /** Suspended and waiting people keep their own notifications, not the board. */
  seesBoard: boolean;
  /** Milliseconds on the process clock. */
  openedAt: number;
  checkedAt: number;
}

export type RealtimeServer = Server<
  ClientToServerEvents,
  ServerToClientEvents,
  DefaultEventsMap,
  SocketState
>;
export type RealtimeSocket = Socket<
  ClientToServerEvents,
  ServerToClientEvents,
  DefaultEventsMap,
  SocketState
>;

/** The rooms. Names are made here and nowhere else, so that no room can be reached by a name from outside. */
export const ROOMS = {
  account: (accountId: string) => `account:${accountId}`,
  session: (sessionId: string) => `session:${sessionId}`,
  staff: (communityId: string) => `staff:${communityId}`,
  board: (communityId: string) => `board:${communityId}`,
};

/** Waiting that tests can drive. Calls `run` once after so many milliseconds; the answer cancels it. */
export interface Timer {
  after(ms: number, run: () => void): () => void;
}

/** The process's own timer; it never keeps the process alive. */
export const processTimer: Timer = {
  after(ms, run) {
    const handle = setTimeout(run, ms);
    handle.unref();
    return () => clearTimeout(handle);
  },
};
