import { serialize } from 'bson';
import { BSON, type RawDocument } from '../bson/types.ts';
import { arrayValues, elements, getField, stringOf, subdocument } from '../bson/walk.ts';
import { buildIndexes, removeIndexes } from '../catalog/index-builds.ts';
import { readIndexSpec, readKeys } from '../catalog/index-spec.ts';
import { checkNamespace, createCollection, dropCollection } from '../catalog/namespaces.ts';
import type { CollectionRecord, IndexRecord } from '../catalog/records.ts';
import { submitWrite } from '../engine.ts';
import { storeError } from '../errors.ts';
import type { ReplyBody } from '../wire/splice.ts';
import { documentOf } from '../bson/build.ts';
import { collectionNameOf, type CommandContext, namespaceOf, requireField } from './context.ts';
import { emptyDocument, refuseCollation } from './options.ts';
import { readBoolean } from './request.ts';

const OK = serialize({ ok: 1 });
/** Fields of `create` that say something about the collection itself. */
const COLLECTION_OPTIONS = new Set(['capped', 'size', 'max', 'validationLevel', 'validationAction']);

/** `create`: throws 48 when it exists. Views, time series and clustered collections are refused. */
export async function runCreate({ engine, request }: CommandContext): Promise<ReplyBody> {
  const name = collectionNameOf(request);
  refuseCollation(request.document('collation'));
  for (const refused of [
    'viewOn',
    'pipeline',
    'timeseries',
    'clusteredIndex',
    'expireAfterSeconds',
    'encryptedFields',
    'changeStreamPreAndPostImages',
    'capped',
  ] as const) {
    const value = request.value(refused);
    if (value === undefined || (refused === 'capped' && !request.boolean('capped'))) continue;
    throw storeError(115, `create: option '${refused}' is not supported`);
  }
  const validator = request.document('validator');
  if (validator !== undefined && validator.length > 5)
    throw storeError(115, "create: option 'validator' is not supported");
  const options = documentOf(
    [...elements(request.body)]
      .filter((e) => COLLECTION_OPTIONS.has(e.name))
      .map((e) => [e.name, e.value] as const),
  );
  await submitWrite(engine, (context) => createCollection(context, request.database, name, options));
  return OK;
}

/** `drop`: dropping what does not exist succeeds, as in MongoDB 7. */
export async function runDrop({ engine, request }: CommandContext): Promise<ReplyBody> {
  const namespace = namespaceOf(request);
  return submitWrite(engine, (context) => {
    const record = context.catalog.pending.get(namespace);
    if (record === undefined) return OK;
    dropCollection(context, record);
    return serialize({ nIndexesWas: record.indexes.length, ns: namespace, ok: 1 });
  });
}

export async function runDropDatabase({ engine, request }: CommandContext): Promise<ReplyBody> {
  const { database } = request;
  return submitWrite(engine, (context) => {
    const records = [...context.catalog.pending.values()].filter((record) => record.database === database);
    if (records.length === 0) return OK;
    for (const record of records) dropCollection(context, record);
    context.changes.databaseDropped(context.writer, database);
    return serialize({ dropped: database, ok: 1 });
  });
}

export async function runCreateIndexes({ engine, request }: CommandContext): Promise<ReplyBody> {
  const name = collectionNameOf(request);
  checkNamespace(request.database, name);
  const specs = requireField(request.documents('indexes'), request, 'indexes').map(readIndexSpec);
  if (specs.length === 0) throw storeError(2, 'Must specify at least one index to create');
  engine.checkRoom();
  const result = await buildIndexes(engine, request.database, name, specs);
  return serialize({
    numIndexesBefore: result.before,
    numIndexesAfter: result.after,
    createdCollectionAutomatically: result.createdCollection,
    ...(result.before === result.after ? { note: 'all indexes already exist' } : {}),
    ok: 1,
  });
}

/** `dropIndexes`: by name, by names, by keys, or `*` for all but `_id_`. */
export async function runDropIndexes({ engine, request }: CommandContext): Promise<ReplyBody> {
  const namespace = namespaceOf(request);
  const which = requireField(request.value('index'), request, 'index');
  return submitWrite(engine, (context) => {
    const record = context.catalog.pending.get(namespace);
    if (record === undefined) throw storeError(26, `ns not found ${namespace}`);
    const doomed = chosenIndexes(record, which);
    if (doomed.some(({ id }) => id === 0)) throw storeError(72, 'cannot drop _id index');
    removeIndexes(context, namespace, new Set(doomed.map(({ id }) => id)));
    return serialize({ nIndexesWas: record.indexes.length, ok: 1 });
  });
}

function chosenIndexes(
  record: CollectionRecord,
  which: NonNullable<ReturnType<CommandContext['request']['value']>>,
): readonly IndexRecord[] {
  const byName = (name: string): IndexRecord => {
    const index = record.indexes.find((candidate) => candidate.name === name);
    if (index === undefined) throw storeError(27, `index not found with name [${name}]`);
    return index;
  };
  if (which.type === BSON.string) {
    const name = stringOf(which);
    return name === '*' ? record.indexes.filter(({ id }) => id !== 0) : [byName(name)];
  }
  if (which.type === BSON.array) return arrayValues(which).map((value) => byName(stringOf(value)));
  if (which.type !== BSON.object)
    throw storeError(14, 'dropIndexes.index must be a string, an object or an array');
  const keys = readKeys(which);
  const found = record.indexes.filter(
    (index) =>
      index.keys.length === keys.length &&
      index.keys.every(([p, k], i) => p === keys[i]![0] && k === keys[i]![1]),
  );
  if (found.length === 0) throw storeError(27, "can't find index with key");
  return found;
}

/** `renameCollection` inside one store; `dropTarget` replaces. */
export async function runRename({ engine, request }: CommandContext): Promise<ReplyBody> {
  const from = requireField(request.string('renameCollection'), request, 'renameCollection');
  const to = requireField(request.string('to'), request, 'to');
  const dot = to.indexOf('.');
  checkNamespace(to.slice(0, Math.max(dot, 0)), to.slice(dot + 1));
  return submitWrite(engine, (context) => {
    const record = context.catalog.pending.get(from);
    if (record === undefined) throw storeError(26, `Source collection ${from} does not exist`);
    const target = context.catalog.pending.get(to);
    if (from === to) throw storeError(20, "Can't rename a collection to itself");
    if (target !== undefined && !request.boolean('dropTarget'))
      throw storeError(48, 'target namespace exists');
    if (target !== undefined) dropCollection(context, target);
    context.catalog.remove(context.writer, from);
    context.catalog.put(context.writer, {
      ...record,
      namespace: to,
      database: to.slice(0, dot),
      name: to.slice(dot + 1),
    });
    context.changes.renamed(context.writer, from, to);
    return OK;
  });
}

const REFUSED_CHANGES = new Set(
  'validator validationLevel validationAction viewOn pipeline expireAfterSeconds changeStreamPreAndPostImages'.split(
    ' ',
  ),
);

/** Images before changes are never kept, so turning them off is done already. */
function turnsImagesOff(request: CommandContext['request'], field: string): boolean {
  if (field !== 'changeStreamPreAndPostImages') return false;
  const enabled = getField(request.document(field) ?? emptyDocument(), 'enabled');
  return enabled !== undefined && !readBoolean(enabled, request.name, `${field}.enabled`);
}

/** `collMod`: only the expiry of a TTL index can be changed. */
export async function runCollMod({ engine, request }: CommandContext): Promise<ReplyBody> {
  const namespace = namespaceOf(request);
  const refused = [...request.fields.keys()].find(
    (field) => REFUSED_CHANGES.has(field) && !turnsImagesOff(request, field),
  );
  if (refused !== undefined) throw storeError(115, `collMod: option '${refused}' is not supported`);
  const wanted = request.document('index');
  return submitWrite(engine, (context) => {
    const record = context.catalog.pending.get(namespace);
    if (record === undefined) throw storeError(26, `ns does not exist: ${namespace}`);
    if (wanted === undefined) return OK;
    const { index, seconds } = expiryChange(record, wanted);
    const spec = documentOf(
      [...elements(index.spec)].map(
        (e) => [e.name, e.name === 'expireAfterSeconds' ? seconds.value : e.value] as const,
      ),
    );
    const indexes = record.indexes.map((old) =>
      old.id === index.id ? { ...old, expireAfterSeconds: seconds.number, spec } : old,
    );
    context.catalog.put(context.writer, { ...record, indexes });
    return serialize({
      expireAfterSeconds_old: index.expireAfterSeconds,
      expireAfterSeconds_new: seconds.number,
      ok: 1,
    });
  });
}

function expiryChange(record: CollectionRecord, wanted: RawDocument) {
  const name = getField(wanted, 'name');
  const pattern = getField(wanted, 'keyPattern');
  const value = getField(wanted, 'expireAfterSeconds');
  if (value === undefined) throw storeError(72, 'collMod: only index.expireAfterSeconds can be changed');
  const number = readIndexSpecSeconds(value);
  const index = record.indexes.find((candidate) =>
    name !== undefined
      ? candidate.name === stringOf(name)
      : pattern !== undefined &&
        Buffer.compare(subdocument(getField(candidate.spec, 'key')!), subdocument(pattern)) === 0,
  );
  if (index === undefined) throw storeError(27, 'collMod: cannot find the index');
  if (index.expireAfterSeconds === undefined)
    throw storeError(72, 'collMod: the index has no expireAfterSeconds');
  return { index, seconds: { value, number } };
}

function readIndexSpecSeconds(value: NonNullable<ReturnType<typeof getField>>): number {
  return readIndexSpec(
    documentOf([
      ['key', { type: BSON.object, bytes: KEY, start: 0, end: KEY.length }],
      ['name', { type: BSON.string, bytes: NAME, start: 0, end: NAME.length }],
      ['expireAfterSeconds', value],
    ]),
  ).expireAfterSeconds!;
}

const KEY = serialize({ at: 1 });
const NAME = Buffer.from([2, 0, 0, 0, 0x78, 0]);
