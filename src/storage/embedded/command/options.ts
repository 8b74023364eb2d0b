import { serialize } from 'bson';
import { BSON, isNumeric, type RawDocument, type RawValue } from '../bson/types.ts';
import { elements, getField, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileFilter, type CompiledFilter } from '../query/match.ts';
import type { Hint } from '../query/plan.ts';
import { type CompiledSort, compileSort } from '../query/sort.ts';
import { readNumber, readString } from './request.ts';

const EMPTY = serialize({});

export function emptyDocument(): RawDocument {
  return EMPTY;
}

/** A filter with the command's `let`. */
export function filterOf(
  filter: RawDocument | undefined,
  variables: RawDocument | undefined,
  now: Date,
): CompiledFilter {
  return compileFilter(filter ?? EMPTY, { variables, now, random: Math.random });
}

/** Undefined for an absent or empty sort, and for `$natural`, which is the order without a sort. */
export function sortOf(sort: RawDocument | undefined): CompiledSort | undefined {
  if (sort === undefined || sort.length <= 5 || getField(sort, '$natural') !== undefined) return undefined;
  return compileSort(sort);
}

/** `{$natural: ±1}` as a sort is a walk through the documents as they lie, like the hint. */
export function naturalOf(sort: RawDocument | undefined): Hint | undefined {
  const natural = sort === undefined ? undefined : getField(sort, '$natural');
  if (natural === undefined) return undefined;
  return { natural: readNumber(natural, 'sort', '$natural') < 0 ? -1 : 1 };
}

/** An index name, a key pattern, or `{$natural: ±1}`. Throws 9 on any other form. */
export function hintOf(value: RawValue | undefined): Hint | undefined {
  if (value === undefined) return undefined;
  if (value.type === BSON.string) return { name: stringOf(value) };
  if (value.type !== BSON.object) throw storeError(9, 'Hint must be a string or an object');
  const keys: [string, unknown][] = [];
  for (const { name, value: kind } of elements(subdocument(value))) {
    keys.push([
      name,
      isNumeric(kind.type) ? Math.sign(readNumber(kind, 'hint', name)) : readString(kind, 'hint', name),
    ]);
  }
  if (keys.length === 0) return undefined;
  if (keys[0]![0] === '$natural') return { natural: keys[0]![1] === -1 ? -1 : 1 };
  return { keys };
}

/** Only the simple collation (byte order) is built; any other is refused, never ignored. */
export function refuseCollation(collation: RawDocument | undefined): void {
  if (collation === undefined || collation.length <= 5) return;
  const locale = getField(collation, 'locale');
  if (locale === undefined || locale.type !== BSON.string) {
    throw storeError(2, "BSON field 'collation.locale' is missing but a required field");
  }
  if (stringOf(locale) !== 'simple')
    throw storeError(238, `collation '${stringOf(locale)}' is not supported, only 'simple'`);
}
