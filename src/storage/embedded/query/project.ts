import { arrayValue, documentOf, objectValue } from '../bson/build.ts';
import { wholeNumberOf } from '../bson/number.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { arrayValues, elements, elementsOf, getField, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileFilter } from './match.ts';
import type { CompiledFilter } from './match.ts';
import type { FilterOptions } from './nodes.ts';
import { parseProjection } from './projection-parse.ts';
import type { SpecialField } from './projection-parse.ts';
import { projectDocument } from './projection-tree.ts';
import type { FieldNode, Reshape } from './projection-tree.ts';

/**
 * Compiles the projection of `find` and `findAndModify`: inclusion, exclusion, nested documents,
 * expressions, `$slice`, `$elemMatch` and the positional `path.$` (which needs the filter).
 * The answer gives a new document, or the same bytes when the projection is empty.
 */
export function compileProjection(
  projection: RawDocument,
  filter?: CompiledFilter,
  options: FilterOptions = {},
): (doc: RawDocument) => RawDocument {
  if (elements(projection).length === 0) return (doc) => doc;
  const { tree, mode } = parseProjection(projection, options, specialFields(filter, options));
  return (doc) => projectDocument(doc, tree, mode);
}

function specialFields(filter: CompiledFilter | undefined, options: FilterOptions): SpecialField {
  let positionals = 0;
  return (path, value) => {
    if (path.endsWith('.$')) {
      if (++positionals > 1)
        throw storeError(31276, 'Cannot specify more than one positional projection per query.');
      const [top, ...rest] = path.slice(0, -2).split('.');
      return { path: top!, node: { kind: 'reshape', reshape: positional(rest, filter) }, decides: true };
    }
    if (value.type !== 0x03) return undefined;
    const [operator] = elementsOf(value);
    if (operator?.name === '$slice') {
      return { path, node: { kind: 'reshape', reshape: slicing(operator.value) }, decides: false };
    }
    if (operator?.name === '$elemMatch')
      return { path, node: matchingElement(path, value, options), decides: true };
    if (operator?.name === '$meta') throw storeError(2, '$meta projections are not supported by this server');
    return undefined;
  };
}

function positional(rest: readonly string[], filter: CompiledFilter | undefined): Reshape {
  return (value, root) => trimToMatch(value, rest, filter?.positionalIndex(root));
}

/** Cuts the first array on the path to the element that matched. */
function trimToMatch(
  value: RawValue,
  rest: readonly string[],
  index: number | undefined,
): RawValue | undefined {
  if (value.type === 0x04) {
    const element = index === undefined ? undefined : arrayValues(value)[index];
    if (element) return arrayValue([element]);
    throw storeError(51246, "positional operator '.$' couldn't find a matching element in the array");
  }
  const [next, ...further] = rest;
  if (next === undefined || value.type !== 0x03) return next === undefined ? value : undefined;
  const field = getField(subdocument(value), next);
  const trimmed = field && trimToMatch(field, further, index);
  return objectValue(documentOf(trimmed ? [[next, trimmed]] : []));
}

/** `$slice`: a count (negative from the end) or [skip, count]. */
function slicing(operand: RawValue): Reshape {
  const [first, second] = operand.type === 0x04 ? arrayValues(operand) : [operand];
  const from = wholeNumberOf(first);
  const count = second && wholeNumberOf(second);
  if (from === undefined || (second && (count === undefined || count <= 0))) {
    throw storeError(28724, '$slice needs a whole number or an array of a number and a positive count');
  }
  return (value) => {
    if (value.type !== 0x04) return value;
    const values = arrayValues(value);
    if (count === undefined) return arrayValue(from < 0 ? values.slice(from) : values.slice(0, from));
    const start = from < 0 ? Math.max(0, values.length + from) : from;
    return arrayValue(values.slice(start, start + count));
  };
}

/** `$elemMatch`: the first matching element, in an array of one; the field is left out when none matches. */
function matchingElement(path: string, condition: RawValue, options: FilterOptions): FieldNode {
  if (path.includes('.')) throw storeError(31275, 'Cannot use $elemMatch projection on a nested field');
  const filter = compileFilter(documentOf([[path, condition]]), options);
  return {
    kind: 'computed',
    evaluate(doc) {
      const index = filter.positionalIndex(doc);
      const array = getField(doc, path);
      return index === undefined || !array ? undefined : arrayValue([arrayValues(array)[index]!]);
    },
  };
}
