import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Server } from 'socket.io';
import type { Actor } from '../actor.ts';
import type { SessionHooks } from '../http/session-hooks.ts';
import { CONNECTION_LIMITS, createAddressCount, cutConnection, guardConnection } from './connection-guard.ts';
import type { ConnectionLimits } from './connection-guard.ts';
import { createPublisher } from './publisher.ts';
import type { Publisher } from './publisher.ts';
import type { Reachability } from './reachability.ts';
import { openSocket } from './open-socket.ts';
import { isStaff } from './staff-role.ts';
import { processTimer, ROOMS } from './realtime-types.ts';
import type { RealtimeServer, RealtimeSocket, Timer } from './realtime-types.ts';

const RECHECK_MS = 60_000;

export interface RealtimeDeps {
  readonly hooks: SessionHooks;
  readonly actorOf: (accountId: string) => Promise<Actor | null>;
  readonly reachability: Reachability;
  /** Long polling besides WebSocket; needs sticky sessions behind a balancer. */
  readonly polling: boolean;
  readonly logger: { warn(details: Record<string, unknown>, message: string): void };
  /** Where a connection comes from, behind trusted proxies too. */
  readonly addressOf?: (request: IncomingMessage) => string;
  readonly limits?: ConnectionLimits;
  readonly timer?: Timer;
  readonly random?: () => number;
  readonly monotonicMs?: () => number;
}

export interface Realtime {
  readonly publisher: Publisher;
  attach(server: HttpServer | HttpsServer): void;
  /** Ends sockets whose session no longer stands or whose role has changed; each is looked at once a minute. */
  recheckSessions(): Promise<void>;
  /** Tells everybody to come back later; new handshakes are refused from now on. */
  drain(): void;
  close(): Promise<void>;
}

/**
 * The Socket.IO server. A socket opens only from our own origin with a session that stands, joins the rooms of
 * its own account, session and (staff) community, and says nothing but whether the board is on screen. Recovery
 * is off: the numbered list over HTTP is the only catch-up.
 */
export function createRealtimeServer(deps: RealtimeDeps): Realtime {
  const limits = deps.limits ?? CONNECTION_LIMITS;
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());
  const addresses = createAddressCount(limits.connectionsPerAddress);
  const addressOf = deps.addressOf ?? ((request) => request.socket.remoteAddress ?? '');
  let isDraining = false;

  const io: RealtimeServer = new Server({
    transports: deps.polling ? ['polling', 'websocket'] : ['websocket'],
    serveClient: false,
    connectTimeout: 5_000,
    maxHttpBufferSize: 16 * 1024,
    pingInterval: 25_000,
    pingTimeout: 20_000,
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest(request, answer) {
      if (isDraining) answer('draining', false);
      else if (!isOwn(deps.hooks, request)) answer('foreign-origin', false);
      else answer(null, !addresses.isFull(addressOf(request)));
    },
  });
  const cut = (reason: string, accountId: string | null) =>
    deps.logger.warn({ reason, accountId }, 'socket cut');
  const publisher = createPublisher({
    io,
    limits,
    timer: deps.timer ?? processTimer,
    random: deps.random ?? Math.random,
    onCut: (accountId) => cut('not reading', accountId),
  });
  openSocket(io, { ...deps, limits, monotonicMs });
  // Ids are random: one that names a session never names an account as well.
  const forget = deps.hooks.onSessionEnded((id) => {
    const ended = [ROOMS.session(id), ROOMS.account(id)].flatMap((room) => [
      ...(io.sockets.adapter.rooms.get(room) ?? []),
    ]);
    endAll(ended.flatMap((socketId) => io.sockets.sockets.get(socketId) ?? []));
  });

  return {
    publisher,
    attach(server) {
      io.attach(server);
      watchConnections(io, deps.hooks, addresses, addressOf, (connection) =>
        guardConnection(connection, limits, monotonicMs, (reason) => cut(reason, null)),
      );
    },
    recheckSessions: () => recheck(io, deps, monotonicMs()),
    drain() {
      isDraining = true;
      publisher.draining();
    },
    async close() {
      isDraining = true;
      forget();
      endAll([...io.sockets.sockets.values()]);
      // Not `io.close()`: that would close the HTTP server, which belongs to somebody else.
      io.engine?.close();
      await io.sockets.adapter.close();
    },
  };
}

/** A browser sends no Origin with a same-origin poll, but it always says `Sec-Fetch-Site`, which no page can forge. */
function isOwn(hooks: SessionHooks, request: IncomingMessage): boolean {
  const isPoll = request.headers.upgrade === undefined;
  if (isPoll && request.headers.origin === undefined) {
    return request.headers['sec-fetch-site'] === 'same-origin';
  }
  return hooks.isOwnOrigin(request);
}

function watchConnections(
  io: RealtimeServer,
  hooks: SessionHooks,
  addresses: ReturnType<typeof createAddressCount>,
  addressOf: (request: IncomingMessage) => string,
  guard: (connection: RealtimeSocket['conn']) => void,
): void {
  // `allowRequest` sees handshakes only; this sees every poll and every upgrade of a running connection.
  io.engine.use((request: IncomingMessage, _response: unknown, next: (error?: Error) => void) => {
    const isRunning = new URL(request.url ?? '/', 'http://localhost').searchParams.has('sid');
    next(isRunning && !isOwn(hooks, request) ? new Error('foreign-origin') : undefined);
  });
  io.engine.on('connection', (connection: RealtimeSocket['conn']) => {
    const address = addressOf(connection.request);
    addresses.opened(address);
    connection.once('close', () => addresses.closed(address));
    guard(connection);
  });
}

function endAll(sockets: readonly RealtimeSocket[]): void {
  for (const socket of sockets) {
    socket.disconnect(true);
    // Somebody who does not read would keep the connection until the ping times out.
    if ((socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length > 0)
      cutConnection(socket.conn);
  }
}

async function recheck(io: RealtimeServer, deps: RealtimeDeps, now: number): Promise<void> {
  const due = [...io.sockets.sockets.values()].filter(({ data }) => now - data.checkedAt >= RECHECK_MS);
  const bySession = new Map<string, RealtimeSocket[]>();
  for (const socket of due) {
    socket.data.checkedAt = now;
    const { sessionId } = socket.data.session;
    const same = bySession.get(sessionId);
    if (same === undefined) bySession.set(sessionId, [socket]);
    else same.push(socket);
  }
  for (const sockets of bySession.values()) {
    const first = sockets[0];
    if (first !== undefined && !(await stillStands(deps, first))) endAll(sockets);
  }
}

async function stillStands({ hooks, actorOf }: RealtimeDeps, { data }: RealtimeSocket): Promise<boolean> {
  if (!(await hooks.isAlive(data.session))) return false;
  const actor = await actorOf(data.session.accountId);
  return actor !== null && isStaff(actor) === data.isStaff && (actor.status === 'active') === data.seesBoard;
}
