import type { Actor } from '../actor.ts';
import type { SessionHooks } from '../http/session-hooks.ts';
import { cutConnection } from './connection-guard.ts';
import type { ConnectionLimits } from './connection-guard.ts';
import type { Reachability } from './reachability.ts';
import { ROOMS } from './realtime-types.ts';
import type { RealtimeServer, RealtimeSocket } from './realtime-types.ts';
import { isStaff } from './staff-role.ts';

export interface OpenSocketDeps {
  readonly hooks: SessionHooks;
  readonly actorOf: (accountId: string) => Promise<Actor | null>;
  readonly reachability: Reachability;
  readonly limits: ConnectionLimits;
  readonly monotonicMs: () => number;
  readonly logger: { warn(details: Record<string, unknown>, message: string): void };
}

/** Decides who may open a socket and what it hears. */
export function openSocket(io: RealtimeServer, deps: OpenSocketDeps): void {
  io.use((socket, next) => void answerHandshake(socket, next, deps));
  io.on('connection', (socket) => {
    // A client can make any event fire here, `error` too: without a listener that would end the process.
    socket.on('error', () => undefined);
    join(io, socket, deps);
    answerBoard(socket);
    // A session that ended while the handshake was under way had no room yet to be ended in.
    void deps.hooks.isAlive(socket.data.session).then(
      (stands) => (stands ? undefined : socket.disconnect(true)),
      () => socket.disconnect(true),
    );
  });
}

async function answerHandshake(
  socket: RealtimeSocket,
  answer: (error?: Error) => void,
  deps: OpenSocketDeps,
): Promise<void> {
  let refusal: Error | undefined;
  try {
    if (!(await admit(socket, deps))) refusal = new Error('not-signed-in');
  } catch (error) {
    deps.logger.warn({ err: error }, 'socket not admitted');
    refusal = new Error('store-unavailable');
  }
  answer(refusal);
}

async function admit(socket: RealtimeSocket, deps: OpenSocketDeps): Promise<boolean> {
  const session = await deps.hooks.sessionOfHandshake(socket.request);
  const actor = session === null ? null : await deps.actorOf(session.accountId);
  if (session === null || actor === null) return false;
  const now = deps.monotonicMs();
  socket.data = {
    session,
    isStaff: isStaff(actor),
    seesBoard: actor.status === 'active',
    openedAt: now,
    checkedAt: now,
  };
  return true;
}

function join(io: RealtimeServer, socket: RealtimeSocket, { reachability, limits }: OpenSocketDeps): void {
  const { accountId, communityId, sessionId } = socket.data.session;
  const rooms = [ROOMS.account(accountId), ROOMS.session(sessionId)];
  if (socket.data.isStaff) rooms.push(ROOMS.staff(communityId));
  // With the adapter in memory this is done when it returns.
  void socket.join(rooms);
  reachability.opened(accountId);
  socket.once('disconnect', () => reachability.closed(accountId));
  const own = [...(io.sockets.adapter.rooms.get(ROOMS.account(accountId)) ?? [])]
    .flatMap((id) => io.sockets.sockets.get(id) ?? [])
    .sort((a, b) => a.data.openedAt - b.data.openedAt);
  // The oldest go: they are the forgotten tabs and the dead connections of a phone that changed networks.
  for (const old of own.slice(0, Math.max(0, own.length - limits.socketsPerAccount))) cutConnection(old.conn);
}

function answerBoard(socket: RealtimeSocket): void {
  const room = ROOMS.board(socket.data.session.communityId);
  socket.on('board:enter', (reply: unknown) => {
    if (socket.data.seesBoard) void socket.join(room);
    answerOnce(reply, socket.data.seesBoard);
  });
  socket.on('board:leave', (reply: unknown) => {
    void socket.leave(room);
    answerOnce(reply, true);
  });
}

/** What stands where the answer function should is whatever the client sent. */
function answerOnce(reply: unknown, ok: boolean): void {
  if (typeof reply === 'function') (reply as (answer: { ok: boolean }) => void)({ ok });
}
