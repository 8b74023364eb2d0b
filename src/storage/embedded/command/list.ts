import { serialize } from 'bson';
import { uuidBinary } from '../catalog/index-spec.ts';
import type { CollectionRecord } from '../catalog/records.ts';
import { storeError } from '../errors.ts';
import { createListSource } from '../query/cursor-source.ts';
import { type ReplyBody, spliceDocument } from '../wire/splice.ts';
import type { RawDocument } from '../bson/types.ts';
import { type CommandContext, namespaceOf } from './context.ts';
import { openCursor } from './find.ts';
import { filterOf } from './options.ts';
import { readCommand } from './request.ts';

/** `listCollections`, with filter and nameOnly. */
export function runListCollections(context: CommandContext): ReplyBody | Promise<ReplyBody> {
  const { engine, request } = context;
  const nameOnly = request.boolean('nameOnly');
  const filter = filterOf(request.document('filter'), undefined, engine.now());
  const documents = [...engine.catalog.committed.values()]
    .filter((record) => record.database === request.database)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((record) => describeCollection(record))
    .filter((document) => filter.matches(document))
    .map((document) => (nameOnly ? nameAndType(document) : document));
  return openCursor(
    context,
    createListSource(documents),
    listOptions(context, `${request.database}.$cmd.listCollections`),
  );
}

function describeCollection(record: CollectionRecord): RawDocument {
  return spliceDocument(
    { name: record.name, type: 'collection', info: { readOnly: false, uuid: uuidBinary(record.uuid) } },
    { options: record.options, idIndex: record.indexes[0]!.spec },
  );
}

function nameAndType(document: RawDocument): RawDocument {
  const fields = readCommand(document, new Map(), '');
  return serialize({ name: fields.string('name'), type: 'collection' });
}

/** `listIndexes`: throws 26 when the collection does not exist. */
export function runListIndexes(context: CommandContext): ReplyBody | Promise<ReplyBody> {
  const namespace = namespaceOf(context.request);
  const record = context.engine.catalog.committed.get(namespace);
  if (record === undefined) throw storeError(26, `ns does not exist: ${namespace}`);
  const specs = record.indexes.filter(({ ready }) => ready).map(({ spec }) => spec);
  return openCursor(context, createListSource(specs), listOptions(context, namespace));
}

function listOptions({ request }: CommandContext, namespace: string) {
  const cursor = request.document('cursor');
  const batchSize =
    cursor === undefined ? undefined : readCommand(cursor, new Map(), '').integer('batchSize');
  return {
    namespace,
    firstBatch: batchSize ?? Number.POSITIVE_INFINITY,
    batchSize: batchSize ?? 0,
    isSingleBatch: false,
  };
}

/** `listDatabases`. Sizes are not kept per database; they are shown as 0. */
export function runListDatabases({ engine, request }: CommandContext): ReplyBody {
  const filter = filterOf(request.document('filter'), undefined, engine.now());
  const names = [...new Set([...engine.catalog.committed.values()].map((record) => record.database))].sort();
  const nameOnly = request.boolean('nameOnly');
  const databases = names
    .map((name) => serialize(nameOnly ? { name } : { name, sizeOnDisk: 0n, empty: false }))
    .filter((document) => filter.matches(document));
  return spliceDocument(nameOnly ? { ok: 1 } : { totalSize: 0n, totalSizeMb: 0n, ok: 1 }, { databases });
}
