import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import supertest, { type Test } from 'supertest';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/shared/realtime-events.ts';

export interface CommandOptions {
  /** The same key again is a retry; by default every command has its own. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser of one person: keeps cookies, sends Origin, and an idempotency key with every command. */
export interface PersonClient {
  get(path: string, headers?: Readonly<Record<string, string>>): Test;
  post(path: string, body?: object, options?: CommandOptions): Test;
  put(path: string, body?: object, options?: CommandOptions): Test;
  delete(path: string, options?: CommandOptions): Test;
  /** The cookies as one header. */
  cookie(): string;
  /** A socket with this person's session. The caller closes it; `stop` of the test app closes what is left. */
  socket(options?: { readonly origin?: string }): Socket<ServerToClientEvents, ClientToServerEvents>;
}

/** `open` collects sockets, so that the test app can close those that a test left open. */
export function createPersonClient(baseUrl: string, open: Set<{ close(): void }>): PersonClient {
  const agent = supertest.agent(baseUrl);
  const command = (test: Test, body: object | undefined, { key, headers }: CommandOptions = {}): Test => {
    const all = { Origin: baseUrl, 'Idempotency-Key': key ?? randomUUID(), ...headers };
    const prepared = test.set(all);
    return body === undefined ? prepared : prepared.send(body);
  };
  const cookie = (): string =>
    agent.jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false }).toValueString();
  return {
    get: (path, headers = {}) => agent.get(`/api${path}`).set(headers),
    post: (path, body = {}, options) => command(agent.post(`/api${path}`), body, options),
    put: (path, body = {}, options) => command(agent.put(`/api${path}`), body, options),
    delete: (path, options) => command(agent.delete(`/api${path}`), undefined, options),
    cookie,
    socket({ origin = baseUrl } = {}) {
      const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(baseUrl, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        timeout: 5_000,
        extraHeaders: { cookie: cookie(), origin },
      });
      open.add(socket);
      return socket;
    },
  };
}
