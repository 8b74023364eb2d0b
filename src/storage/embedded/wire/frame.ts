import { storeError } from '../errors.ts';

export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;
export const MAX_MESSAGE_BYTES = 48_000_000;
const HEADER_BYTES = 16;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const EXHAUST_ALLOWED = 1 << 16;

/** One whole request. `sequences` are the document sequences of OP_MSG by their identifier. */
export interface Message {
  readonly requestId: number;
  readonly opCode: number;
  /** The client wants no answer (a write with w: 0). */
  readonly moreToCome: boolean;
  readonly body: Uint8Array;
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  /** OP_QUERY only: the namespace it was sent to, such as `admin.$cmd`. */
  readonly queryNamespace?: string;
}

const NO_SEQUENCES: ReadonlyMap<string, readonly Uint8Array[]> = new Map();

/**
 * Cuts a byte stream into messages. `push` takes the next chunk and calls `onMessage` for each whole
 * message, in order; the bytes handed over are never written to again, so documents may be kept as
 * views. Throws a StoreError on a length out of range: the caller must then close the connection.
 */
export function createFrameCutter(onMessage: (message: Buffer) => void): { push(chunk: Buffer): void } {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let wanted = 0;

  function push(chunk: Buffer): void {
    let rest = chunk;
    if (pendingBytes > 0) {
      pending.push(chunk);
      pendingBytes += chunk.length;
      if (pendingBytes < Math.max(wanted, 4)) return;
      rest = Buffer.concat(pending, pendingBytes);
      pending = [];
      pendingBytes = 0;
    }
    while (rest.length >= 4) {
      wanted = rest.readInt32LE(0);
      if (wanted < HEADER_BYTES || wanted > MAX_MESSAGE_BYTES) {
        throw storeError(2, `message length ${wanted} is out of range`);
      }
      if (rest.length < wanted) break;
      onMessage(rest.subarray(0, wanted));
      rest = rest.subarray(wanted);
    }
    if (rest.length > 0) {
      pending.push(rest);
      pendingBytes = rest.length;
    }
    wanted = rest.length >= 4 ? rest.readInt32LE(0) : 0;
  }

  return { push };
}

/** Reads one whole message as `createFrameCutter` hands it over. Throws a StoreError on a bad shape. */
export function readMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const opCode = bytes.readInt32LE(12);
  if (opCode === OP_MSG) return readOpMsg(bytes, requestId);
  if (opCode === OP_QUERY) return readOpQuery(bytes, requestId);
  throw storeError(352, `Unsupported OP_QUERY command: opcode ${opCode}`);
}

function readOpMsg(bytes: Buffer, requestId: number): Message {
  const flags = bytes.readUInt32LE(HEADER_BYTES);
  if ((flags & 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) {
    throw storeError(2, `unknown required OP_MSG flags ${flags & ~EXHAUST_ALLOWED}`);
  }
  const end = (flags & CHECKSUM_PRESENT) !== 0 ? bytes.length - 4 : bytes.length;
  let at = HEADER_BYTES + 4;
  let body: Uint8Array | undefined;
  let sequences: Map<string, readonly Uint8Array[]> | undefined;
  while (at < end) {
    const kind = bytes[at++];
    if (kind === 0) {
      const length = documentLength(bytes, at, end);
      body = bytes.subarray(at, at + length);
      at += length;
    } else if (kind === 1) {
      const sequence = readSequence(bytes, at, end);
      sequences ??= new Map();
      sequences.set(sequence.name, sequence.documents);
      at = sequence.end;
    } else {
      throw storeError(2, `unknown OP_MSG section kind ${kind}`);
    }
  }
  if (body === undefined) throw storeError(2, 'OP_MSG messages must have a body');
  return {
    requestId,
    opCode: OP_MSG,
    moreToCome: (flags & MORE_TO_COME) !== 0,
    body,
    sequences: sequences ?? NO_SEQUENCES,
  };
}

function readSequence(bytes: Buffer, start: number, end: number) {
  if (start + 4 > end) throw storeError(2, 'document sequence is cut short');
  const size = bytes.readInt32LE(start);
  const stop = start + size;
  if (size < 5 || stop > end) throw storeError(2, 'document sequence length is out of range');
  const zero = bytes.indexOf(0, start + 4);
  if (zero < 0 || zero >= stop) throw storeError(2, 'document sequence has no name');
  const name = bytes.toString('utf8', start + 4, zero);
  const documents: Uint8Array[] = [];
  let at = zero + 1;
  while (at < stop) {
    const length = documentLength(bytes, at, stop);
    documents.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { name, documents, end: stop };
}

function readOpQuery(bytes: Buffer, requestId: number): Message {
  const zero = bytes.indexOf(0, HEADER_BYTES + 4);
  if (zero < 0) throw storeError(2, 'OP_QUERY without a namespace');
  const at = zero + 9;
  const length = documentLength(bytes, at, bytes.length);
  return {
    requestId,
    opCode: OP_QUERY,
    moreToCome: false,
    body: bytes.subarray(at, at + length),
    sequences: NO_SEQUENCES,
    queryNamespace: bytes.toString('utf8', HEADER_BYTES + 4, zero),
  };
}

function documentLength(bytes: Buffer, at: number, end: number): number {
  if (at + 5 > end) throw storeError(2, 'document is cut short');
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > end || bytes[at + length - 1] !== 0) {
    throw storeError(2, 'document length is out of range');
  }
  return length;
}
