import { BSON, type RawDocument, type RawValue } from '../bson/types.ts';
import { arrayValues, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import type { FindRequest } from '../query/find.ts';
import { compileUpdate } from '../update/update.ts';
import { changeMany } from '../write/many.ts';
import { type Outcome, outcomeReply } from '../write/outcome.ts';
import { prepareTarget } from '../write/prepare.ts';
import { runStatements, type Statement } from '../write/statements.ts';
import {
  changeDocument,
  plainIdOf,
  type Updated,
  updateOne,
  type UpdateTarget,
} from '../write/update-one.ts';
import type { ReplyBody } from '../wire/splice.ts';
import { submitWrite } from '../engine.ts';
import { collectionNameOf, type CommandContext, requireField } from './context.ts';
import { readStatement } from './delete.ts';
import { MAX_STATEMENTS } from './insert.ts';
import { filterOf, hintOf, refuseCollation } from './options.ts';
import type { CommandRequest } from './request.ts';

const STATEMENT_FIELDS = new Set(['q', 'u', 'c', 'multi', 'upsert', 'collation', 'arrayFilters', 'hint']);

/** `update`: statements `{q, u, multi, upsert, arrayFilters, hint}`. */
export async function runUpdate(context: CommandContext): Promise<ReplyBody> {
  const { engine, request, retry } = context;
  const updates = requireField(request.documents('updates'), request, 'updates');
  if (updates.length === 0 || updates.length > MAX_STATEMENTS) {
    throw storeError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${updates.length} operations.`,
    );
  }
  engine.checkRoom();
  const statements = updates.map((raw) => updateStatement(context, raw));
  const isOrdered = request.has('ordered') ? request.boolean('ordered') : true;
  return outcomeReply(await runStatements(engine, statements, isOrdered, retry), 'update');
}

/** The update as compileUpdate takes it: a document, or the stages of a pipeline. */
export function readUpdate(value: RawValue): RawDocument | readonly RawDocument[] {
  if (value.type === BSON.object) return subdocument(value);
  if (value.type !== BSON.array) throw storeError(9, 'Update argument must be either an object or an array');
  return arrayValues(value).map((stage) => {
    if (stage.type !== BSON.object) throw storeError(14, 'Each element of the pipeline must be an object');
    return subdocument(stage);
  });
}

function updateStatement({ engine, request, control }: CommandContext, raw: RawDocument): Statement {
  const { database } = request;
  const name = collectionNameOf(request);
  const statement = readStatement(raw, 'update.updates', STATEMENT_FIELDS, database);
  const targetOf = lazyTarget(engine.now, request, statement, database, name);
  if (statement.boolean('multi')) {
    return {
      kind: 'multi',
      run: (outcome, index) => updateMany(engine, targetOf(), control, outcome, index),
    };
  }
  const prepared = prepareTarget(engine, database, name, () => targetOf().find, control);
  return {
    kind: 'single',
    ...prepared.prepare,
    run(context, outcome, index) {
      const updated = updateOne(context, targetOf(), engine.now(), prepared.knownKey());
      if (updated !== undefined) countUpdate(outcome, updated, index);
    },
  };
}

/** Compiled once, when first needed, so that an error belongs to the statement. */
function lazyTarget(
  now: () => Date,
  request: CommandRequest,
  statement: CommandRequest,
  database: string,
  name: string,
): () => UpdateTarget {
  let target: UpdateTarget | undefined;
  return () => {
    if (target !== undefined) return target;
    refuseCollation(statement.document('collation'));
    const variables = statement.document('c') ?? request.document('let');
    const u = requireField(statement.value('u'), statement, 'u');
    const find: FindRequest = {
      filter: filterOf(requireField(statement.document('q'), statement, 'q'), variables, now()),
      sort: undefined,
      hint: hintOf(statement.value('hint')),
      skip: 0,
      limit: 0,
    };
    const update = compileUpdate(readUpdate(u), {
      arrayFilters: statement.documents('arrayFilters'),
      variables,
    });
    if (update.kind === 'replacement' && statement.boolean('multi')) {
      throw storeError(9, 'multi update is not supported for replacement-style update');
    }
    target = { database, name, find, update, upsert: statement.boolean('upsert') };
    return target;
  };
}

async function updateMany(
  engine: CommandContext['engine'],
  target: UpdateTarget,
  control: CommandContext['control'],
  outcome: Outcome,
  index: number,
): Promise<void> {
  const before = outcome.n;
  const now = engine.now();
  await changeMany(
    engine,
    `${target.database}.${target.name}`,
    target.find,
    control,
    (context, key, document) => {
      countUpdate(outcome, changeDocument(context, target, key, document, now), index);
    },
  );
  if (outcome.n > before || !target.upsert) return;
  const updated = await submitWrite(engine, (context) => updateOne(context, target, now));
  if (updated !== undefined) countUpdate(outcome, updated, index);
}

function countUpdate(outcome: Outcome, updated: Updated, index: number): void {
  outcome.n++;
  if (updated.before === undefined) outcome.upserted.push({ index, _id: plainIdOf(updated.after) });
  else if (updated.modified) outcome.nModified++;
}
