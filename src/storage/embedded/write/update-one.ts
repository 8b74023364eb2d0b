import type { RawDocument } from '../bson/types.ts';
import { getField } from '../bson/walk.ts';
import { plainValue } from '../index/duplicate.ts';
import { type DocumentKey, documentKeyIn, placeKey } from '../index/keys.ts';
import { ensureCollection } from '../catalog/namespaces.ts';
import { storeError } from '../errors.ts';
import { onlyKeyOf } from '../query/only-key.ts';
import { findFirst, type FindRequest, planFind } from '../query/find.ts';
import { type CompiledUpdate, upsertSeed } from '../update/update.ts';
import {
  insertDocument,
  removeDocument,
  replaceDocument,
  withIdFirst,
  type WriteContext,
} from './documents.ts';

export interface UpdateTarget {
  readonly database: string;
  readonly name: string;
  readonly find: FindRequest;
  readonly update: CompiledUpdate;
  readonly upsert: boolean;
}

/** What became of one document. `before` is undefined for an upsert that inserted. */
export interface Updated {
  readonly before: RawDocument | undefined;
  readonly after: RawDocument;
  readonly modified: boolean;
}

/**
 * Updates the first document that matches, or inserts one when none does and `upsert` is set; undefined
 * when nothing was to be done. Runs inside the transaction, so that finding and changing are one step.
 */
export function updateOne(
  context: WriteContext,
  target: UpdateTarget,
  now: Date,
  knownKey?: DocumentKey,
): Updated | undefined {
  const found = findTarget(context, target.database, target.name, target.find, knownKey);
  if (found !== undefined) return changeDocument(context, target, found.documentKey, found.document, now);
  if (!target.upsert) return undefined;
  const seed = upsertSeed(target.find.filter, target.update.kind === 'replacement');
  const { document } = target.update.apply(seed, { now, isInsert: true });
  ensureCollection(context, target.database, target.name);
  const after = insertDocument(context, `${target.database}.${target.name}`, withIdFirst(document));
  return { before: undefined, after, modified: true };
}

/** The first match inside the transaction; `knownKey` names a candidate found before, to be looked at first. */
export function findTarget(
  context: WriteContext,
  database: string,
  name: string,
  find: FindRequest,
  knownKey?: DocumentKey,
): { documentKey: DocumentKey; document: RawDocument } | undefined {
  const collection = context.catalog.pending.get(`${database}.${name}`);
  if (collection === undefined) return undefined;
  if (knownKey !== undefined) {
    const document = context.writer.get('documents', placeKey(collection.id, knownKey));
    if (document !== undefined && find.filter.matches(document)) return { documentKey: knownKey, document };
  }
  const only = find.hint === undefined ? onlyKeyOf(find.filter.root) : undefined;
  if (only === undefined) return findFirst(context.writer, planFind(collection, { ...find, limit: 1 }));
  const document = context.writer.get('documents', placeKey(collection.id, only));
  return document !== undefined && find.filter.matches(document)
    ? { documentKey: only, document }
    : undefined;
}

/** Applies the update to one document already found. */
export function changeDocument(
  context: WriteContext,
  target: UpdateTarget,
  documentKey: DocumentKey,
  before: RawDocument,
  now: Date,
): Updated {
  const { update, find } = target;
  const positionalIndex = update.usesPositional ? find.filter.positionalIndex(before) : undefined;
  const { document: after, modified } = update.apply(before, { now, isInsert: false, positionalIndex });
  if (!modified) return { before, after: before, modified: false };
  if (Buffer.compare(documentKeyIn(after), documentKey) !== 0) {
    throw storeError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  }
  const kind = update.kind === 'replacement' ? 'replace' : 'update';
  replaceDocument(context, `${target.database}.${target.name}`, documentKey, before, after, kind);
  return { before, after, modified: true };
}

/** Removes the first match; returns it, or undefined when there is none. */
export function removeOne(
  context: WriteContext,
  database: string,
  name: string,
  find: FindRequest,
  knownKey?: DocumentKey,
): RawDocument | undefined {
  const found = findTarget(context, database, name, find, knownKey);
  if (found === undefined) return undefined;
  removeDocument(context, `${database}.${name}`, found.documentKey, found.document);
  return found.document;
}

/** The `_id` of a document as a plain value that keeps its BSON type in a reply. */
export function plainIdOf(doc: RawDocument): unknown {
  return plainValue(getField(doc, '_id')!);
}
