import {
  arrayValue,
  createWriter,
  documentOf,
  objectValue,
  stringValue,
  wholeNumberValue,
} from '../bson/build.ts';
import { BSON, type RawDocument, type RawElement, type RawValue } from '../bson/types.ts';
import { arrayValues, elements, elementsOf, identical } from '../bson/walk.ts';

interface Difference {
  updated: [string, RawValue][];
  removed: string[];
  truncated: RawDocument[];
}

/**
 * `updateDescription` of a change event: what must be set, removed and cut to make `after` out of
 * `before`, by dotted paths. Objects and arrays are compared inside; anything else by its bytes.
 */
export function describeUpdate(before: RawDocument, after: RawDocument): RawDocument {
  const difference: Difference = { updated: [], removed: [], truncated: [] };
  compareFields([...elements(before)], [...elements(after)], '', difference);
  const writer = createWriter();
  writer.value('updatedFields', objectValue(documentOf(difference.updated)));
  writer.value('removedFields', arrayValue(difference.removed.map(stringValue)));
  writer.value('truncatedArrays', arrayValue(difference.truncated.map(objectValue)));
  return writer.finish();
}

function compareFields(
  before: readonly RawElement[],
  after: readonly RawElement[],
  prefix: string,
  out: Difference,
): void {
  const old = new Map(before.map(({ name, value }) => [name, value]));
  const kept = new Set<string>();
  for (const { name, value } of after) {
    kept.add(name);
    compareValue(old.get(name), value, prefix + name, out);
  }
  for (const { name } of before) if (!kept.has(name)) out.removed.push(prefix + name);
}

function compareValue(before: RawValue | undefined, after: RawValue, path: string, out: Difference): void {
  if (before !== undefined && identical(before, after)) return;
  if (before?.type === BSON.object && after.type === BSON.object) {
    compareFields([...elementsOf(before)], [...elementsOf(after)], `${path}.`, out);
  } else if (before?.type === BSON.array && after.type === BSON.array) {
    compareArrays(arrayValues(before), arrayValues(after), path, out);
  } else out.updated.push([path, after]);
}

function compareArrays(
  before: readonly RawValue[],
  after: readonly RawValue[],
  path: string,
  out: Difference,
): void {
  if (after.length < before.length) {
    out.truncated.push(
      documentOf([
        ['field', stringValue(path)],
        ['newSize', wholeNumberValue(after.length)],
      ]),
    );
  }
  after.forEach((value, i) => compareValue(before[i], value, `${path}.${i}`, out));
}
