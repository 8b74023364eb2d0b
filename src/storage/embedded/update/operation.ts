import type { RawDocument, RawValue } from '../bson/types.ts';

export interface UpdateContext {
  readonly now: Date;
  /** True while an upsert builds its document: `$setOnInsert` acts, `_id` may be set. */
  readonly isInsert: boolean;
  readonly positionalIndex?: number | undefined;
}

/** What an operation makes of a field: its new value, or one of these two. */
export type Outcome = RawValue | 'unchanged' | 'removed';

export interface Place {
  readonly path: string;
  /** The document as it was before the update. */
  readonly original: RawDocument;
  readonly context: UpdateContext;
}

/** What one update operator does to one field. */
export interface Operation {
  /** Acts on a missing field too; the objects on the way are then created. */
  readonly creates: boolean;
  /** False when the operation has nothing to do in this document at all; then its path is not even walked. */
  isActive?(original: RawDocument, context: UpdateContext): boolean;
  /** `current` is undefined when the field is missing (only asked if `creates`). */
  apply(current: RawValue | undefined, place: Place): Outcome;
}
