import type { RawDocument, RawValue } from '../bson/types.ts';
import { elementsOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileSort } from '../query/sort.ts';
import { createSorter } from '../query/sorter.ts';

type Stream = AsyncIterable<RawDocument>;

/** Compiles `$sort`, stable; with `limit` only so many documents come out. Error 292 over 100 MB. */
export function compileSortStage(spec: RawValue, limit?: number): (input: Stream) => Stream {
  if (spec.type !== 0x03) throw storeError(15973, 'the $sort key specification must be an object');
  if (elementsOf(spec).length === 0) throw storeError(15976, '$sort stage must have at least one sort key');
  const { sortKey } = compileSort(subdocument(spec));
  return async function* sorted(input) {
    const sorter = createSorter<RawDocument>(limit);
    for await (const doc of input) sorter.add(sortKey(doc), doc, doc.length);
    yield* sorter.sorted();
  };
}
