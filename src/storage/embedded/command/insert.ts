import { checkDocument } from '../bson/check.ts';
import { ensureCollection } from '../catalog/namespaces.ts';
import { checkNamespace } from '../catalog/namespaces.ts';
import { storeError } from '../errors.ts';
import { insertDocument } from '../write/documents.ts';
import { outcomeReply } from '../write/outcome.ts';
import { runStatements, type Statement } from '../write/statements.ts';
import { collectionNameOf, type CommandContext, requireField } from './context.ts';
import type { ReplyBody } from '../wire/splice.ts';

export const MAX_STATEMENTS = 100_000;

/** `insert`: documents inline or as a sequence; answers when they are on disk. */
export async function runInsert({ engine, request, retry }: CommandContext): Promise<ReplyBody> {
  const name = collectionNameOf(request);
  const namespace = checkNamespace(request.database, name);
  const documents = requireField(request.documents('documents'), request, 'documents');
  if (documents.length === 0 || documents.length > MAX_STATEMENTS) {
    throw storeError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${documents.length} operations.`,
    );
  }
  engine.checkRoom();
  const statements = documents.map((document): Statement => ({
    kind: 'single',
    run(context, outcome) {
      checkDocument(document);
      ensureCollection(context, request.database, name);
      insertDocument(context, namespace, document);
      outcome.n++;
    },
  }));
  const isOrdered = request.has('ordered') ? request.boolean('ordered') : true;
  return outcomeReply(await runStatements(engine, statements, isOrdered, retry), 'insert');
}
