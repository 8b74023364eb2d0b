import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A WebSocket written by hand, for what no well-behaved client would send. */
export interface RawWebSocket {
  readonly stream: Socket;
  /** One masked frame. Opcode 1 is text, 2 binary, 8 close. */
  send(payload: string | Buffer, opcode?: number): void;
  /** Bytes as they are, framing and all. */
  sendRaw(bytes: Buffer): void;
  /** Resolves when the other side has ended the connection. */
  readonly ended: Promise<void>;
}

/**
 * Opens a WebSocket for Engine.IO. Answers the status line when the upgrade is refused.
 */
export async function openRawWebSocket(
  origin: string,
  headers: Record<string, string>,
  query = 'EIO=4&transport=websocket',
): Promise<{ status: number; socket: RawWebSocket | null }> {
  const url = new URL(origin);
  const stream = connect(Number(url.port), url.hostname);
  await once(stream, 'connect');
  const lines = [
    `GET /socket.io/?${query} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  stream.write(`${lines.join('\r\n')}\r\n\r\n`);
  const ended = new Promise<void>((resolve) => {
    stream.once('close', () => resolve());
    stream.on('error', () => resolve());
  });
  const first = await Promise.race([
    once(stream, 'data').then(([chunk]) => String(chunk)),
    ended.then(() => 'HTTP/1.1 000 closed'),
  ]);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  if (status !== 101) {
    stream.destroy();
    return { status, socket: null };
  }
  stream.on('data', () => undefined);
  const sendRaw = (bytes: Buffer) => void stream.write(bytes);
  return {
    status,
    socket: { stream, ended, sendRaw, send: (payload, opcode = 1) => sendRaw(maskedFrame(payload, opcode)) },
  };
}

function maskedFrame(payload: string | Buffer, opcode: number): Buffer {
  const body = Buffer.from(payload);
  const mask = randomBytes(4);
  const head =
    body.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | body.length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, body.length >> 8, body.length & 255]);
  return Buffer.concat([head, mask, body.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}
