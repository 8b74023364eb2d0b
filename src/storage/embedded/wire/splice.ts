import { serialize } from 'bson';
import { OP_MSG, OP_REPLY } from './frame.ts';

const OBJECT = 3;
const ARRAY = 4;
const NULL = 10;

/** What a raw part of a reply may be: one document, a list of documents, or null. */
export type RawPart = Uint8Array | readonly Uint8Array[] | null;

/** A whole reply document, ready to be framed. */
export type ReplyBody = Uint8Array;

/**
 * Joins plain fields and raw parts to one BSON document: first the plain fields, then the raw parts,
 * each in order. Stored documents are copied byte by byte, never decoded.
 */
export function spliceDocument(
  fields: Record<string, unknown>,
  parts: Readonly<Record<string, RawPart>> = {},
): ReplyBody {
  const head = serialize(fields);
  const names = Object.keys(parts);
  if (names.length === 0) return head;
  let size = head.length;
  for (const name of names) size += 2 + Buffer.byteLength(name) + partBytes(parts[name] ?? null);
  const out = Buffer.allocUnsafe(size);
  out.set(head.subarray(0, head.length - 1), 0);
  let at = head.length - 1;
  for (const name of names) at = writePart(out, at, name, parts[name] ?? null);
  out[at] = 0;
  out.writeInt32LE(size, 0);
  return out;
}

/** The reply of find, aggregate and getMore: `{ cursor: { [batchName]: [...], id, ns, ...extra }, ok: 1 }`. */
export function spliceCursor(
  batchName: 'firstBatch' | 'nextBatch',
  documents: readonly Uint8Array[],
  cursor: Record<string, unknown>,
  beside: Record<string, unknown> = {},
): ReplyBody {
  const inner = spliceDocument(cursor, { [batchName]: documents });
  return spliceDocument({ ok: 1, ...beside }, { cursor: inner });
}

function partBytes(part: RawPart): number {
  if (part === null) return 0;
  return part instanceof Uint8Array ? part.length : arrayBytes(part);
}

function arrayBytes(documents: readonly Uint8Array[]): number {
  let size = 5;
  for (let i = 0; i < documents.length; i++) size += 2 + digits(i) + documents[i]!.length;
  return size;
}

function digits(index: number): number {
  if (index < 10) return 1;
  if (index < 100) return 2;
  if (index < 1000) return 3;
  return String(index).length;
}

function writePart(out: Buffer, start: number, name: string, part: RawPart): number {
  let at = start;
  out[at++] = part === null ? NULL : part instanceof Uint8Array ? OBJECT : ARRAY;
  at += out.write(name, at, 'utf8');
  out[at++] = 0;
  if (part === null) return at;
  if (part instanceof Uint8Array) {
    out.set(part, at);
    return at + part.length;
  }
  return writeArray(out, at, part);
}

function writeArray(out: Buffer, start: number, documents: readonly Uint8Array[]): number {
  let at = start + 4;
  for (let i = 0; i < documents.length; i++) {
    const document = documents[i]!;
    out[at++] = OBJECT;
    at += out.write(String(i), at, 'latin1');
    out[at++] = 0;
    out.set(document, at);
    at += document.length;
  }
  out[at++] = 0;
  out.writeInt32LE(at - start, start);
  return at;
}

let lastRequestId = 0;

/** Frames a reply for the request it answers, in the protocol the request came in. */
export function frameReply(opCode: number, responseTo: number, body: ReplyBody): Buffer {
  lastRequestId = (lastRequestId + 1) & 0x7fffffff;
  // OP_MSG: flags and section kind; OP_REPLY: flags, cursor id, starting from, number returned.
  const prefix = opCode === OP_MSG ? 5 : 20;
  const out = Buffer.allocUnsafe(16 + prefix + body.length);
  out.writeInt32LE(out.length, 0);
  out.writeInt32LE(lastRequestId, 4);
  out.writeInt32LE(responseTo, 8);
  out.writeInt32LE(opCode === OP_MSG ? OP_MSG : OP_REPLY, 12);
  out.fill(0, 16, 16 + prefix);
  if (opCode !== OP_MSG) {
    out.writeInt32LE(8, 16); // AwaitCapable, as every mongod sets it
    out.writeInt32LE(1, 32);
  }
  out.set(body, 16 + prefix);
  return out;
}
