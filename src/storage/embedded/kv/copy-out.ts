/**
 * Copies bytes out of a buffer that lmdb uses again. Small copies share slabs: a plain view of a slab is
 * several times cheaper than a Buffer of its own, and reads make three copies per document.
 */
const SLAB_BYTES = 64 * 1024;
const SHARED_UP_TO = 4096;
/** Below this a loop beats a view and `set`. */
const LOOP_UP_TO = 48;

let slab = new ArrayBuffer(SLAB_BYTES);
let used = 0;

/** The bytes from `start` on, `length` of them, as the caller's own. */
export function copyOut(source: Uint8Array, start: number, length: number): Uint8Array {
  const out = length > SHARED_UP_TO ? new Uint8Array(length) : room(length);
  if (length <= LOOP_UP_TO) for (let i = 0; i < length; i++) out[i] = source[start + i]!;
  else out.set(new Uint8Array(source.buffer, source.byteOffset + start, length));
  return out;
}

function room(length: number): Uint8Array {
  if (used + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const out = new Uint8Array(slab, used, length);
  used += length;
  return out;
}
