import { serialize } from 'bson';
import { OP_MSG, OP_REPLY } from './frame.ts';

const DOUBLE = 1;
const STRING = 2;
const OBJECT = 3;
const ARRAY = 4;
const NULL = 10;
const LONG = 18;

/** What a raw part of a reply may be: one document, a list of documents, or null. */
export type RawPart = Uint8Array | readonly Uint8Array[] | null;

/** Bytes of an OP_MSG frame before the document. */
const MESSAGE_HEAD = 21;

/** A reply laid out behind room for its frame, so that large ones are copied once. */
export interface FramedReply {
  readonly framed: Buffer;
}

/** A whole reply document, ready to be framed. */
export type ReplyBody = Uint8Array | FramedReply;

/** The reply's document alone. */
export function replyDocument(body: ReplyBody): Uint8Array {
  return body instanceof Uint8Array ? body : body.framed.subarray(MESSAGE_HEAD);
}

/**
 * Joins plain fields and raw parts to one BSON document: first the plain fields, then the raw parts,
 * each in order. Stored documents are copied byte by byte, never decoded.
 */
export function spliceDocument(
  fields: Record<string, unknown>,
  parts: Readonly<Record<string, RawPart>> = {},
): Uint8Array {
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

/** A reply's document with more fields at its end. */
export function withFields(document: Uint8Array, fields: Record<string, unknown>): Uint8Array {
  const out = Buffer.concat([document.subarray(0, -1), serialize(fields).subarray(4)]);
  out.writeInt32LE(out.length, 0);
  return out;
}

export interface CursorReply {
  readonly batchName: 'firstBatch' | 'nextBatch';
  readonly documents: readonly Uint8Array[];
  readonly id: bigint;
  readonly namespace: string;
  /** Further fields of the cursor, such as a resume token. */
  readonly extra?: Record<string, unknown> | undefined;
  /** Further fields beside the cursor. */
  readonly beside?: Record<string, unknown> | undefined;
}

/** The reply of find, aggregate and getMore: `{ cursor: { [batchName]: [...], id, ns, ... }, ok: 1 }`. */
export function spliceCursor(reply: CursorReply): FramedReply {
  const { batchName, documents, namespace } = reply;
  const extra = fieldsOf(reply.extra);
  const beside = fieldsOf(reply.beside);
  const namespaceBytes = Buffer.byteLength(namespace);
  const arraySize = arrayBytes(documents);
  const cursorSize = 4 + (2 + batchName.length + arraySize) + 12 + (9 + namespaceBytes) + extra.length + 1;
  const size = 4 + (8 + cursorSize) + 12 + beside.length + 1;
  const framed = Buffer.allocUnsafe(MESSAGE_HEAD + size);
  let at = framed.writeInt32LE(size, MESSAGE_HEAD);
  at = writeName(framed, at, OBJECT, 'cursor');
  at = framed.writeInt32LE(cursorSize, at);
  at = writeArray(framed, writeName(framed, at, ARRAY, batchName), documents);
  at = framed.writeBigInt64LE(reply.id, writeName(framed, at, LONG, 'id'));
  at = framed.writeInt32LE(namespaceBytes + 1, writeName(framed, at, STRING, 'ns'));
  at += framed.write(namespace, at, 'utf8');
  framed[at++] = 0;
  framed.set(extra, at);
  at += extra.length;
  framed[at++] = 0;
  at = framed.writeDoubleLE(1, writeName(framed, at, DOUBLE, 'ok'));
  framed.set(beside, at);
  framed[at + beside.length] = 0;
  return { framed };
}

const NO_FIELDS = new Uint8Array(0);

/** The elements of a document without its length and end. */
function fieldsOf(fields: Record<string, unknown> | undefined): Uint8Array {
  return fields === undefined ? NO_FIELDS : serialize(fields).subarray(4, -1);
}

function writeName(out: Buffer, at: number, type: number, name: string): number {
  out[at] = type;
  const end = at + 1 + out.write(name, at + 1, 'latin1');
  out[end] = 0;
  return end + 1;
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
    if (i < 10) out[at++] = 0x30 + i;
    else at += out.write(String(i), at, 'latin1');
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
  if (opCode === OP_MSG) {
    const out = body instanceof Uint8Array ? Buffer.allocUnsafe(MESSAGE_HEAD + body.length) : body.framed;
    if (body instanceof Uint8Array) out.set(body, MESSAGE_HEAD);
    writeHead(out, OP_MSG, responseTo);
    out.fill(0, 16, MESSAGE_HEAD); // flags, and the kind of the only section
    return out;
  }
  const document = replyDocument(body);
  const out = Buffer.alloc(36 + document.length);
  writeHead(out, OP_REPLY, responseTo);
  out.writeInt32LE(8, 16); // AwaitCapable, as every mongod sets it
  out.writeInt32LE(1, 32); // one document; cursor id and starting point stay 0
  out.set(document, 36);
  return out;
}

function writeHead(out: Buffer, opCode: number, responseTo: number): void {
  out.writeInt32LE(out.length, 0);
  out.writeInt32LE(lastRequestId, 4);
  out.writeInt32LE(responseTo, 8);
  out.writeInt32LE(opCode, 12);
}
