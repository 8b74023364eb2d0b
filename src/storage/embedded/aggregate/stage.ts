import type { RawDocument, RawValue } from '../bson/types.ts';
import { elements } from '../bson/walk.ts';
import { storeError } from '../errors.ts';

export interface Stage {
  readonly name: string;
  readonly spec: RawValue;
}

/** A stage document must have exactly one field: its name (40323 otherwise). */
export function stageOf(raw: RawDocument): Stage {
  const [first, ...others] = elements(raw);
  if (!first || others.length > 0) {
    throw storeError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  return { name: first.name, spec: first.value };
}
