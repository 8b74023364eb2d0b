import { storeError } from '../errors.ts';
import type { RawDocument, RawValue } from './types.ts';

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

/** Writers that are not in use: their buffers are kept, so that small documents cost no allocation. */
const idle: DocumentWriter[] = [];
const LARGEST_KEPT = 1 << 20;

/** A writer for one document of about the given size in bytes. */
export function createWriter(expectedSize = 0): DocumentWriter {
  return idle.pop() ?? newWriter(Math.max(1024, expectedSize));
}

function newWriter(size: number): DocumentWriter {
  let out = new Uint8Array(size);
  let used = 4;
  let opened: number[] = [0];

  function room(count: number): void {
    if (used + count <= out.length) return;
    const larger = new Uint8Array(Math.max(out.length * 2, used + count));
    larger.set(out);
    out = larger;
  }
  function header(type: number, name: string): void {
    room(name.length * 3 + 2);
    out[used++] = type;
    const start = used;
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      if (code >= 0x80) {
        const encoded = Buffer.from(name);
        out.set(encoded, start);
        used = start + encoded.length;
        break;
      }
      out[used++] = code;
    }
    out[used++] = 0;
  }
  function copy(bytes: Uint8Array, start: number, end: number): void {
    room(end - start);
    if (end - start < 48) for (let i = start; i < end; i++) out[used++] = bytes[i]!;
    else {
      out.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), used);
      used += end - start;
    }
  }
  function close(): void {
    const start = opened.pop();
    if (start === undefined) throw storeError(1, 'document closed twice');
    room(1);
    out[used++] = 0;
    putInt32(out, start, used - start);
  }
  const writer: DocumentWriter = {
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
      const document = out.slice(0, used);
      used = 4;
      opened = [0];
      if (out.length <= LARGEST_KEPT) idle.push(writer);
      return document;
    },
  };
  return writer;
}

function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >> 8;
  bytes[at + 2] = value >> 16;
  bytes[at + 3] = value >> 24;
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
  const bytes = new Uint8Array(4);
  putInt32(bytes, 0, value);
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
