import { randomFillSync } from 'node:crypto';
import type { Clock, NewId } from './actor.ts';

/**
 * Makes the id source: UUID version 7 (RFC 9562), lower case. The first 48 bits are the clock's milliseconds,
 * so that ids made later sort later in the store; the other 74 free bits are random, so that ids cannot be guessed.
 * Two ids of one millisecond have no order. `fill` is replaced in tests that want the same ids every time.
 */
export function createIdSource(clock: Clock, fill: (bytes: Uint8Array) => void = randomFillSync): NewId {
  return () => {
    const bytes = new Uint8Array(16);
    fill(bytes);
    let milliseconds = clock.now().getTime();
    for (let index = 5; index >= 0; index -= 1) {
      bytes[index] = milliseconds % 256;
      milliseconds = Math.floor(milliseconds / 256);
    }
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    const hex = Buffer.from(bytes).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

/** The shape of every id of the service, for schemas. */
export const ID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
