import { storeError } from '../errors.ts';
import type { RawDocument, RawElement, RawValue } from './types.ts';

const scratchBytes = new Uint8Array(8);
const scratchDouble = new Float64Array(scratchBytes.buffer);
const scratchLong = new BigInt64Array(scratchBytes.buffer);
const scratchUnsigned = new BigUint64Array(scratchBytes.buffer);

function fill(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 8; i++) scratchBytes[i] = bytes[at + i]!;
}

/** Little-endian signed 32-bit integer at a byte offset. */
export function int32At(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** IEEE double at a byte offset. */
export function doubleAt(bytes: Uint8Array, at: number): number {
  fill(bytes, at);
  return scratchDouble[0]!;
}

/** Signed 64-bit integer at a byte offset, exact. */
export function longAt(bytes: Uint8Array, at: number): bigint {
  fill(bytes, at);
  return scratchLong[0]!;
}

/** Unsigned 64-bit integer at a byte offset, exact. */
export function unsignedLongAt(bytes: Uint8Array, at: number): bigint {
  fill(bytes, at);
  return scratchUnsigned[0]!;
}

const latin1Slice = Buffer.prototype.latin1Slice;
const utf8Slice = Buffer.prototype.utf8Slice;

/** UTF-8 text between two offsets. */
export function textBetween(bytes: Uint8Array, start: number, end: number): string {
  // Buffer's own decoders also run on plain byte arrays, without a wrapper object.
  for (let i = start; i < end; i++) if (bytes[i]! >= 0x80) return utf8Slice.call(bytes, start, end);
  return latin1Slice.call(bytes, start, end);
}

/** Field names met before, by a hash of their bytes: documents repeat a few names over and over. */
const knownNames: { readonly bytes: Uint8Array; readonly text: string }[] = [];
const NAME_SLOTS = 2048;
const LONGEST_KNOWN = 32;

/** The field name between two offsets. */
function nameBetween(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST_KNOWN) return textBetween(bytes, start, end);
  let hash = length;
  for (let i = start; i < end; i++) hash = (hash * 31 + bytes[i]!) | 0;
  const slot = hash & (NAME_SLOTS - 1);
  const known = knownNames[slot];
  if (known?.bytes.length === length) {
    let i = 0;
    while (i < length && known.bytes[i] === bytes[start + i]) i++;
    if (i === length) return known.text;
  }
  const text = textBetween(bytes, start, end);
  knownNames[slot] = { bytes: bytes.slice(start, end), text };
  return text;
}

/** Text of a String, Symbol or Code value (length prefix and final NUL left out). */
export function stringOf(value: RawValue): string {
  return textBetween(value.bytes, value.start + 4, value.start + 3 + int32At(value.bytes, value.start));
}

/** Offset of the NUL that ends the C string starting at `at`. */
export function cstringEnd(bytes: Uint8Array, at: number): number {
  let i = at;
  while (bytes[i] !== 0) {
    if (i >= bytes.length) throw storeError(22, 'not null terminated string in object');
    i++;
  }
  return i;
}

/** Offset just behind a value of the given type that starts at `start`. Throws 22 on an unknown type. */
export function valueEnd(type: number, bytes: Uint8Array, start: number): number {
  switch (type) {
    case 0x10:
      return start + 4;
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return start + 8;
    case 0x02:
    case 0x0d:
    case 0x0e:
      return start + 4 + int32At(bytes, start);
    case 0x03:
    case 0x04:
    case 0x0f:
      return start + int32At(bytes, start);
    case 0x07:
      return start + 12;
    case 0x08:
      return start + 1;
    case 0x06:
    case 0x0a:
    case 0x7f:
    case 0xff:
      return start;
    case 0x05:
      return start + 5 + int32At(bytes, start);
    case 0x0b:
      return cstringEnd(bytes, cstringEnd(bytes, start) + 1) + 1;
    case 0x0c:
      return start + 16 + int32At(bytes, start);
    case 0x13:
      return start + 16;
    default:
      throw storeError(22, `Unrecognized BSON type ${type}`);
  }
}

/**
 * Elements of the document or array that starts at `start`, in stored order.
 * The document must be well formed (`checkDocument` has accepted it).
 */
export function elementsAt(bytes: Uint8Array, start: number): RawElement[] {
  const out: RawElement[] = [];
  const last = start + int32At(bytes, start) - 1;
  let at = start + 4;
  while (at < last) {
    const type = bytes[at]!;
    const nameEnd = cstringEnd(bytes, at + 1);
    const end = valueEnd(type, bytes, nameEnd + 1);
    out.push({ name: nameBetween(bytes, at + 1, nameEnd), value: { type, bytes, start: nameEnd + 1, end } });
    at = end;
  }
  return out;
}

/** Elements of a whole document, in stored order. */
export function elements(raw: RawDocument): RawElement[] {
  return elementsAt(raw, 0);
}

/** Elements of an Object or Array value. */
export function elementsOf(value: RawValue): RawElement[] {
  return elementsAt(value.bytes, value.start);
}

/** Values of an Array value, in order. */
export function arrayValues({ bytes, start }: RawValue): RawValue[] {
  const out: RawValue[] = [];
  const last = start + int32At(bytes, start) - 1;
  let at = start + 4;
  while (at < last) {
    const type = bytes[at]!;
    const from = cstringEnd(bytes, at + 1) + 1;
    at = valueEnd(type, bytes, from);
    out.push({ type, bytes, start: from, end: at });
  }
  return out;
}

/** Offset of the element (its type byte) with this UTF-8 name, or -1. No allocation: the matcher's inner loop. */
export function findElement(bytes: Uint8Array, docStart: number, name: Uint8Array): number {
  const last = docStart + int32At(bytes, docStart) - 1;
  const length = name.length;
  let at = docStart + 4;
  while (at < last) {
    let i = 0;
    while (i < length && bytes[at + 1 + i] === name[i]) i++;
    if (i === length && bytes[at + 1 + i] === 0) return at;
    const nameEnd = cstringEnd(bytes, at + 1);
    at = valueEnd(bytes[at]!, bytes, nameEnd + 1);
  }
  return -1;
}

/** The bytes of names that `getField` was asked for; the code asks for a few dozen. */
const encodedNames = new Map<string, Uint8Array>();

function encodedName(name: string): Uint8Array {
  let encoded = encodedNames.get(name);
  if (!encoded) {
    encoded = Buffer.from(name);
    if (encodedNames.size < 1000) encodedNames.set(name, encoded);
  }
  return encoded;
}

/** A document's top-level field, or undefined when missing. */
export function getField(raw: RawDocument, name: string): RawValue | undefined {
  const encoded = encodedName(name);
  const at = findElement(raw, 0, encoded);
  if (at < 0) return undefined;
  const start = at + 2 + encoded.length;
  return { type: raw[at]!, bytes: raw, start, end: valueEnd(raw[at]!, raw, start) };
}

/** The bytes of an Object or Array value as a document of its own (a view, not a copy). */
export function subdocument(value: RawValue): RawDocument {
  return value.bytes.subarray(value.start, value.end);
}

/** True when two values have the same type and the same bytes (Int32 5 and Double 5 differ). */
export function identical(a: RawValue, b: RawValue): boolean {
  if (a.type !== b.type || a.end - a.start !== b.end - b.start) return false;
  for (let i = a.start, j = b.start; i < a.end; i++, j++) if (a.bytes[i] !== b.bytes[j]) return false;
  return true;
}
