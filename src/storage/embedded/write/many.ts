import { type Engine, submitWrite } from '../engine.ts';
import { StoreError } from '../errors.ts';
import { keyName } from '../query/candidate.ts';
import { type FindRequest, planFind, runFind } from '../query/find.ts';
import { checkControl, type OperationControl, stepThrough } from '../query/slices.ts';
import type { RawDocument } from '../bson/types.ts';
import type { DocumentKey } from '../index/keys.ts';
import { placeOf, type WriteContext } from './documents.ts';

const CHUNK_MS = 5;

/**
 * Changes every document that matches, each one in some transaction of its own or shared: first the
 * keys are gathered from one moment, giving way to others, then each document is read again, checked
 * again and changed. `change` runs inside the transaction and must check before it writes.
 */
export async function changeMany(
  engine: Engine,
  namespace: string,
  request: FindRequest,
  control: OperationControl,
  change: (context: WriteContext, documentKey: DocumentKey, document: RawDocument) => void,
): Promise<void> {
  const keys = await gatherKeys(engine, namespace, request, control);
  let next = 0;
  while (next < keys.length) {
    checkControl(control);
    const start = next;
    const chunk = await submitWrite(engine, (context) => {
      const started = performance.now();
      let at = start;
      do {
        try {
          changeOne(context, namespace, request, keys[at]!, change);
        } catch (error) {
          // What was changed before in this chunk stays, as in MongoDB.
          if (error instanceof StoreError) return { at, error };
          throw error;
        }
        at++;
      } while (at < keys.length && performance.now() - started < CHUNK_MS);
      return { at, error: undefined };
    });
    if (chunk.error !== undefined) throw chunk.error;
    next = chunk.at;
  }
}

function changeOne(
  context: WriteContext,
  namespace: string,
  request: FindRequest,
  documentKey: DocumentKey,
  change: (context: WriteContext, documentKey: DocumentKey, document: RawDocument) => void,
): void {
  const collection = context.catalog.pending.get(namespace);
  if (collection === undefined) return;
  const document = context.writer.get('documents', placeOf(collection, documentKey));
  if (document !== undefined && request.filter.matches(document)) change(context, documentKey, document);
}

async function gatherKeys(
  engine: Engine,
  namespace: string,
  request: FindRequest,
  control: OperationControl,
): Promise<DocumentKey[]> {
  const collection = engine.catalog.committed.get(namespace);
  if (collection === undefined) return [];
  const snapshot = engine.env.snapshot();
  const keys = new Map<string, DocumentKey>();
  try {
    const planned = planFind(collection, request);
    await stepThrough(runFind(snapshot, planned), control, ({ documentKey }) => {
      keys.set(keyName(documentKey), documentKey.slice());
      return true;
    });
  } finally {
    snapshot.release();
  }
  return [...keys.values()];
}
