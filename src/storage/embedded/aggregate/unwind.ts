import { longValue, NULL_VALUE } from '../bson/build.ts';
import { isTruthy } from '../bson/number.ts';
import { compilePath, valueAtPlainPath } from '../bson/path.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { arrayValues, stringOf } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { createBranch, plant, projectDocument } from '../query/projection-tree.ts';
import { namedArguments } from './special-forms.ts';

/** A copy of the document with the value at a dotted path; undefined takes the field away. */
export function replaceAt(doc: RawDocument, path: string, value: RawValue | undefined): RawDocument {
  const tree = createBranch();
  plant(tree, path, { kind: 'computed', evaluate: () => value });
  return projectDocument(doc, tree, 'add');
}

/** Compiles `$unwind`: a path, or {path, includeArrayIndex, preserveNullAndEmptyArrays}. */
export function compileUnwind(spec: RawValue): (doc: RawDocument) => Iterable<RawDocument> {
  const named =
    spec.type === 0x03
      ? namedArguments('$unwind', spec, ['path'], ['includeArrayIndex', 'preserveNullAndEmptyArrays'])
      : new Map([['path', spec]]);
  const pathValue = named.get('path')!;
  if (pathValue.type !== 0x02) throw storeError(28808, 'expected a string as the path for $unwind stage');
  if (!stringOf(pathValue).startsWith('$')) {
    throw storeError(
      28818,
      `path option to $unwind stage should be prefixed with a '$': ${stringOf(pathValue)}`,
    );
  }
  const path = stringOf(pathValue).slice(1);
  const segments = compilePath(path);
  const keep = isTruthy(named.get('preserveNullAndEmptyArrays'));
  const indexValue = named.get('includeArrayIndex');
  const indexName = indexValue && stringOf(indexValue);
  const numbered = (doc: RawDocument, index: RawValue): RawDocument =>
    indexName === undefined ? doc : replaceAt(doc, indexName, index);
  return function* unwind(doc) {
    const value = valueAtPlainPath(doc, segments);
    if (value?.type === 0x04) {
      const values = arrayValues(value);
      for (const [i, element] of values.entries()) {
        yield numbered(replaceAt(doc, path, element), longValue(BigInt(i)));
      }
      if (values.length === 0 && keep) yield numbered(replaceAt(doc, path, undefined), NULL_VALUE);
    } else if (keep || (value && value.type !== 0x0a && value.type !== 0x06)) yield numbered(doc, NULL_VALUE);
  };
}
