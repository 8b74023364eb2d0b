import { createServer, type Server, type Socket } from 'node:net';
import type { Answer, ClientState, Dispatch } from '../command/dispatch.ts';
import type { StoreLog } from '../engine.ts';
import { createFrameCutter } from './frame.ts';

export interface WireServer {
  listen(where: { path: string } | { port: number; host: string }): Promise<number | undefined>;
  /** Takes no new connections, lets running commands answer, then closes all. */
  stop(): Promise<void>;
}

/** Accepts connections and answers their messages, each connection's in order. */
export function createWireServer(dispatch: Dispatch, log: StoreLog): WireServer {
  const connections = new Set<Connection>();
  let lastId = 0;
  const server: Server = createServer({ noDelay: true }, (socket) => {
    const connection = createConnection(socket, ++lastId, dispatch, log);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });

  return {
    listen(where) {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(where, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : undefined);
        });
      });
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...connections].map((connection) => connection.finish()));
      await closed;
    },
  };
}

interface Connection {
  /** Resolves when the running command has answered and the socket is closed. */
  finish(): Promise<void>;
}

function createConnection(
  socket: Socket,
  connectionId: number,
  dispatch: Dispatch,
  log: StoreLog,
): Connection {
  const client: ClientState = { connectionId, isClosed: false };
  const waiting: Buffer[] = [];
  let running: Promise<void> | undefined;
  const state = { isFinishing: false };

  const cutter = createFrameCutter((message) => {
    if (state.isFinishing) return;
    if (running !== undefined) {
      waiting.push(message);
      return;
    }
    const answer = dispatch(message, client);
    if (answer instanceof Promise) running = runRest(answer);
    else send(answer);
  });

  async function runRest(first: Promise<Answer>): Promise<void> {
    try {
      send(await first);
      while (waiting.length > 0 && !client.isClosed && !state.isFinishing) {
        send(await dispatch(waiting.shift()!, client));
      }
    } catch (error) {
      fail(error);
    } finally {
      running = undefined;
    }
  }

  function send({ reply, close }: Answer): void {
    if (reply !== undefined && !socket.destroyed) socket.write(reply);
    if (close) socket.destroy();
  }

  function fail(error: unknown): void {
    log('warn', { err: error, connectionId }, 'connection closed: its message cannot be read');
    socket.destroy();
  }

  socket.on('data', (chunk) => {
    try {
      cutter.push(chunk);
    } catch (error) {
      fail(error);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    client.isClosed = true;
  });

  return {
    async finish() {
      state.isFinishing = true;
      await running;
      client.isClosed = true;
      if (socket.destroyed) return;
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.end();
      socket.destroySoon();
      await closed;
    },
  };
}
