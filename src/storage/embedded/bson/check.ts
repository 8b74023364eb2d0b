import { storeError } from '../errors.ts';
import type { RawDocument } from './types.ts';
import { cstringEnd, int32At, valueEnd } from './walk.ts';

const MAX_DEPTH = 180;

function invalid(reason: string): never {
  throw storeError(22, `Invalid BSON: ${reason}`);
}

function checkText(bytes: Uint8Array, start: number, end: number): void {
  const length = end > start + 4 ? int32At(bytes, start) : 0;
  if (length < 1 || start + 4 + length > end || bytes[start + 3 + length] !== 0) invalid('bad string length');
}

function checkValue(type: number, bytes: Uint8Array, start: number, end: number, depth: number): void {
  if (type === 0x03 || type === 0x04) checkAt(bytes, start, end, depth + 1);
  else if (type === 0x02 || type === 0x0d || type === 0x0e || type === 0x0c) checkText(bytes, start, end);
  else if (type === 0x05 && int32At(bytes, start) < 0) invalid('bad binary length');
  else if (type === 0x08 && bytes[start]! > 1) invalid('bad boolean');
  else if (type === 0x0f) {
    checkText(bytes, start + 4, end);
    checkAt(bytes, start + 8 + int32At(bytes, start + 4), end, depth + 1);
  }
}

function checkAt(bytes: Uint8Array, start: number, end: number, depth: number): void {
  if (depth > MAX_DEPTH) throw storeError(15, `Document exceeds the maximum nesting depth of ${MAX_DEPTH}`);
  if (end - start < 5 || int32At(bytes, start) !== end - start) invalid('document length does not match');
  const last = end - 1;
  if (bytes[last] !== 0) invalid('document does not end with 0');
  let at = start + 4;
  while (at < last) {
    const type = bytes[at]!;
    if (type === 0) invalid('unexpected end of document');
    const value = cstringEnd(bytes, at + 1) + 1;
    // Lengths are read from up to 8 bytes ahead: beyond the end they read as 0 and fail below.
    const next = value > last ? -1 : valueEnd(type, bytes, value);
    if (next < value || next > last) invalid('value runs over the end of its document');
    checkValue(type, bytes, value, next, depth);
    at = next;
  }
}

/**
 * Accepts exactly one well-formed document: lengths agree, strings end with NUL, types are known,
 * nesting stays within 180. Everything else here relies on it, so the wire layer calls it on whatever
 * comes from outside. Throws 22 (15 for depth).
 */
export function checkDocument(raw: RawDocument): void {
  checkAt(raw, 0, raw.length, 0);
}
