import { storeError } from '../errors.ts';
import type { RawDocument, RawElement, RawValue } from './types.ts';

/** Writes one raw document front to back; nothing is decoded, values are copied as bytes. */
export interface DocumentWriter {
  /** Appends a named value. */
  value(name: string, value: RawValue): void;
  /** Appends a whole element (type byte, name, value) copied from another document. */
  element(bytes: Uint8Array, start: number, end: number): void;
  /** Opens an embedded object (3) or array (4); elements go into it until `close`. */
  open(name: string, type: 0x03 | 0x04): void;
  close(): void;
  /** The finished document. The writer must not be used afterwards. */
  finish(): RawDocument;
}

export function createWriter(size = 512): DocumentWriter {
  let out = Buffer.allocUnsafe(size);
  let used = 4;
  const opened: number[] = [0];

  function room(count: number): void {
    if (used + count <= out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(out.length * 2, used + count));
    out.copy(larger, 0, 0, used);
    out = larger;
  }
  function header(type: number, name: string): void {
    const length = name.length;
    room(length * 3 + 2);
    out[used++] = type;
    const start = used;
    for (let i = 0; i < length; i++) {
      const code = name.charCodeAt(i);
      if (code >= 0x80) {
        used = start + out.write(name, start);
        break;
      }
      out[used++] = code;
    }
    out[used++] = 0;
  }
  function copy(bytes: Uint8Array, start: number, end: number): void {
    room(end - start);
    if (end - start < 24) for (let i = start; i < end; i++) out[used++] = bytes[i]!;
    else {
      out.set(bytes.subarray(start, end), used);
      used += end - start;
    }
  }
  function close(): void {
    const start = opened.pop();
    if (start === undefined) throw storeError(1, 'document closed twice');
    room(1);
    out[used++] = 0;
    out.writeInt32LE(used - start, start);
  }
  return {
    value(name, value) {
      header(value.type, name);
      copy(value.bytes, value.start, value.end);
    },
    element: copy,
    open(name, type) {
      header(type, name);
      room(4);
      opened.push(used);
      used += 4;
    },
    close,
    finish() {
      while (opened.length > 0) close();
      return new Uint8Array(out.subarray(0, used));
    },
  };
}

/** A document made of named values, in the order given. */
export function documentOf(entries: Iterable<readonly [string, RawValue]>): RawDocument {
  const writer = createWriter();
  for (const [name, value] of entries) writer.value(name, value);
  return writer.finish();
}

function whole(type: number, bytes: Uint8Array): RawValue {
  return { type, bytes, start: 0, end: bytes.length };
}

/** A document as an Object value. */
export function objectValue(raw: RawDocument): RawValue {
  return whole(0x03, raw);
}

/** An Array value holding the given values. */
export function arrayValue(values: Iterable<RawValue>): RawValue {
  const writer = createWriter();
  let index = 0;
  for (const value of values) writer.value(String(index++), value);
  return whole(0x04, writer.finish());
}

export function int32Value(value: number): RawValue {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return whole(0x10, bytes);
}

export function longValue(value: bigint): RawValue {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return whole(0x12, bytes);
}

export function doubleValue(value: number): RawValue {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return whole(0x01, bytes);
}

/** A whole number as Int32 when it fits, else as Long. */
export function wholeNumberValue(value: number): RawValue {
  return value >= -0x80000000 && value <= 0x7fffffff ? int32Value(value) : longValue(BigInt(value));
}

export function stringValue(text: string): RawValue {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.alloc(length + 5);
  bytes.writeInt32LE(length + 1);
  bytes.write(text, 4);
  return whole(0x02, bytes);
}

export function boolValue(value: boolean): RawValue {
  return value ? TRUE : FALSE;
}

/** A Date from milliseconds since 1970. */
export function dateValue(milliseconds: number | bigint): RawValue {
  return { ...longValue(BigInt(milliseconds)), type: 0x09 };
}

/** A Timestamp of the given second, with increment 1. */
export function timestampValue(seconds: number): RawValue {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(1, 0);
  bytes.writeUInt32LE(seconds, 4);
  return whole(0x11, bytes);
}

export const NULL_VALUE: RawValue = whole(0x0a, new Uint8Array(0));
export const UNDEFINED_VALUE: RawValue = whole(0x06, new Uint8Array(0));
const TRUE = whole(0x08, Uint8Array.of(1));
const FALSE = whole(0x08, Uint8Array.of(0));

/** A copy of the document with a top-level field set: in its place if it exists, else at the end. */
export function withField(elements: Iterable<RawElement>, name: string, value: RawValue): RawDocument {
  const writer = createWriter();
  let written = false;
  for (const element of elements) {
    if (element.name === name) written = true;
    writer.value(element.name, element.name === name ? value : element.value);
  }
  if (!written) writer.value(name, value);
  return writer.finish();
}
