import { randomBytes } from 'node:crypto';
import { serialize } from 'bson';
import type { RawDocument } from '../bson/types.ts';
import { storeError } from '../errors.ts';
import type { WriteContext } from '../write/documents.ts';
import type { CollectionRecord, IndexRecord } from './records.ts';

/** Throws 73 on a name MongoDB would not take for a collection. */
export function checkNamespace(database: string, name: string): string {
  if (database === '' || /[/\\. "$\0]/.test(database))
    throw storeError(73, `Invalid database name: '${database}'`);
  if (name === '' || name.startsWith('.') || name.endsWith('.') || name.includes('\0')) {
    throw storeError(73, `Invalid namespace specified '${database}.${name}'`);
  }
  if (name.includes('$')) throw storeError(73, `Invalid collection name: ${name}`);
  return `${database}.${name}`;
}

/** The collection, made with its `_id` index when it does not exist. */
export function ensureCollection(context: WriteContext, database: string, name: string): CollectionRecord {
  const namespace = checkNamespace(database, name);
  return context.catalog.pending.get(namespace) ?? createCollection(context, database, name, EMPTY);
}

const EMPTY: RawDocument = serialize({});

/** Throws 48 when the collection exists. */
export function createCollection(
  context: WriteContext,
  database: string,
  name: string,
  options: RawDocument,
): CollectionRecord {
  const namespace = checkNamespace(database, name);
  if (name.startsWith('system.')) throw storeError(73, `Invalid system namespace: ${namespace}`);
  if (context.catalog.pending.has(namespace)) {
    throw storeError(48, `Collection ${namespace} already exists.`);
  }
  const record: CollectionRecord = {
    id: context.catalog.nextId(context.writer),
    namespace,
    database,
    name,
    uuid: randomUuid(),
    options,
    indexes: [ID_INDEX],
  };
  context.catalog.put(context.writer, record);
  return record;
}

const ID_INDEX: IndexRecord = {
  id: 0,
  name: '_id_',
  keys: [['_id', 1]],
  unique: true,
  sparse: false,
  partialFilter: undefined,
  partial: undefined,
  expireAfterSeconds: undefined,
  spec: serialize({ v: 2, key: { _id: 1 }, name: '_id_' }),
  ready: true,
  multikeyPaths: [],
  hasCutKeys: false,
};

function randomUuid(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes;
}

/** Takes the collection out of the catalog at once; its bytes are removed in the background. */
export function dropCollection(context: WriteContext, record: CollectionRecord): void {
  const { writer, catalog } = context;
  catalog.remove(writer, record.namespace);
  catalog.addGarbage(writer, 'documents', record.id);
  for (const index of record.indexes) if (index.id !== 0) catalog.addGarbage(writer, 'entries', index.id);
  context.changes.dropped(writer, record.namespace);
}
