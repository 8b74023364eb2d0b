import { serialize } from 'bson';
import { checkDocument } from '../bson/check.ts';
import { BSON, type RawDocument } from '../bson/types.ts';
import { getField, stringOf } from '../bson/walk.ts';
import type { Engine } from '../engine.ts';
import { StoreError, storeError } from '../errors.ts';
import { type Message, readMessage } from '../wire/frame.ts';
import { frameReply, type ReplyBody, replyDocument } from '../wire/splice.ts';
import type { CommandContext } from './context.ts';
import type { FailPoints } from './fail-points.ts';
import { readCommand, type CommandRequest } from './request.ts';
import { COMMANDS, type CommandEntry, GENERIC_FIELDS } from './table.ts';

/** What the answers of one connection depend on. */
export interface ClientState {
  readonly connectionId: number;
  /** True once the socket is gone: running operations then end. */
  isClosed: boolean;
}

/** `reply` undefined: nothing is sent. `close`: the connection is cut, as a fail point asked for. */
export interface Answer {
  readonly reply: Buffer | undefined;
  readonly close?: boolean;
}

export type Dispatch = (bytes: Buffer, client: ClientState) => Answer | Promise<Answer>;

const SLOW_MS = 200;
/** Codes after which a driver may send a retryable write again. */
const RETRYABLE_CODES = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Answers one message: finds the command, checks its fields, runs it, frames the reply or the error. */
export function createDispatch(engine: Engine, failPoints?: FailPoints): Dispatch {
  return (bytes, client) => {
    const message = readMessage(bytes);
    const finish = (body: ReplyBody): Answer => ({
      reply: message.moreToCome ? undefined : frameReply(message.opCode, message.requestId, body),
    });
    let request: CommandRequest | undefined;
    try {
      request = readRequest(message);
      const planned = failPoints?.meet(request);
      if (planned?.close) return { reply: undefined, close: true };
      if (planned?.error !== undefined) throw planned.error;
      const reply = runCommand(engine, request, client, failPoints);
      if (!(reply instanceof Promise)) return finish(withConcernError(reply, planned?.writeConcernError));
      const asked = request;
      return reply.then(
        (body) => finish(withConcernError(body, planned?.writeConcernError)),
        (error: unknown) => finish(errorReply(engine, error, asked)),
      );
    } catch (error) {
      return finish(errorReply(engine, error, request));
    }
  };
}

const CHECKS_ITS_STATEMENTS = new Set(['insert', 'update', 'delete']);

function readRequest(message: Message): CommandRequest {
  checkDocument(message.body);
  const { queryNamespace } = message;
  if (queryNamespace === undefined) {
    const request = readCommand(message.body, message.sequences);
    // These check their statements one by one, so that a large insert holds nobody up.
    if (CHECKS_ITS_STATEMENTS.has(request.name)) return request;
    for (const documents of message.sequences.values()) documents.forEach(checkDocument);
    return request;
  }
  // Only the first handshake may come as OP_QUERY.
  const request = readCommand(message.body, message.sequences, queryNamespace.split('.')[0]);
  if (!queryNamespace.endsWith('.$cmd') || !/^(hello|is[mM]aster)$/.test(request.name)) {
    throw storeError(
      352,
      `Unsupported OP_QUERY command: ${request.name}. The client driver may require an upgrade.`,
    );
  }
  return request;
}

function runCommand(
  engine: Engine,
  request: CommandRequest,
  client: ClientState,
  failPoints: FailPoints | undefined,
): ReplyBody | Promise<ReplyBody> {
  if (request.name === 'configureFailPoint' && failPoints !== undefined) return failPoints.configure(request);
  const entry = COMMANDS.get(request.name);
  if (entry === undefined) throw storeError(59, `no such command: '${request.name}'`);
  checkFields(request, entry);
  const context = contextOf(engine, request, client, entry);
  const started = performance.now();
  const reply = entry.run(context);
  if (reply instanceof Promise) {
    return reply.finally(() => logSlow(engine, request, performance.now() - started));
  }
  logSlow(engine, request, performance.now() - started);
  return reply;
}

function checkFields(request: CommandRequest, entry: CommandEntry): void {
  for (const field of request.fields.keys()) {
    if (field === request.name || GENERIC_FIELDS.has(field) || entry.fields.has(field)) continue;
    if (field === 'startTransaction' || field === 'autocommit') {
      throw storeError(263, 'multi-document transactions are not supported');
    }
    throw storeError(40415, `BSON field '${request.name}.${field}' is an unknown field.`);
  }
}

function contextOf(
  engine: Engine,
  request: CommandRequest,
  client: ClientState,
  entry: CommandEntry,
): CommandContext {
  const session = sessionOf(request.document('lsid'));
  const txnNumber = request.long('txnNumber');
  const maxTimeMs = request.integer('maxTimeMS');
  if (maxTimeMs !== undefined && maxTimeMs < 0)
    throw storeError(2, `maxTimeMS must be non-negative, got ${maxTimeMs}`);
  checkReadConcern(request.document('readConcern'));
  const hasDeadline = maxTimeMs !== undefined && maxTimeMs > 0 && request.name !== 'getMore';
  return {
    engine,
    request,
    connectionId: client.connectionId,
    session,
    retry:
      entry.isRetryable && session !== undefined && txnNumber !== undefined
        ? { session, txnNumber }
        : undefined,
    control: {
      deadline: hasDeadline ? performance.now() + maxTimeMs : undefined,
      isKilled: () => client.isClosed,
    },
  };
}

/** The 16 bytes of the session's uuid. */
function sessionOf(lsid: RawDocument | undefined): Uint8Array | undefined {
  if (lsid === undefined) return undefined;
  const id = getField(lsid, 'id');
  if (id === undefined || id.type !== BSON.binData || id.end - id.start !== 21) {
    throw storeError(2, "BSON field 'lsid.id' must be a UUID");
  }
  return id.bytes.slice(id.start + 5, id.end);
}

const READ_LEVELS = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot']);

/** All levels mean the same here: what is visible is durable. */
function checkReadConcern(readConcern: RawDocument | undefined): void {
  const level = readConcern === undefined ? undefined : getField(readConcern, 'level');
  if (level === undefined) return;
  if (level.type !== BSON.string || !READ_LEVELS.has(stringOf(level))) {
    throw storeError(2, 'Enumeration value for field readConcern.level is not a valid value.');
  }
}

function errorReply(engine: Engine, error: unknown, request: CommandRequest | undefined): ReplyBody {
  const known =
    error instanceof StoreError ? error : storeError(1, 'internal error, see the log of the store');
  if (!(error instanceof StoreError)) {
    engine.log('error', { err: error, command: request?.name }, 'a command failed unexpectedly');
  }
  const isRetryable = request?.fields.has('txnNumber') === true && RETRYABLE_CODES.has(known.code);
  const labels = isRetryable ? [...known.labels, 'RetryableWriteError'] : known.labels;
  return serialize({
    ok: 0,
    errmsg: known.message,
    code: known.code,
    codeName: known.codeName,
    ...known.extra,
    ...(labels.length > 0 ? { errorLabels: labels } : {}),
  });
}

function withConcernError(body: ReplyBody, concern: Uint8Array | undefined): ReplyBody {
  if (concern === undefined) return body;
  const field = Buffer.from('\x03writeConcernError\0', 'latin1');
  const out = Buffer.concat([replyDocument(body).subarray(0, -1), field, concern, Buffer.of(0)]);
  out.writeInt32LE(out.length, 0);
  return out;
}

function logSlow(engine: Engine, request: CommandRequest, elapsedMs: number): void {
  if (elapsedMs < SLOW_MS || request.name === 'getMore') return;
  const first = request.fields.get(request.name);
  const target = first?.type === BSON.string ? stringOf(first) : undefined;
  engine.log(
    'warn',
    {
      command: request.name,
      namespace: `${request.database}.${target ?? ''}`,
      elapsedMs: Math.round(elapsedMs),
    },
    'slow command',
  );
}
