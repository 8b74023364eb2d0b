import { ObjectId } from 'bson';
import { BSON, type RawDocument, type RawValue } from '../bson/types.ts';
import { createWriter } from '../bson/build.ts';
import { elements, elementsOf, getField, int32At } from '../bson/walk.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CollectionRecord, IndexRecord } from '../catalog/records.ts';
import { storeError } from '../errors.ts';
import { duplicateKeyError } from '../index/duplicate.ts';
import { type DocumentKey, documentKeyOf, placeKey } from '../index/keys.ts';
import { applyIndexChange, type IndexChange, planIndexChange } from '../index/write.ts';
import type { Writer } from '../kv/view.ts';
import type { ChangeRecorder } from '../oplog/record.ts';

export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** What a write needs inside the transaction. */
export interface WriteContext {
  readonly writer: Writer;
  readonly catalog: Catalog;
  readonly changes: ChangeRecorder;
}

/** The document with `_id` as its first field; a missing one becomes a new ObjectId. */
export function withIdFirst(doc: RawDocument): RawDocument {
  // The first element is `_id` in almost every insert: type byte, then "_id\0".
  if (doc.length > 8 && doc[5] === 0x5f && doc[6] === 0x69 && doc[7] === 0x64 && doc[8] === 0) return doc;
  const id = getField(doc, '_id') ?? newObjectId();
  const writer = createWriter();
  writer.value('_id', id);
  for (const element of elements(doc)) if (element.name !== '_id') writer.value(element.name, element.value);
  return writer.finish();
}

function newObjectId(): RawValue {
  return { type: BSON.objectId, bytes: new ObjectId().id, start: 0, end: 12 };
}

/** Inserts one whole document. Throws 11000, 52, 53, 10334; then nothing was written. */
export function insertDocument(context: WriteContext, namespace: string, given: RawDocument): RawDocument {
  const doc = withIdFirst(given);
  checkSize(doc);
  const collection = collectionOf(context, namespace);
  const id = getField(doc, '_id')!;
  checkId(id);
  const documentKey = documentKeyOf(id);
  const place = placeOf(collection, documentKey);
  if (context.writer.get('documents', place) !== undefined) {
    throw duplicateKeyError(namespace, collection.indexes[0]!, doc);
  }
  const change = planIndexChange(context.writer, collection, documentKey, undefined, doc);
  context.writer.put('documents', place, doc);
  applyIndexes(context, collection, change);
  context.changes.inserted(context.writer, collection, id, doc);
  return doc;
}

/** Puts `after` in the place of `before`, which has the same `_id`. Throws 11000, 66, 10334. */
export function replaceDocument(
  context: WriteContext,
  namespace: string,
  documentKey: DocumentKey,
  before: RawDocument,
  after: RawDocument,
  kind: 'update' | 'replace',
): void {
  checkSize(after);
  const collection = collectionOf(context, namespace);
  const change = planIndexChange(context.writer, collection, documentKey, before, after);
  context.writer.put('documents', placeOf(collection, documentKey), after);
  applyIndexes(context, collection, change);
  context.changes.updated(context.writer, collection, getField(after, '_id')!, before, after, kind);
}

export function removeDocument(
  context: WriteContext,
  namespace: string,
  documentKey: DocumentKey,
  before: RawDocument,
): void {
  const collection = collectionOf(context, namespace);
  const change = planIndexChange(context.writer, collection, documentKey, before, undefined);
  context.writer.remove('documents', placeOf(collection, documentKey));
  applyIndexes(context, collection, change);
  context.changes.removed(context.writer, collection, getField(before, '_id')!);
}

export function placeOf(collection: CollectionRecord, documentKey: DocumentKey): Uint8Array {
  return placeKey(collection.id, documentKey);
}

function collectionOf(context: WriteContext, namespace: string): CollectionRecord {
  const collection = context.catalog.pending.get(namespace);
  if (collection === undefined) throw storeError(26, `ns not found: ${namespace}`);
  return collection;
}

function checkId(id: RawValue): void {
  if (id.type !== BSON.object) return;
  for (const { name } of elementsOf(id)) {
    if (name.startsWith('$'))
      throw storeError(
        52,
        `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
      );
  }
}

function checkSize(doc: RawDocument): void {
  if (doc.length > MAX_DOCUMENT_BYTES) {
    throw storeError(
      10334,
      `BSONObj size: ${doc.length} (0x${int32At(doc, 0).toString(16)}) is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
    );
  }
}

function applyIndexes(context: WriteContext, collection: CollectionRecord, change: IndexChange): void {
  applyIndexChange(context.writer, change);
  if (change.learned.length > 0) putIndexes(context, collection, change.learned);
}

/** Replaces index records of a collection by newer ones of the same id. */
export function putIndexes(
  context: Pick<WriteContext, 'writer' | 'catalog'>,
  collection: CollectionRecord,
  newer: readonly IndexRecord[],
): void {
  const indexes = collection.indexes.map((index) => newer.find(({ id }) => id === index.id) ?? index);
  context.catalog.put(context.writer, { ...collection, indexes });
}
