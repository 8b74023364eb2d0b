import { documentOf } from '../bson/build.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { getField } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import type { FilterNode, FilterOptions } from '../query/nodes.ts';

/** A condition on array elements, by the identifier of `$[identifier]`. */
export type ArrayFilters = ReadonlyMap<string, (element: RawValue) => boolean>;

function identifiersOf(node: FilterNode): string[] {
  if ('children' in node) return node.children.flatMap(identifiersOf);
  if (node.op === 'expr') throw storeError(224, '$expr is not allowed in this context');
  if (node.op === 'near') throw storeError(2, '$near is not allowed in arrayFilters');
  return 'path' in node ? [node.path.split('.')[0]!] : [];
}

/**
 * Compiles the `arrayFilters` of an update. Every filter speaks of exactly one identifier (9 otherwise),
 * which begins with a lower-case letter and is alphanumeric (2 otherwise); none twice (9). `$expr` is
 * refused (224), as are `$where`, `$text` and `$near` (2).
 */
export function compileArrayFilters(filters: readonly RawDocument[], options: FilterOptions): ArrayFilters {
  const compiled = new Map<string, (element: RawValue) => boolean>();
  for (const raw of filters) {
    if (getField(raw, '$where') || getField(raw, '$text')) {
      throw storeError(
        2,
        'Error parsing array filter :: caused by :: $where and $text are not allowed in this context',
      );
    }
    const filter = compileFilter(raw, options);
    const [identifier, ...others] = new Set(identifiersOf(filter.root));
    if (identifier === undefined) {
      throw storeError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
    }
    if (others.length > 0) {
      throw storeError(
        9,
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${identifier}' and '${others[0]}'`,
      );
    }
    if (!/^[a-z][a-zA-Z0-9]*$/.test(identifier)) {
      throw storeError(
        2,
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${identifier}'`,
      );
    }
    if (compiled.has(identifier)) {
      throw storeError(9, `Found multiple array filters with the same top-level field name ${identifier}`);
    }
    compiled.set(identifier, (element) => filter.matches(documentOf([[identifier, element]])));
  }
  return compiled;
}
