import type { RawDocument } from '../bson/types.ts';
import { storeError } from '../errors.ts';
import { stageOf } from './stage.ts';
import { compileTransform } from './transforms.ts';
import type { Transform } from './transforms.ts';

function compileAll(
  stages: readonly RawDocument[],
  variables: RawDocument | undefined,
  now: Date,
): readonly Transform[] {
  return stages.map((raw) => {
    const { name, spec } = stageOf(raw);
    const transform = compileTransform(name, spec, { variables, now });
    if (!transform) throw storeError(72, `${name} is not allowed to be used within an update`);
    return transform;
  });
}

/**
 * Compiles the pipeline of an update ($set, $addFields, $unset, $project, $replaceRoot, $replaceWith; others
 * are error 72). `$$NOW` is the moment given with each document.
 */
export function compileUpdatePipeline(
  stages: readonly RawDocument[],
  variables: RawDocument | undefined,
): (doc: RawDocument, context: { readonly now: Date }) => RawDocument {
  let compiledFor = 0;
  let transforms = compileAll(stages, variables, new Date(compiledFor));
  return (doc, { now }) => {
    if (now.getTime() !== compiledFor) {
      compiledFor = now.getTime();
      transforms = compileAll(stages, variables, now);
    }
    return transforms.reduce((current, transform) => transform(current), doc);
  };
}
