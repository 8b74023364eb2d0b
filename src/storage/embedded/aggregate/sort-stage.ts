import type { RawDocument, RawValue } from '../bson/types.ts';
import { elementsOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileSort } from '../query/sort.ts';

/** MongoDB's limit on what a sort may hold in memory. */
const MEMORY_LIMIT = 100 * 1024 * 1024;

type Stream = AsyncIterable<RawDocument>;

/**
 * Compiles `$sort`, stable; with `limit` only so many documents are held. Error 292 over 100 MB.
 */
export function compileSortStage(spec: RawValue, limit = Infinity): (input: Stream) => Stream {
  if (spec.type !== 0x03) throw storeError(15973, 'the $sort key specification must be an object');
  if (elementsOf(spec).length === 0) throw storeError(15976, '$sort stage must have at least one sort key');
  const sort = compileSort(subdocument(spec));
  return async function* sorted(input) {
    let held: { readonly key: Uint8Array; readonly doc: RawDocument; readonly order: number }[] = [];
    let size = 0;
    let order = 0;
    const settle = (): void => {
      held.sort((a, b) => Buffer.compare(a.key, b.key) || a.order - b.order);
      if (held.length > limit) {
        held = held.slice(0, limit);
        size = held.reduce((sum, { doc }) => sum + doc.length, 0);
      }
    };
    for await (const doc of input) {
      held.push({ key: sort.sortKey(doc), doc, order: order++ });
      size += doc.length;
      if (held.length >= 2 * limit + 1000) settle();
      if (size > MEMORY_LIMIT) {
        throw storeError(
          292,
          'Sort exceeded memory limit of 104857600 bytes, but did not opt in to external sorting.',
        );
      }
    }
    settle();
    for (const { doc } of held) yield doc;
  };
}
