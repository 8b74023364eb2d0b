import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io as connect } from 'socket.io-client';
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import type { Actor } from '../../src/actor.ts';
import type { HandshakeSession, SessionHooks } from '../../src/http/session-hooks.ts';
import { createReachability } from '../../src/realtime/reachability.ts';
import { createRealtimeServer } from '../../src/realtime/realtime-server.ts';
import type { RealtimeDeps } from '../../src/realtime/realtime-server.ts';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/shared/realtime-events.ts';
import { createHandTimer } from './hand-timer.ts';

export type NeighbourSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** People who are signed in, as the HTTP side would know them. Cookie value = session id. */
export function createSignedInPeople(originOf: () => string) {
  const sessions = new Map<string, HandshakeSession>();
  const actors = new Map<string, Actor>();
  const listeners = new Set<(id: string) => void>();
  const hooks: SessionHooks = {
    async sessionOfHandshake(request) {
      const cookie = /linli-sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
      return sessions.get(cookie ?? '') ?? null;
    },
    async isAlive({ sessionId }) {
      return sessions.has(sessionId);
    },
    isOwnOrigin: (request) => request.headers.origin === originOf(),
    onSessionEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    hooks,
    actorOf: async (accountId: string) => actors.get(accountId) ?? null,
    signIn(accountId: string, more: Partial<Actor> = {}): string {
      const sessionId = `session-${String(sessions.size + 1)}-of-${accountId}`;
      const actor: Actor = {
        accountId,
        communityId: 'estate-one',
        roles: ['resident'],
        language: 'zh-CN',
        displayName: accountId,
        status: 'active',
        trustTier: 0,
        sessionId,
        ...more,
      };
      actors.set(accountId, actor);
      sessions.set(sessionId, { sessionId, accountId, communityId: actor.communityId });
      return sessionId;
    },
    changeRoles: (accountId: string, roles: Actor['roles']) => {
      const actor = actors.get(accountId);
      if (actor !== undefined) actors.set(accountId, { ...actor, roles });
    },
    /** The session is gone from the store; nobody was told. */
    forget: (sessionId: string) => void sessions.delete(sessionId),
    end(id: string): void {
      sessions.delete(id);
      for (const listener of listeners) listener(id);
    },
  };
}

/** A real Socket.IO server on a real port. */
export async function openRealtime(more: Partial<RealtimeDeps> = {}) {
  let origin = '';
  let nowMs = 0;
  const people = createSignedInPeople(() => origin);
  const reachability = createReachability();
  const timer = createHandTimer();
  const warnings: string[] = [];
  const realtime = createRealtimeServer({
    hooks: people.hooks,
    actorOf: people.actorOf,
    reachability,
    polling: true,
    timer,
    random: () => 0.5,
    monotonicMs: () => nowMs,
    logger: { warn: (details) => void warnings.push(String(details['reason'] ?? details['err'])) },
    ...more,
  });
  const server = createServer((_request, response) => response.writeHead(404).end());
  realtime.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const opened: NeighbourSocket[] = [];

  function socketOf(
    sessionId: string,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): NeighbourSocket {
    const socket: NeighbourSocket = connect(origin, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: 5_000,
      extraHeaders: { origin, cookie: `linli-sid=${sessionId}` },
      ...options,
    });
    opened.push(socket);
    return socket;
  }

  return {
    realtime,
    publisher: realtime.publisher,
    people,
    reachability,
    timer,
    warnings,
    get origin() {
      return origin;
    },
    passMs: (ms: number) => void (nowMs += ms),
    socketOf,
    async connected(sessionId: string, options: Partial<ManagerOptions & SocketOptions> = {}) {
      const socket = socketOf(sessionId, options);
      await answerOf(socket, 'connect');
      return socket;
    },
    async close(): Promise<void> {
      for (const socket of opened) socket.disconnect();
      await realtime.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

export type OpenRealtime = Awaited<ReturnType<typeof openRealtime>>;

/** Resolves with the first argument of the next event of that name; rejects after five seconds. */
export function answerOf(
  emitter: { once(name: never, listener: (...args: never[]) => void): unknown },
  name: string,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`"${name}" did not come`)), 5_000);
    const listener = (answer: unknown) => {
      clearTimeout(late);
      resolve(answer);
    };
    emitter.once(name as never, listener);
  });
}

/** Everything of that name that arrives from now on. */
export function heard(socket: NeighbourSocket, name: keyof ServerToClientEvents): unknown[] {
  const list: unknown[] = [];
  const listener = (message: unknown) => void list.push(message);
  socket.on(name, listener);
  return list;
}

/** A round trip: whatever the server sent to this socket before is there afterwards. */
export async function settled(
  socket: NeighbourSocket,
  question: 'board:enter' | 'board:leave' = 'board:leave',
): Promise<void> {
  await socket.timeout(5_000).emitWithAck(question);
}
