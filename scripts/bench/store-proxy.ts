import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** One command that changes something, as it passed by; times in milliseconds of `performance.now()`. */
export interface WriteSeen {
  readonly name: string;
  readonly collection: string;
  readonly from: number;
  /** When its answer came back: the write was durable by then. */
  to: number;
}

const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite']);
const OP_MSG = 2013;

/**
 * Stands between a driver and the store and notes every write command, without changing a byte. The driver is
 * given `uri`. Counting at the wire misses nothing: sessions, limits and sweeps are seen like everything else.
 */
export async function openStoreProxy(storeUri: string) {
  const socketPath = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(storeUri)?.[1] ?? '');
  const database = /^mongodb:\/\/[^/]+\/([^?]*)/.exec(storeUri)?.[1] ?? '';
  const writes: WriteSeen[] = [];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const store = connect(socketPath);
    const asked = new Map<number, WriteSeen>();
    const watch = (from: Socket, to: Socket, look: (message: Buffer) => void) => {
      open.add(from);
      eachMessage(from, look);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    };
    watch(client, store, (message) => {
      const command = commandOf(message);
      if (command === null || !WRITES.has(command.name)) return;
      const seen = { ...command, from: performance.now(), to: Number.NaN };
      writes.push(seen);
      asked.set(message.readInt32LE(4), seen);
    });
    watch(store, client, (message) => {
      const answered = asked.get(message.readInt32LE(8));
      if (answered !== undefined) answered.to = performance.now();
      asked.delete(message.readInt32LE(8));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    uri: `mongodb://127.0.0.1:${String(port)}/${database}?directConnection=true`,
    /** What was seen since the last call. */
    take: (): WriteSeen[] => writes.splice(0),
    close(): void {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Length of the longest chain of writes of which each begins after the one before was answered. */
export function sequentialDepth(writes: readonly WriteSeen[]): number {
  let depth = 0;
  let free = Number.NEGATIVE_INFINITY;
  for (const { from, to } of writes.toSorted((a, b) => a.to - b.to)) {
    if (from < free) continue;
    depth += 1;
    free = to;
  }
  return depth;
}

/** Calls `look` with each whole wire message; the stream flows on as it is. */
function eachMessage(stream: Socket, look: (message: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 16 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      look(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}

/** Name and collection of a command: the first element of the first body section; null for other messages. */
function commandOf(message: Buffer): { name: string; collection: string } | null {
  if (message.readInt32LE(12) !== OP_MSG) return null;
  let at = 20;
  // Kind 1 sections (document sequences) may come before the body.
  while (at < message.length && message[at] === 1) at += 1 + message.readInt32LE(at + 1);
  const name = at + 1 + 4 + 1;
  const nameEnd = message.indexOf(0, name);
  const isText = message[name - 1] === 2;
  const valueAt = nameEnd + 5;
  return {
    name: message.toString('utf8', name, nameEnd),
    collection: isText ? message.toString('utf8', valueAt, message.indexOf(0, valueAt)) : '',
  };
}
