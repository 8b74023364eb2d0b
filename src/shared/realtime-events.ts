import type { MatchView, NotificationView } from './api-types.ts';

/** What the server pushes. Payloads are ids and public views; the truth is fetched over HTTP. */
export interface ServerToClientEvents {
  /** The next entry of the person's own numbered list; apply only `number === cursor + 1`, else catch up over HTTP. */
  'notification:created': (notification: NotificationView) => void;
  'match:offered': (match: MatchView) => void;
  'match:closed': (change: {
    matchId: string;
    requestId: string;
    reason: 'taken' | 'lapsed' | 'cancelled' | 'hidden';
  }) => void;
  /** Sent to people with a relation to the request: read it again. */
  'help-request:changed': (change: { requestId: string; status: string; version: number }) => void;
  /** At most one a second per community, only to sockets that are in the board room. */
  'board:changed': (change: { requestIds: string[] }) => void;
  'server:draining': (notice: { reconnectAfterMs: number }) => void;
}

/** What a client may say: commands go over HTTP only, a socket says what is on screen. */
export interface ClientToServerEvents {
  'board:enter': (reply: (answer: { ok: boolean }) => void) => void;
  'board:leave': (reply: (answer: { ok: boolean }) => void) => void;
}

/** Sent in the handshake's `auth`; the cursor tells the server what was applied. */
export interface HandshakeAuth {
  cursor?: number;
}
