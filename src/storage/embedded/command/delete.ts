import { checkDocument } from '../bson/check.ts';
import { BSON, type RawDocument } from '../bson/types.ts';
import { storeError } from '../errors.ts';
import type { FindRequest } from '../query/find.ts';
import { removeDocument } from '../write/documents.ts';
import { changeMany } from '../write/many.ts';
import { outcomeReply } from '../write/outcome.ts';
import { prepareTarget } from '../write/prepare.ts';
import { runStatements, type Statement } from '../write/statements.ts';
import { removeOne } from '../write/update-one.ts';
import type { ReplyBody } from '../wire/splice.ts';
import { collectionNameOf, type CommandContext, requireField } from './context.ts';
import { MAX_STATEMENTS } from './insert.ts';
import { filterOf, hintOf, refuseCollation } from './options.ts';
import { type CommandRequest, readCommand } from './request.ts';

const STATEMENT_FIELDS = new Set(['q', 'limit', 'collation', 'hint']);

/** `delete`: statements `{q, limit: 0 | 1, hint}`. */
export async function runDelete(context: CommandContext): Promise<ReplyBody> {
  const { engine, request, retry } = context;
  const deletes = requireField(request.documents('deletes'), request, 'deletes');
  if (deletes.length === 0 || deletes.length > MAX_STATEMENTS) {
    throw storeError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${deletes.length} operations.`,
    );
  }
  const statements = deletes.map((raw) => deleteStatement(context, raw));
  const isOrdered = request.has('ordered') ? request.boolean('ordered') : true;
  return outcomeReply(await runStatements(engine, statements, isOrdered, retry), 'delete');
}

/** Reads a statement as a little command of its own, refusing unknown fields. */
export function readStatement(
  raw: RawDocument,
  what: string,
  allowed: ReadonlySet<string>,
  database: string,
): CommandRequest {
  checkDocument(raw);
  const statement = readCommand(raw, new Map(), database);
  for (const field of statement.fields.keys()) {
    if (!allowed.has(field)) throw storeError(40415, `BSON field '${what}.${field}' is an unknown field.`);
  }
  return statement;
}

function deleteStatement({ engine, request, control }: CommandContext, raw: RawDocument): Statement {
  const { database } = request;
  const name = collectionNameOf(request);
  const statement = readStatement(raw, 'delete.deletes', STATEMENT_FIELDS, database);
  const q = requireField(statement.document('q'), statement, 'q');
  const limit = statement.value('limit');
  if (limit === undefined)
    throw storeError(40414, "BSON field 'delete.deletes.limit' is missing but a required field");
  const most = limit.type === BSON.bool ? Number(statement.boolean('limit')) : statement.integer('limit')!;
  if (most !== 0 && most !== 1)
    throw storeError(9, `The limit field in delete objects must be 0 or 1. Got ${most}`);
  let find: FindRequest | undefined;
  const findOf = (): FindRequest => {
    refuseCollation(statement.document('collation'));
    return (find ??= {
      filter: filterOf(q, request.document('let'), engine.now()),
      sort: undefined,
      hint: hintOf(statement.value('hint')),
      skip: 0,
      limit: 0,
    });
  };
  if (most === 1) {
    const target = prepareTarget(engine, database, name, findOf, control);
    return {
      kind: 'single',
      ...target.prepare,
      run(context, outcome) {
        if (removeOne(context, database, name, findOf(), target.knownKey()) !== undefined) outcome.n++;
      },
    };
  }
  return {
    kind: 'multi',
    async run(outcome) {
      const namespace = `${database}.${name}`;
      await changeMany(engine, namespace, findOf(), control, (context, documentKey, document) => {
        removeDocument(context, namespace, documentKey, document);
        outcome.n++;
      });
    },
  };
}
