import { runAggregate } from './aggregate.ts';
import {
  refuseSearchIndex,
  runConnectionStatus,
  runDbStats,
  runGetCmdLineOpts,
  runGetParameter,
  runKillSessions,
  runOk,
  runPing,
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
  /** Can read the store as it was at a time (readConcern snapshot). */
  readonly readsMoment: boolean;
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

function entry(run: CommandHandler, fields: string, kind?: 'retryable' | 'reads moment'): CommandEntry {
  return {
    run,
    fields: new Set(fields.split(' ').filter((field) => field !== '')),
    isRetryable: kind === 'retryable',
    readsMoment: kind === 'reads moment',
  };
}

const hello = entry(
  runHello,
  'helloOk backpressure client compression saslSupportedMechs speculativeAuthenticate topologyVersion maxAwaitTimeMS loadBalanced hostInfo hello ismaster isMaster',
);
const findAndModify = entry(
  runFindAndModify,
  'query update remove new upsert sort fields arrayFilters hint let collation bypassDocumentValidation',
  'retryable',
);
const buildInfo = entry(runBuildInfo, '');

/** Every command there is, with every field it takes. Names are as sent. */
export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map(
  Object.entries({
    hello,
    ismaster: hello,
    isMaster: hello,
    ping: entry(runPing, ''),
    buildInfo,
    buildinfo: buildInfo,
    getParameter: entry(
      runGetParameter,
      'featureCompatibilityVersion notablescan enableTestCommands authenticationMechanisms requireApiVersion',
    ),
    getCmdLineOpts: entry(runGetCmdLineOpts, ''),
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
    collMod: entry(
      runCollMod,
      'index validator validationLevel validationAction viewOn pipeline expireAfterSeconds changeStreamPreAndPostImages',
    ),
    listCollections: entry(runListCollections, 'filter nameOnly authorizedCollections cursor'),
    createIndexes: entry(runCreateIndexes, 'indexes commitQuorum'),
    dropIndexes: entry(runDropIndexes, 'index'),
    createSearchIndexes: entry(refuseSearchIndex, 'indexes'),
    updateSearchIndex: entry(refuseSearchIndex, 'id name definition'),
    dropSearchIndex: entry(refuseSearchIndex, 'id name'),
    listIndexes: entry(runListIndexes, 'cursor'),
    insert: entry(runInsert, 'documents ordered bypassDocumentValidation', 'retryable'),
    update: entry(runUpdate, 'updates ordered bypassDocumentValidation let', 'retryable'),
    delete: entry(runDelete, 'deletes ordered let', 'retryable'),
    findAndModify,
    findandmodify: findAndModify,
    find: entry(
      runFindCommand,
      'filter sort projection hint skip limit batchSize singleBatch tailable awaitData noCursorTimeout allowPartialResults collation let allowDiskUse oplogReplay',
      'reads moment',
    ),
    getMore: entry(runGetMore, 'collection batchSize'),
    killCursors: entry(runKillCursors, 'cursors'),
    count: entry(runCount, 'query skip limit hint collation'),
    distinct: entry(runDistinct, 'key query collation hint', 'reads moment'),
    aggregate: entry(
      runAggregate,
      'pipeline cursor let allowDiskUse collation hint explain bypassDocumentValidation',
      'reads moment',
    ),
    explain: entry(runExplain, 'verbosity'),
  }),
);
