import { BSON, type RawDocument, type RawValue } from '../bson/types.ts';
import { int32At, valueEnd } from '../bson/walk.ts';
import { type DocumentKey, documentKeyOf } from '../index/keys.ts';
import type { FilterNode } from './parse.ts';

/** Types that an `_id` filter compares with one value and nothing else. */
const PLAIN_TYPES: ReadonlySet<number> = new Set([
  BSON.string,
  BSON.objectId,
  BSON.int32,
  BSON.long,
  BSON.double,
  BSON.binData,
  BSON.date,
  BSON.bool,
]);

/**
 * The key of the only document a filter can match, because it asks for one `_id`; undefined when it
 * asks for none or in another way. Most reads and writes are of this kind and need no plan.
 */
export function onlyKeyOf(root: FilterNode): DocumentKey | undefined {
  if (root.op === 'eq') {
    return root.path === '_id' && PLAIN_TYPES.has(root.value.type) ? documentKeyOf(root.value) : undefined;
  }
  if (root.op !== 'and') return undefined;
  for (const child of root.children) {
    const key = child.op === 'eq' ? onlyKeyOf(child) : undefined;
    if (key !== undefined) return key;
  }
  return undefined;
}

const ID_NAME = Uint8Array.of(0x5f, 0x69, 0x64, 0);

/** As `onlyKeyOf`, for a filter that is `{_id: value}` and nothing else, without parsing it. */
export function keyOfIdFilter(filter: RawDocument): DocumentKey | undefined {
  if (
    filter.length < 10 ||
    !PLAIN_TYPES.has(filter[4]!) ||
    !ID_NAME.every((byte, i) => filter[5 + i] === byte)
  ) {
    return undefined;
  }
  const type = filter[4]!;
  const end = valueEnd(type, filter, 9);
  // A second element would begin here.
  if (end !== int32At(filter, 0) - 1) return undefined;
  const value: RawValue = { type, bytes: filter, start: 9, end };
  return documentKeyOf(value);
}
