import { serialize } from 'bson';
import type { RawDocument } from '../bson/types.ts';
import { submitWrite } from '../engine.ts';
import { storeError } from '../errors.ts';
import { compileProjection } from '../query/project.ts';
import type { FindRequest } from '../query/find.ts';
import { recordedOutcome, recordOutcome } from '../session/retry.ts';
import { compileUpdate } from '../update/update.ts';
import type { WriteContext } from '../write/documents.ts';
import { prepareTarget } from '../write/prepare.ts';
import { plainIdOf, removeOne, updateOne, type UpdateTarget } from '../write/update-one.ts';
import { type ReplyBody, spliceDocument } from '../wire/splice.ts';
import { collectionNameOf, type CommandContext } from './context.ts';
import { filterOf, hintOf, naturalOf, refuseCollation, sortOf } from './options.ts';
import { readUpdate } from './update.ts';

type Project = (document: RawDocument) => RawDocument;

/** `findAndModify`: finds, changes and answers with the document before or after, as one step. */
export async function runFindAndModify({
  engine,
  request,
  retry,
  control,
}: CommandContext): Promise<ReplyBody> {
  const { database } = request;
  const name = collectionNameOf(request);
  refuseCollation(request.document('collation'));
  const isRemove = request.boolean('remove');
  const update = request.value('update');
  checkShape(isRemove, update !== undefined, request.boolean('upsert'), request.boolean('new'));
  if (!isRemove) engine.checkRoom();
  const variables = request.document('let');
  const filter = filterOf(request.document('query'), variables, engine.now());
  const find: FindRequest = {
    filter,
    sort: sortOf(request.document('sort')),
    hint: hintOf(request.value('hint')) ?? naturalOf(request.document('sort')),
    skip: 0,
    limit: 0,
  };
  const fields = request.document('fields');
  const project = fields === undefined || fields.length <= 5 ? undefined : compileProjection(fields, filter);
  const arrayFilters = request.documents('arrayFilters');
  const target: UpdateTarget | undefined =
    update === undefined
      ? undefined
      : {
          database,
          name,
          find,
          update: compileUpdate(readUpdate(update), { arrayFilters, variables }),
          upsert: request.boolean('upsert'),
        };
  const prepared = prepareTarget(engine, database, name, () => find, control);
  await prepared.prepare.prepare?.();
  return submitWrite(engine, (context) => {
    const recorded = retry === undefined ? undefined : recordedOutcome(context.writer, retry);
    if (recorded !== undefined) return recorded;
    retry?.beforeStatement?.();
    const reply =
      target === undefined
        ? removed(removeOne(context, database, name, find, prepared.knownKey()), project)
        : updated(context, target, engine.now(), request.boolean('new'), project, prepared.knownKey());
    if (retry !== undefined) recordOutcome(context.writer, retry, reply, engine.now().getTime());
    return reply;
  });
}

function checkShape(isRemove: boolean, hasUpdate: boolean, isUpsert: boolean, wantsNew: boolean): void {
  if (isRemove && hasUpdate) throw storeError(9, 'Cannot specify both an update and remove=true');
  if (isRemove && isUpsert) throw storeError(9, 'Cannot specify both upsert=true and remove=true');
  if (isRemove && wantsNew) {
    throw storeError(
      9,
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    );
  }
  if (!isRemove && !hasUpdate) throw storeError(9, 'Either an update or remove=true must be specified');
}

const NOTHING_FOUND = serialize({ lastErrorObject: { n: 0 }, value: null, ok: 1 });
const NOTHING_UPDATED = serialize({ lastErrorObject: { n: 0, updatedExisting: false }, value: null, ok: 1 });

function removed(document: RawDocument | undefined, project: Project | undefined): Uint8Array {
  if (document === undefined) return NOTHING_FOUND;
  return replyOf({ n: 1 }, project === undefined ? document : project(document));
}

function updated(
  context: WriteContext,
  target: UpdateTarget,
  now: Date,
  wantsNew: boolean,
  project: Project | undefined,
  knownKey: Uint8Array | undefined,
): Uint8Array {
  const result = updateOne(context, target, now, knownKey);
  if (result === undefined) return NOTHING_UPDATED;
  const shown = wantsNew ? result.after : (result.before ?? null);
  const value = shown === null || project === undefined ? shown : project(shown);
  const lastErrorObject =
    result.before === undefined
      ? { n: 1, updatedExisting: false, upserted: plainIdOf(result.after) }
      : { n: 1, updatedExisting: true };
  return replyOf(lastErrorObject, value);
}

function replyOf(lastErrorObject: Record<string, unknown>, value: RawDocument | null): Uint8Array {
  return spliceDocument({ lastErrorObject, ok: 1 }, { value });
}
