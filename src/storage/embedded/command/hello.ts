import { serialize } from 'bson';
import type { ReplyBody } from '../wire/splice.ts';
import { MAX_MESSAGE_BYTES } from '../wire/frame.ts';
import { MAX_DOCUMENT_BYTES } from '../write/documents.ts';
import type { CommandContext } from './context.ts';
import { MAX_STATEMENTS } from './insert.ts';

export const SERVER_VERSION = '7.0.0';
/** Wire version of MongoDB 7.0. */
const MAX_WIRE_VERSION = 21;

/** `hello` and its older names: a replica set of this one node, always primary. */
export function runHello({ engine, request, connectionId }: CommandContext): ReplyBody {
  const isLegacy = request.name !== 'hello';
  return serialize({
    ...(request.boolean('helloOk') ? { helloOk: true } : {}),
    ...(isLegacy ? { ismaster: true } : { isWritablePrimary: true }),
    setName: engine.setName,
    setVersion: 1,
    secondary: false,
    hosts: [engine.address],
    primary: engine.address,
    me: engine.address,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: MAX_STATEMENTS,
    localTime: engine.now(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
    ok: 1,
  });
}

export function runBuildInfo(): ReplyBody {
  return serialize({
    version: SERVER_VERSION,
    versionArray: [7, 0, 0, 0],
    gitVersion: 'linli-embedded',
    modules: [],
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    storageEngines: ['lmdb'],
    ok: 1,
  });
}
