import type { RawDocument, RawValue } from '../bson/types.ts';

/** Where `$lookup` finds the documents of other collections of the same database. */
export interface AggregateSource {
  /** Every document of a collection. */
  collection(name: string): AsyncIterable<RawDocument>;
  /** The documents whose field equals the value, when an index serves that; undefined when none does. */
  lookupEquals?(name: string, field: string, value: RawValue): AsyncIterable<RawDocument> | undefined;
}
