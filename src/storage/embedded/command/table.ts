import { runAggregate } from './aggregate.ts';
import {
  runConnectionStatus,
  runDbStats,
  runGetParameter,
  runKillSessions,
  runOk,
  runServerStatus,
  runValidate,
} from './admin.ts';
import type { CommandHandler } from './context.ts';
import { runCount, runDistinct } from './count-distinct.ts';
import { runGetMore, runKillCursors } from './cursor-commands.ts';
import {
  runCollMod,
  runCreate,
  runCreateIndexes,
  runDrop,
  runDropDatabase,
  runDropIndexes,
  runRename,
} from './ddl.ts';
import { runDelete } from './delete.ts';
import { runExplain } from './explain.ts';
import { runFindAndModify } from './find-and-modify.ts';
import { runFindCommand } from './find.ts';
import { runBuildInfo, runHello } from './hello.ts';
import { runInsert } from './insert.ts';
import { runListCollections, runListDatabases, runListIndexes } from './list.ts';
import { runUpdate } from './update.ts';

export interface CommandEntry {
  readonly run: CommandHandler;
  /** Every field accepted beside the generic ones. Any other is refused with 40415. */
  readonly fields: ReadonlySet<string>;
  /** Takes part in the table of retryable writes. */
  readonly isRetryable: boolean;
}

/** Fields any command may carry. */
export const GENERIC_FIELDS: ReadonlySet<string> = new Set([
  '$db',
  'lsid',
  '$clusterTime',
  'txnNumber',
  'readConcern',
  'writeConcern',
  '$readPreference',
  'comment',
  'maxTimeMS',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

function entry(run: CommandHandler, fields: string, isRetryable = false): CommandEntry {
  return { run, fields: new Set(fields.split(' ').filter((field) => field !== '')), isRetryable };
}

const hello = entry(
  runHello,
  'helloOk backpressure client compression saslSupportedMechs speculativeAuthenticate topologyVersion maxAwaitTimeMS loadBalanced hostInfo hello ismaster isMaster',
);
const findAndModify = entry(
  runFindAndModify,
  'query update remove new upsert sort fields arrayFilters hint let collation bypassDocumentValidation',
  true,
);
const buildInfo = entry(runBuildInfo, '');

/** Every command there is, with every field it takes. Names are as sent. */
export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map(
  Object.entries({
    hello,
    ismaster: hello,
    isMaster: hello,
    ping: entry(runOk, ''),
    buildInfo,
    buildinfo: buildInfo,
    getParameter: entry(
      runGetParameter,
      'featureCompatibilityVersion notablescan enableTestCommands authenticationMechanisms requireApiVersion',
    ),
    connectionStatus: entry(runConnectionStatus, 'showPrivileges'),
    serverStatus: entry(runServerStatus, ''),
    startSession: entry(runOk, ''),
    refreshSessions: entry(runOk, ''),
    endSessions: entry(runOk, ''),
    killSessions: entry(runKillSessions, ''),
    killAllSessions: entry(runKillSessions, ''),
    listDatabases: entry(runListDatabases, 'filter nameOnly authorizedDatabases'),
    dbStats: entry(runDbStats, 'scale freeStorage'),
    dbstats: entry(runDbStats, 'scale freeStorage'),
    validate: entry(runValidate, 'full background'),
    create: entry(
      runCreate,
      'capped size max validator validationLevel validationAction viewOn pipeline timeseries clusteredIndex expireAfterSeconds collation changeStreamPreAndPostImages encryptedFields',
    ),
    drop: entry(runDrop, ''),
    dropDatabase: entry(runDropDatabase, ''),
    renameCollection: entry(runRename, 'to dropTarget'),
    collMod: entry(runCollMod, 'index'),
    listCollections: entry(runListCollections, 'filter nameOnly authorizedCollections cursor'),
    createIndexes: entry(runCreateIndexes, 'indexes commitQuorum'),
    dropIndexes: entry(runDropIndexes, 'index'),
    listIndexes: entry(runListIndexes, 'cursor'),
    insert: entry(runInsert, 'documents ordered bypassDocumentValidation', true),
    update: entry(runUpdate, 'updates ordered bypassDocumentValidation let', true),
    delete: entry(runDelete, 'deletes ordered let', true),
    findAndModify,
    findandmodify: findAndModify,
    find: entry(
      runFindCommand,
      'filter sort projection hint skip limit batchSize singleBatch tailable awaitData noCursorTimeout allowPartialResults collation let allowDiskUse oplogReplay',
    ),
    getMore: entry(runGetMore, 'collection batchSize'),
    killCursors: entry(runKillCursors, 'cursors'),
    count: entry(runCount, 'query skip limit hint collation'),
    distinct: entry(runDistinct, 'key query collation hint'),
    aggregate: entry(
      runAggregate,
      'pipeline cursor let allowDiskUse collation hint explain bypassDocumentValidation',
    ),
    explain: entry(runExplain, 'verbosity'),
  }),
);
