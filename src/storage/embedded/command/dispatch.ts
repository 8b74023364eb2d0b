import { serialize } from 'bson';
import { checkDocument } from '../bson/check.ts';
import { BSON, isNumeric, type RawDocument } from '../bson/types.ts';
import { getField, stringOf } from '../bson/walk.ts';
import type { Engine } from '../engine.ts';
import { codeNameOf, StoreError, storeError } from '../errors.ts';
import { type Message, readMessage } from '../wire/frame.ts';
import { frameReply, type ReplyBody, replyDocument, withFields } from '../wire/splice.ts';
import type { CommandContext } from './context.ts';
import { labelsOf } from './error-labels.ts';
import type { FailPoints } from './fail-points.ts';
import { type CommandRequest, readCommand, readNumber } from './request.ts';
import { momentOf } from './read-concern.ts';
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
      if (failPoints !== undefined) return answerInTest(engine, request, client, failPoints, finish);
      const asked = request;
      const reply = runCommand(engine, request, client, undefined);
      if (!(reply instanceof Promise)) return finish(withConcern(engine, reply, concernOf(asked), asked));
      return reply.then(
        (body) => finish(withConcern(engine, body, concernOf(asked), asked)),
        (error: unknown) => finish(errorReply(engine, error, asked)),
      );
    } catch (error) {
      return finish(errorReply(engine, error, request));
    }
  };
}

/** As a server under test answers: fail points may cut the connection or put errors in. */
async function answerInTest(
  engine: Engine,
  request: CommandRequest,
  client: ClientState,
  failPoints: FailPoints,
  finish: (body: ReplyBody) => Answer,
): Promise<Answer> {
  const planned = failPoints.meet(request);
  if (planned?.close) return CUT;
  if (planned?.error !== undefined) return finish(errorReply(engine, planned.error, request, planned.labels));
  let isCut = false;
  const beforeStatement = () => {
    const met = failPoints.meetStatement();
    isCut ||= met?.close === true;
    if (met?.error !== undefined) throw met.error;
  };
  let body: ReplyBody;
  try {
    if (request.name === 'configureFailPoint') body = failPoints.configure(request);
    else body = await runCommand(engine, request, client, beforeStatement);
    body = withConcern(
      engine,
      body,
      planned?.writeConcernError ?? concernOf(request),
      request,
      planned?.labels,
    );
  } catch (error) {
    body = errorReply(engine, error, request);
  }
  return isCut ? CUT : finish(body);
}

const CUT: Answer = { reply: undefined, close: true };

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
  beforeStatement: (() => void) | undefined,
): ReplyBody | Promise<ReplyBody> {
  const entry = COMMANDS.get(request.name);
  if (entry === undefined) throw storeError(59, `no such command: '${request.name}'`);
  checkFields(request, entry);
  const context = contextOf(engine, request, client, entry, beforeStatement);
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
  beforeStatement: (() => void) | undefined,
): CommandContext {
  const session = sessionOf(request.document('lsid'));
  const txnNumber = request.long('txnNumber');
  const maxTimeMs = request.integer('maxTimeMS');
  if (maxTimeMs !== undefined && maxTimeMs < 0)
    throw storeError(2, `maxTimeMS must be non-negative, got ${maxTimeMs}`);
  const moment = momentOf(engine, request, entry);
  const hasDeadline = maxTimeMs !== undefined && maxTimeMs > 0 && request.name !== 'getMore';
  return {
    engine: moment?.engine ?? engine,
    moment,
    request,
    connectionId: client.connectionId,
    session,
    retry:
      entry.isRetryable && session !== undefined && txnNumber !== undefined
        ? { session, txnNumber, beforeStatement }
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

function errorReply(
  engine: Engine,
  error: unknown,
  request: CommandRequest | undefined,
  ownLabels?: readonly string[],
): ReplyBody {
  const known =
    error instanceof StoreError ? error : storeError(1, 'internal error, see the log of the store');
  if (!(error instanceof StoreError)) {
    engine.log('error', { err: error, command: request?.name }, 'a command failed unexpectedly');
  }
  const labels = ownLabels ?? [...known.labels, ...labelsOf(engine, known.code, request)];
  return serialize({
    ok: 0,
    errmsg: known.message,
    code: known.code,
    codeName: known.codeName,
    ...known.extra,
    ...(labels.length > 0 ? { errorLabels: labels } : {}),
  });
}

/** What cannot be promised of a write concern by one node; the write itself has happened. */
function concernOf(request: CommandRequest): { code: number } | undefined {
  const w = getField(request.document('writeConcern') ?? NO_CONCERN, 'w');
  if (w === undefined) return undefined;
  if (w.type === BSON.string) {
    const mode = stringOf(w);
    if (mode === 'majority') return undefined;
    return concernError(79, `No write concern mode named '${mode}' found in replica set configuration`);
  }
  if (!isNumeric(w.type) || readNumber(w, request.name, 'writeConcern.w') <= 1) return undefined;
  return concernError(100, 'Not enough data-bearing nodes');
}

const NO_CONCERN = serialize({});

function concernError(code: number, errmsg: string) {
  return { code, codeName: codeNameOf(code), errmsg };
}

function withConcern(
  engine: Engine,
  body: ReplyBody,
  concern: { readonly code: number } | undefined,
  request: CommandRequest,
  ownLabels?: readonly string[],
): ReplyBody {
  if (concern === undefined) return body;
  const labels = ownLabels ?? labelsOf(engine, concern.code, request);
  const fields = { writeConcernError: concern, ...(labels.length > 0 ? { errorLabels: labels } : {}) };
  return withFields(replyDocument(body), fields);
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
