/**
 * MongoDB's rules for a small family of values and filters, written as plainly as possible: integers,
 * strings, null, missing fields, and arrays of these, at top-level paths and one level below.
 */
export type Scalar = number | string | null;
export type Doc = { _id: number } & Record<string, unknown>;
export type Filter = Record<string, unknown>;

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values a filter sees at a path: undefined stands for a missing field; arrays count with their elements. */
function seenAt(doc: Record<string, unknown>, path: string): unknown[] {
  const [head, ...rest] = path.split('.');
  const value = doc[head!];
  if (rest.length === 0) return Array.isArray(value) ? [...(value as unknown[]), value] : [value];
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown) => (isPlain(element) ? seenAt(element, rest.join('.')) : []));
  }
  return isPlain(value) ? seenAt(value, rest.join('.')) : [undefined];
}

function rank(value: unknown): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  return Array.isArray(value) ? 5 : 4;
}

export function compareScalars(a: unknown, b: unknown): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'number') return a - (b as number);
  if (typeof a === 'string') return a < (b as string) ? -1 : a > (b as string) ? 1 : 0;
  return 0;
}

function equals(seen: unknown, wanted: unknown): boolean {
  if (wanted === null) return seen === null || seen === undefined;
  return seen === wanted;
}

function passes(seen: unknown, operator: string, wanted: unknown): boolean {
  switch (operator) {
    case '$eq':
      return equals(seen, wanted);
    case '$in':
      return (wanted as unknown[]).some((one) => equals(seen, one));
    case '$gt':
      return rank(seen) === rank(wanted) && seen !== undefined && compareScalars(seen, wanted) > 0;
    case '$gte':
      return rank(seen) === rank(wanted) && seen !== undefined && compareScalars(seen, wanted) >= 0;
    case '$lt':
      return rank(seen) === rank(wanted) && seen !== undefined && compareScalars(seen, wanted) < 0;
    case '$lte':
      return rank(seen) === rank(wanted) && seen !== undefined && compareScalars(seen, wanted) <= 0;
    default:
      throw new Error(`the model does not know ${operator}`);
  }
}

function meetsCondition(
  doc: Record<string, unknown>,
  path: string,
  operator: string,
  wanted: unknown,
): boolean {
  switch (operator) {
    case '$ne':
      return !meetsCondition(doc, path, '$eq', wanted);
    case '$nin':
      return !meetsCondition(doc, path, '$in', wanted);
    case '$exists':
      return seenAt(doc, path).some((seen) => seen !== undefined) === wanted;
    case '$elemMatch': {
      const value = doc[path];
      return (
        Array.isArray(value) &&
        value.some((element: unknown) =>
          Object.keys(wanted as object).some((key) => key.startsWith('$'))
            ? Object.entries(wanted as object).every(([inner, limit]) => passes(element, inner, limit))
            : isPlain(element) && meets(element, wanted as Filter),
        )
      );
    }
    default:
      return seenAt(doc, path).some((seen) => passes(seen, operator, wanted));
  }
}

/** Whether a document meets a filter. */
export function meets(doc: Record<string, unknown>, filter: Filter): boolean {
  return Object.entries(filter).every(([key, value]) => {
    if (key === '$and') return (value as Filter[]).every((part) => meets(doc, part));
    if (key === '$or') return (value as Filter[]).some((part) => meets(doc, part));
    if (key === '$nor') return !(value as Filter[]).some((part) => meets(doc, part));
    const conditions = isPlain(value) ? value : { $eq: value };
    return Object.entries(conditions).every(([operator, wanted]) =>
      meetsCondition(doc, key, operator, wanted),
    );
  });
}

/** The value a document sorts by: of an array the least (ascending) or greatest (descending) element. */
function sortValue(doc: Record<string, unknown>, path: string, direction: number): unknown {
  const seen = seenAt(doc, path).filter((value) => !Array.isArray(value));
  const whole = doc[path];
  const values = seen.length > 0 ? seen : [Array.isArray(whole) && whole.length === 0 ? EMPTY : undefined];
  return values.reduce((a, b) => (direction * compareWithEmpty(b, a) < 0 ? b : a));
}

/** An empty array at the end of a path sorts before null; on the way it is a missing field. */
const EMPTY = Symbol('empty array');

function compareWithEmpty(a: unknown, b: unknown): number {
  if (a === EMPTY || b === EMPTY) return (a === EMPTY ? 0 : 1) - (b === EMPTY ? 0 : 1);
  return compareScalars(a, b);
}

export function sortDocs(docs: readonly Doc[], sort: Record<string, 1 | -1>): Doc[] {
  return [...docs].sort((a, b) => {
    for (const [path, direction] of Object.entries(sort)) {
      const order = compareWithEmpty(sortValue(a, path, direction), sortValue(b, path, direction));
      if (order !== 0) return order * direction;
    }
    return 0;
  });
}
