import { Timestamp } from 'bson';
import { storeError } from '../errors.ts';

/**
 * A place in the history of changes: seconds in the upper 32 bits, a counter in the lower, as in a BSON
 * Timestamp. A stream stands on a position and reads what comes after it.
 */
export type Position = bigint;

/** Of an event; of the `invalidate` that follows an event at the same position; of a place a stream has come to. */
export type TokenKind = 'event' | 'invalidate' | 'place';
const VERSIONS: Readonly<Record<TokenKind, string>> = { event: '01', invalidate: '02', place: '03' };

export function positionKey(position: Position): Uint8Array {
  const key = Buffer.allocUnsafe(8);
  key.writeBigUInt64BE(position);
  return key;
}

export function positionOf(key: Uint8Array): Position {
  return Buffer.from(key.buffer, key.byteOffset, key.length).readBigUInt64BE(0);
}

/** The position after `last` at a time: never smaller, and a new one each time. */
export function nextPosition(last: Position, nowMs: number): Position {
  const second = BigInt(Math.floor(nowMs / 1000)) << 32n;
  return second > last ? second + 1n : last + 1n;
}

export function timestampOf(position: Position): Timestamp {
  return new Timestamp({ t: Number(position >> 32n), i: Number(position & 0xffffffffn) });
}

/** The `_data` of a resume token. */
export function tokenText(position: Position, kind: TokenKind): string {
  return position.toString(16).toUpperCase().padStart(16, '0') + VERSIONS[kind];
}

/** Throws 280 on what is no token of this store. */
export function readToken(text: unknown): { position: Position; kind: TokenKind } {
  if (typeof text !== 'string' || !/^[0-9A-F]{16}0[123]$/.test(text)) {
    throw storeError(280, 'the resume token is not one of this store', {}, ['NonResumableChangeStreamError']);
  }
  const kinds = Object.keys(VERSIONS) as TokenKind[];
  return {
    position: BigInt(`0x${text.slice(0, 16)}`),
    kind: kinds.find((kind) => text.endsWith(VERSIONS[kind]))!,
  };
}
