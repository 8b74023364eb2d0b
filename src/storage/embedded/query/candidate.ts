import type { RawDocument } from '../bson/types.ts';
import type { CollectionRecord, IndexRecord } from '../catalog/records.ts';
import { type DocumentKey, idPrefix, joinBytes } from '../index/keys.ts';
import { afterPrefix, type Stretch } from '../kv/view.ts';
import type { IndexRange } from './index-ranges.ts';

/** A document found, not yet checked against the filter. */
export interface Candidate {
  readonly documentKey: DocumentKey;
  readonly document: RawDocument;
  /** Metres from the centre, for `$near` and `$geoNear`. */
  readonly metres?: number;
}

/** What a plan looked at, for explain and the log of full scans. */
export interface Examined {
  keys: number;
  documents: number;
}

/** The stretch of the documents tree that is this collection. */
export function wholeCollection(collection: CollectionRecord, reverse = false): Stretch {
  const prefix = idPrefix(collection.id);
  return { from: prefix, to: afterPrefix(prefix), reverse };
}

/** A document key as a string, to look it up in sets. */
export function keyName(documentKey: DocumentKey): string {
  return Buffer.from(documentKey.buffer, documentKey.byteOffset, documentKey.length).toString('latin1');
}

/** Where the entries of an index lie: the documents themselves for `_id_`. */
export function stretchOf(
  collection: CollectionRecord,
  plan: { readonly index: IndexRecord; readonly reverse: boolean },
  range: IndexRange,
): Stretch {
  const prefix = idPrefix(plan.index.id === 0 ? collection.id : plan.index.id);
  return {
    from: joinBytes(prefix, range.from),
    to: range.to.length === 0 ? afterPrefix(prefix) : joinBytes(prefix, range.to),
    reverse: plan.reverse,
  };
}
