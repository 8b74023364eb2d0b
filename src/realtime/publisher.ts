import { setImmediate } from 'node:timers/promises';
import type { MatchView, NotificationView } from '../shared/api-types.ts';
import type { ServerToClientEvents } from '../shared/realtime-events.ts';
import { createBoardChanges } from './board-changes.ts';
import { cutConnection, hasStoppedReading } from './connection-guard.ts';
import type { ConnectionLimits } from './connection-guard.ts';
import { ROOMS } from './realtime-types.ts';
import type { RealtimeServer, Timer } from './realtime-types.ts';

const CHUNK = 100;

export interface Publisher {
  notificationCreated(recipientId: string, notification: NotificationView): void;
  matchOffered(helperId: string, match: MatchView): void;
  matchClosed(helperId: string, change: Parameters<ServerToClientEvents['match:closed']>[0]): void;
  /** `staffOf`: the community whose staff hear of it too; null for none. */
  requestChanged(
    accountIds: readonly string[],
    staffOf: string | null,
    change: Parameters<ServerToClientEvents['help-request:changed']>[0],
  ): void;
  /** Gathered to at most one announcement a second per community, only for sockets in the board room. */
  boardChanged(communityId: string, requestId: string): void;
  /** Tells every socket to come back after its own random moment of the next 10 s. */
  draining(): void;
}

/**
 * The only code that emits. Nothing here throws or waits, and a lost push loses nothing: the truth is read
 * over HTTP. Whoever has stopped reading is cut off before the next thing is queued for them.
 */
export function createPublisher({
  io,
  limits,
  timer,
  random,
  onCut,
}: {
  readonly io: RealtimeServer;
  readonly limits: ConnectionLimits;
  readonly timer: Timer;
  readonly random: () => number;
  readonly onCut: (accountId: string) => void;
}): Publisher {
  const alreadyCut = new WeakSet();

  function cutNonReaders(socketIds: Iterable<string>): void {
    for (const id of socketIds) {
      const socket = io.sockets.sockets.get(id);
      if (socket === undefined || alreadyCut.has(socket) || !hasStoppedReading(socket.conn, limits)) continue;
      alreadyCut.add(socket);
      cutConnection(socket.conn);
      onCut(socket.data.session.accountId);
    }
  }
  const socketsIn = (rooms: readonly string[]) =>
    rooms.flatMap((room) => [...(io.sockets.adapter.rooms.get(room) ?? [])]);

  async function announceBoard(communityId: string, requestIds: string[]): Promise<void> {
    const ids = socketsIn([ROOMS.board(communityId)]);
    // Between chunks the loop turns, so that a full board room does not hold up commands.
    for (let from = 0; from < ids.length; from += CHUNK) {
      const chunk = ids.slice(from, from + CHUNK);
      cutNonReaders(chunk);
      io.local.to(chunk).emit('board:changed', { requestIds });
      await setImmediate();
    }
  }

  const changed = createBoardChanges(timer, (communityId, ids) => void announceBoard(communityId, ids));
  const to = (rooms: readonly string[]) => {
    cutNonReaders(socketsIn(rooms));
    return io.to([...rooms]);
  };

  return {
    notificationCreated: (recipientId, notification) =>
      void to([ROOMS.account(recipientId)]).emit('notification:created', notification),
    matchOffered: (helperId, match) => void to([ROOMS.account(helperId)]).emit('match:offered', match),
    matchClosed: (helperId, change) => void to([ROOMS.account(helperId)]).emit('match:closed', change),
    requestChanged(accountIds, staffOf, change) {
      const rooms = accountIds.map(ROOMS.account);
      if (staffOf !== null) rooms.push(ROOMS.staff(staffOf));
      // Without this guard an empty list of rooms would mean everybody.
      if (rooms.length > 0) to(rooms).emit('help-request:changed', change);
    },
    boardChanged: changed,
    draining() {
      for (const socket of io.sockets.sockets.values()) {
        socket.emit('server:draining', { reconnectAfterMs: Math.floor(random() * 10_000) });
      }
    },
  };
}
