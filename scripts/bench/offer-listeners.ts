import http from 'node:http';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';

/** When an offer for each request first arrived at one of the sockets, in milliseconds of `performance.now()`. */
export interface OfferListeners {
  /** Resolves with the moment; at once when it has come already. */
  arrival(requestId: string): Promise<number>;
  close(): void;
}

/** One socket for each entry, connected fifty at a time. Resolves when all are open. */
export async function openOfferListeners(
  origin: string,
  people: readonly { headers: Record<string, string>; auth: Record<string, string> }[],
): Promise<OfferListeners> {
  const arrived = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const sockets: Socket[] = [];
  const agent = new http.Agent({ keepAlive: false });

  async function open({ headers, auth }: (typeof people)[number]): Promise<void> {
    const socket = io(origin, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: 30_000,
      extraHeaders: { origin, ...headers },
      auth,
      agent: agent as never,
    });
    sockets.push(socket);
    socket.on('match:offered', (match: { request: { id: string } }) => {
      const { id } = match.request;
      if (arrived.has(id)) return;
      const now = performance.now();
      arrived.set(id, now);
      waiting.get(id)?.(now);
      waiting.delete(id);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', reject);
    });
  }

  for (let from = 0; from < people.length; from += 50)
    await Promise.all(people.slice(from, from + 50).map(open));
  return {
    arrival(requestId) {
      const at = arrived.get(requestId);
      if (at !== undefined) return Promise.resolve(at);
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no offer for ${requestId} within 30 s`)), 30_000);
        waiting.set(requestId, (moment) => {
          clearTimeout(late);
          resolve(moment);
        });
      });
    },
    close() {
      for (const socket of sockets) socket.disconnect();
    },
  };
}
