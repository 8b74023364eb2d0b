import { expandKeys } from '../bson/expand.ts';
import type { Component, KeyPath } from '../bson/expand.ts';
import { encodeKey } from '../bson/key.ts';
import { numberOf } from '../bson/number.ts';
import { compilePath } from '../bson/path.ts';
import type { RawDocument } from '../bson/types.ts';
import { elements } from '../bson/walk.ts';
import { storeError, StoreError } from '../errors.ts';

export interface CompiledSort {
  readonly keys: readonly { readonly path: string; readonly descending: boolean }[];
  /** The document's place in the order, to be compared with memcmp (Buffer.compare). */
  readonly sortKey: (doc: RawDocument) => Uint8Array;
}

/**
 * Compiles a sort document, `{path: 1 | -1, ...}`. An array sorts by its least element (greatest when
 * descending), an empty array below null. Ties keep whatever order the caller gives. Code 2 on anything
 * but 1 and -1 and on documents whose sort paths go through different arrays.
 */
export function compileSort(sort: RawDocument): CompiledSort {
  const keys: { path: string; descending: boolean }[] = [];
  for (const { name, value } of elements(sort)) {
    const direction = numberOf(value);
    if (name === '' || name.startsWith('$') || name.split('.').includes('')) {
      throw storeError(2, `bad sort specification: field '${name}'`);
    }
    if (direction !== 1 && direction !== -1) {
      throw storeError(2, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    }
    keys.push({ path: name, descending: direction === -1 });
  }
  const paths: KeyPath[] = keys.map(({ path }) => ({ path: compilePath(path), wholeArrays: false }));
  const encode = (row: readonly Component[]): Uint8Array =>
    encodeKey(row.map((value, i) => ({ value, descending: keys[i]!.descending })));
  return {
    keys,
    sortKey(doc) {
      const rows = sortRows(doc, paths);
      let least = encode(rows[0]!);
      for (let i = 1; i < rows.length; i++) {
        const key = encode(rows[i]!);
        if (Buffer.compare(key, least) < 0) least = key;
      }
      return least;
    },
  };
}

function sortRows(doc: RawDocument, paths: readonly KeyPath[]): Component[][] {
  try {
    return expandKeys(doc, paths).rows;
  } catch (error) {
    if (error instanceof StoreError && error.code === 171) {
      throw storeError(2, 'cannot sort with keys that are parallel arrays');
    }
    throw error;
  }
}
