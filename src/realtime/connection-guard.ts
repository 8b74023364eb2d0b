import type { RealtimeSocket } from './realtime-types.ts';

/** One connection below Socket.IO, as far as the guard looks at it. */
export type RawConnection = RealtimeSocket['conn'];

export interface ConnectionLimits {
  /** Packets a second that a connection may send for ever, and how many it may send at once. */
  readonly packetsPerSecond: number;
  readonly packetsAtOnce: number;
  /** What may wait unread for one connection. */
  readonly waitingPackets: number;
  readonly waitingBytes: number;
  readonly socketsPerAccount: number;
  /** Generous: a whole centre or estate may share one address. */
  readonly connectionsPerAddress: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  packetsPerSecond: 20,
  packetsAtOnce: 50,
  waitingPackets: 200,
  waitingBytes: 1024 * 1024,
  socketsPerAccount: 5,
  connectionsPerAddress: 1_000,
};

/**
 * A token bucket: `take()` is false when the sender was too fast. Refills continuously; `now` in milliseconds
 * from any monotonic source.
 */
export function createTokenBucket(perSecond: number, atOnce: number, start: number) {
  let tokens = atOnce;
  let last = start;
  return {
    take(now: number): boolean {
      tokens = Math.min(atOnce, tokens + ((now - last) / 1000) * perSecond);
      last = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}

/**
 * Watches one connection from its first packet on, before anything is parsed: a flood and any binary packet end
 * it. `onCut` is told why, once.
 */
export function guardConnection(
  connection: RawConnection,
  limits: ConnectionLimits,
  monotonicMs: () => number,
  onCut: (reason: 'flood' | 'binary') => void,
): void {
  const bucket = createTokenBucket(limits.packetsPerSecond, limits.packetsAtOnce, monotonicMs());
  let isCut = false;
  const end = (reason: 'flood' | 'binary') => {
    if (isCut) return;
    isCut = true;
    cutConnection(connection);
    onCut(reason);
  };
  connection.on('packet', (packet: { data?: unknown }) => {
    if (packet.data !== undefined && typeof packet.data !== 'string') end('binary');
    else if (!bucket.take(monotonicMs())) end('flood');
  });
}

/** True when so much waits for this connection that its owner has stopped reading. */
export function hasStoppedReading(connection: RawConnection, limits: ConnectionLimits): boolean {
  const waiting = connection as unknown as {
    writeBuffer: readonly { data?: unknown }[];
    transport: { socket?: { bufferedAmount?: number } };
  };
  if (waiting.writeBuffer.length > limits.waitingPackets) return true;
  let bytes = waiting.transport.socket?.bufferedAmount ?? 0;
  if (bytes > limits.waitingBytes) return true;
  for (const { data } of waiting.writeBuffer) {
    bytes += typeof data === 'string' ? data.length : 0;
    if (bytes > limits.waitingBytes) return true;
  }
  return false;
}

/**
 * Ends a connection now, without a goodbye: a polite close waits for what the other side does not read.
 * The events `disconnect` and `close` follow as for any lost connection.
 */
export function cutConnection(connection: RawConnection): void {
  const { socket } = connection.transport as unknown as { socket?: { terminate?: () => void } };
  if (typeof socket?.terminate === 'function') socket.terminate();
  else connection.close(true);
}

/** Counts connections per address; `enter` is false when the address has as many as it may. */
export function createAddressCount(limit: number) {
  const counts = new Map<string, number>();
  return {
    isFull: (address: string): boolean => (counts.get(address) ?? 0) >= limit,
    opened: (address: string): void => void counts.set(address, (counts.get(address) ?? 0) + 1),
    closed(address: string): void {
      const left = (counts.get(address) ?? 0) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    },
  };
}
