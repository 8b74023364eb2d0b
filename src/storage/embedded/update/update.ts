import { createWriter } from '../bson/build.ts';
import { compareValues } from '../bson/compare.ts';
import { describe } from '../bson/describe.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { elements, getField } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileUpdatePipeline } from '../aggregate/update-pipeline.ts';
import { compileArrayFilters } from './array-filters.ts';
import type { ArrayFilters } from './array-filters.ts';
import { applyModifications } from './modify.ts';
import type { Modification } from './modify.ts';
import type { UpdateContext } from './operation.ts';
import { parseModifications } from './parse.ts';

export type { UpdateContext } from './operation.ts';
export { upsertSeed } from './upsert.ts';

export interface UpdateResult {
  readonly document: RawDocument;
  readonly modified: boolean;
}

export interface CompiledUpdate {
  readonly kind: 'operators' | 'replacement' | 'pipeline';
  /** True when a path holds the positional `$`, so that the caller must find `positionalIndex`. */
  readonly usesPositional: boolean;
  /** The document after the update; `modified` is false when not a byte differs. Throws 66 if `_id` would change. */
  apply(doc: RawDocument, context: UpdateContext): UpdateResult;
}

export interface UpdateOptions {
  readonly arrayFilters?: readonly RawDocument[] | undefined;
  readonly variables?: RawDocument | undefined;
}

type Change = (doc: RawDocument, context: UpdateContext) => RawDocument;

/**
 * Compiles an update: operators (`{$set: ...}`), a replacement document, or a pipeline (an array of
 * $set / $addFields / $unset / $project / $replaceRoot / $replaceWith). The caller gives each document
 * to `apply`; for an upsert that is `upsertSeed(filter)` with `isInsert`.
 */
export function compileUpdate(
  update: RawDocument | readonly RawDocument[],
  options: UpdateOptions = {},
): CompiledUpdate {
  if (!(update instanceof Uint8Array)) {
    if (options.arrayFilters?.length)
      throw storeError(9, 'Cannot specify arrayFilters with an update pipeline');
    return finish('pipeline', false, compileUpdatePipeline(update, options.variables));
  }
  const [first] = elements(update);
  if (first?.name.startsWith('$')) return compileOperators(update, options);
  if (options.arrayFilters?.length)
    throw storeError(9, 'Cannot specify arrayFilters with a replacement document');
  return compileReplacement(update);
}

function compileOperators(update: RawDocument, options: UpdateOptions): CompiledUpdate {
  const modifications = parseModifications(update);
  const filters = compileArrayFilters(options.arrayFilters ?? [], { variables: options.variables });
  checkIdentifiers(modifications, filters);
  const usesPositional = modifications.some(({ path }) =>
    path.segments.some(({ kind }) => kind === 'positional'),
  );
  return finish('operators', usesPositional, (doc, context) =>
    applyModifications(doc, modifications, filters, context),
  );
}

function checkIdentifiers(modifications: readonly Modification[], filters: ArrayFilters): void {
  const unused = new Set(filters.keys());
  for (const { path } of modifications) {
    for (const segment of path.segments) {
      if (segment.kind !== 'filtered') continue;
      unused.delete(segment.identifier);
      if (!filters.has(segment.identifier)) {
        throw storeError(
          2,
          `No array filter found for identifier '${segment.identifier}' in path '${path.text}'`,
        );
      }
    }
  }
  for (const identifier of unused) {
    throw storeError(9, `The array filter for identifier '${identifier}' was not used in the update`);
  }
}

function compileReplacement(replacement: RawDocument): CompiledUpdate {
  for (const { name } of elements(replacement)) {
    if (name.startsWith('$')) {
      throw storeError(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
    }
  }
  const newId = getField(replacement, '_id');
  return finish('replacement', false, (doc) => {
    const id = newId ?? getField(doc, '_id');
    const writer = createWriter();
    if (id) writer.value('_id', id);
    for (const { name, value } of elements(replacement)) if (name !== '_id') writer.value(name, value);
    return writer.finish();
  });
}

function finish(kind: CompiledUpdate['kind'], usesPositional: boolean, change: Change): CompiledUpdate {
  return {
    kind,
    usesPositional,
    apply(doc, context) {
      const before = getField(doc, '_id');
      const changed = change(doc, context);
      const document = kind === 'pipeline' && before ? keepId(before, changed) : changed;
      const after = getField(document, '_id');
      if (before && (!after || compareValues(before, after) !== 0)) {
        throw storeError(
          66,
          kind === 'operators'
            ? "Performing an update on the path '_id' would modify the immutable field '_id'"
            : `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${describe(after)}`,
        );
      }
      return { document, modified: Buffer.compare(doc, document) !== 0 };
    },
  };
}

/** A pipeline that leaves `_id` out does not mean to remove it. */
function keepId(id: RawValue, doc: RawDocument): RawDocument {
  if (getField(doc, '_id')) return doc;
  const writer = createWriter();
  writer.value('_id', id);
  for (const { name, value } of elements(doc)) writer.value(name, value);
  return writer.finish();
}
