import { serialize } from 'bson';
import { wholeCollection } from '../query/candidate.ts';
import { storeError } from '../errors.ts';
import { timestampOf } from '../oplog/position.ts';
import type { ReplyBody } from '../wire/splice.ts';
import { BSON } from '../bson/types.ts';
import { arrayValues, getField, subdocument } from '../bson/walk.ts';
import { type CommandContext, namespaceOf } from './context.ts';
import { SERVER_VERSION } from './hello.ts';

const OK = serialize({ ok: 1 });

export function runOk(): ReplyBody {
  return OK;
}

/** `ping`: also tells the time of the latest change, from which a change stream may start. */
export function runPing({ engine }: CommandContext): ReplyBody {
  return serialize({ ok: 1, operationTime: timestampOf(engine.changes.committed) });
}

/** `killSessions` and `killAllSessions`: sessions hold nothing here but their cursors. */
export function runKillSessions({ engine, request }: CommandContext): ReplyBody {
  const list = request.value(request.name);
  const wanted = new Set<string>();
  if (list?.type === BSON.array) {
    for (const value of arrayValues(list)) {
      const id = value.type === BSON.object ? getField(subdocument(value), 'id') : undefined;
      if (id !== undefined) wanted.add(Buffer.from(id.bytes.subarray(id.start + 5, id.end)).toString('hex'));
    }
  }
  const all = request.name === 'killAllSessions' || wanted.size === 0;
  engine.cursors.killWhere(({ session }) => all || (session !== undefined && wanted.has(session)));
  return OK;
}

export function runConnectionStatus(): ReplyBody {
  return serialize({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 });
}

export function refuseSearchIndex(): never {
  throw storeError(31082, 'Search index commands are only supported with Atlas.');
}

/** Nothing is set by a command line; drivers' test suites ask. */
export function runGetCmdLineOpts(): ReplyBody {
  return serialize({ argv: [], parsed: {}, ok: 1 });
}

export function runServerStatus({ engine }: CommandContext): ReplyBody {
  return serialize({
    host: engine.address,
    version: SERVER_VERSION,
    process: 'linli-embedded',
    pid: process.pid,
    uptime: Math.floor(process.uptime()),
    localTime: engine.now(),
    metrics: { cursor: { open: { total: engine.cursors.size } } },
    storageEngine: { name: 'lmdb', persistent: true },
    writeQueue: { waiting: engine.queue.pending },
    ok: 1,
  });
}

export function runDbStats({ engine, request }: CommandContext): ReplyBody {
  const records = [...engine.catalog.committed.values()].filter(
    (record) => record.database === request.database,
  );
  const objects = records.reduce(
    (sum, record) => sum + engine.env.current.count('documents', wholeCollection(record)),
    0,
  );
  return serialize({
    db: request.database,
    collections: records.length,
    views: 0,
    objects,
    indexes: records.reduce((sum, { indexes }) => sum + indexes.length, 0),
    storageSize: engine.env.usedBytes(),
    ok: 1,
  });
}

/** `validate`: counts; `npm run store:verify` compares every key with its document. */
export function runValidate({ engine, request }: CommandContext): ReplyBody {
  const namespace = namespaceOf(request);
  const record = engine.catalog.committed.get(namespace);
  if (record === undefined) throw storeError(26, `Collection '${namespace}' does not exist to validate.`);
  return serialize({
    ns: namespace,
    nrecords: engine.env.current.count('documents', wholeCollection(record)),
    nIndexes: record.indexes.length,
    valid: true,
    warnings: [],
    errors: [],
    ok: 1,
  });
}

/** The parameters clients ask for; any other is unknown (72). */
export function runGetParameter({ engine, request }: CommandContext): ReplyBody {
  const known: Record<string, unknown> = {
    featureCompatibilityVersion: { version: '7.0' },
    notablescan: engine.isTableScanRefused,
    enableTestCommands: engine.isTest,
    authenticationMechanisms: [],
  };
  const asked = [...request.fields.keys()].slice(1).filter((name) => name in known);
  const first = request.value('getParameter');
  const all = first?.type === BSON.string;
  const names = all ? Object.keys(known) : asked;
  if (names.length === 0) throw storeError(72, 'no option found to get');
  return serialize({ ...Object.fromEntries(names.map((name) => [name, known[name]])), ok: 1 });
}
