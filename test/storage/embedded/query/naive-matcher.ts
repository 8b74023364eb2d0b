/**
 * A slow matcher on plain objects, written from MongoDB's documentation and not from the code under test:
 * the oracle of the property tests. Values: null, numbers, strings, booleans, arrays, objects.
 */
type Doc = Record<string, unknown>;
const MISSING = Symbol('missing');

function rank(value: unknown): number {
  if (value === MISSING) return 0;
  if (value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (Array.isArray(value)) return 5;
  return typeof value === 'boolean' ? 6 : 4;
}

export function naiveOrder(a: unknown, b: unknown): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = naiveOrder(a[i], b[i]);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (rank(a) === 4) {
    const left = Object.entries(a as Doc);
    const right = Object.entries(b as Doc);
    for (let i = 0; i < Math.min(left.length, right.length); i++) {
      const byType = rank(left[i]![1]) - rank(right[i]![1]);
      if (byType !== 0) return byType;
      if (left[i]![0] !== right[i]![0]) return left[i]![0] < right[i]![0] ? -1 : 1;
      const order = naiveOrder(left[i]![1], right[i]![1]);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}

/** What stands at a path: each as a list of the values a predicate is tried on. */
function candidates(holder: unknown, parts: readonly string[], wholeArrays: boolean): unknown[] {
  const [part, ...rest] = parts;
  if (part === undefined) return Array.isArray(holder) && !wholeArrays ? [...holder, holder] : [holder];
  if (Array.isArray(holder)) {
    return holder.flatMap((element: unknown, index) => {
      const found: unknown[] = [];
      if (rank(element) === 4) found.push(...candidates(element, parts, wholeArrays));
      if (String(index) === part) {
        if (rest.length === 0) found.push(element);
        else if (rank(element) === 4 || Array.isArray(element))
          found.push(...candidates(element, rest, wholeArrays));
      }
      return found;
    });
  }
  if (rank(holder) !== 4 || !Object.hasOwn(holder as Doc, part)) return [MISSING];
  const field = (holder as Doc)[part];
  if (rest.length > 0 && rank(field) !== 4 && !Array.isArray(field)) return [MISSING];
  return candidates(field, rest, wholeArrays);
}

function isNone(value: unknown): boolean {
  return value === MISSING || value === null;
}

function satisfies(value: unknown, operator: string, operand: unknown): boolean {
  switch (operator) {
    case '$eq':
      return operand === null
        ? isNone(value)
        : rank(value) === rank(operand) && naiveOrder(value, operand) === 0;
    case '$gt':
    case '$lt':
    case '$gte':
    case '$lte': {
      if (operand === null) return operator.endsWith('e') && isNone(value);
      if (rank(value) !== rank(operand)) return false;
      const order = naiveOrder(value, operand);
      return order === 0 ? operator.endsWith('e') : order > 0 === operator.startsWith('$g');
    }
    case '$in':
      return (operand as unknown[]).some((one) => satisfies(value, '$eq', one));
    case '$exists':
      return value !== MISSING;
    case '$size':
      return Array.isArray(value) && value.length === operand;
    case '$type':
      return (
        [0, 1, 2, 3, 4, 5, 6].find(
          (n) => ['missing', 'null', 'number', 'string', 'object', 'array', 'bool'][n] === operand,
        ) === rank(value)
      );
    case '$mod': {
      const [divisor, remainder] = operand as [number, number];
      return typeof value === 'number' && Math.trunc(value) % divisor === remainder;
    }
    case '$regex':
      return typeof value === 'string' && new RegExp(operand as string).test(value);
    case '$elemMatch': {
      if (!Array.isArray(value)) return false;
      const condition = operand as Doc;
      const onValues = Object.keys(condition)[0]?.startsWith('$');
      return value.some((element: unknown) =>
        onValues
          ? Object.entries(condition).every(([name, inner]) => satisfiesOne(element, name, inner))
          : (rank(element) === 4 || Array.isArray(element)) && naiveMatch(asObject(element), condition),
      );
    }
    default:
      throw new Error(operator);
  }
}

function asObject(value: unknown): Doc {
  return Array.isArray(value)
    ? Object.fromEntries(value.map((one: unknown, i) => [String(i), one]))
    : (value as Doc);
}

/** One value, no arrays entered. */
function satisfiesOne(value: unknown, operator: string, operand: unknown): boolean {
  if (operator === '$ne') return !satisfies(value, '$eq', operand);
  if (operator === '$nin') return !satisfies(value, '$in', operand);
  if (operator === '$exists') return operand === true;
  if (operator === '$all') {
    const all = operand as unknown[];
    return all.length > 0 && all.every((one) => satisfies(value, '$eq', one));
  }
  if (operator === '$not')
    return !Object.entries(operand as Doc).every(([name, inner]) => satisfiesOne(value, name, inner));
  return satisfies(value, operator, operand);
}

function fieldMatches(doc: Doc, path: string, operator: string, operand: unknown): boolean {
  switch (operator) {
    case '$ne':
      return !fieldMatches(doc, path, '$eq', operand);
    case '$nin':
      return !fieldMatches(doc, path, '$in', operand);
    case '$not':
      return !conditionMatches(doc, path, operand);
    case '$exists':
      return candidates(doc, path.split('.'), false).some((one) => one !== MISSING) === operand;
    case '$all':
      return (
        (operand as unknown[]).length > 0 &&
        (operand as unknown[]).every((one) => fieldMatches(doc, path, '$eq', one))
      );
    default: {
      const whole = operator === '$size' || operator === '$elemMatch';
      return candidates(doc, path.split('.'), whole).some((one) => satisfies(one, operator, operand));
    }
  }
}

function conditionMatches(doc: Doc, path: string, condition: unknown): boolean {
  const isOperators = rank(condition) === 4 && Object.keys(condition as Doc)[0]?.startsWith('$') === true;
  if (!isOperators) return fieldMatches(doc, path, '$eq', condition);
  return Object.entries(condition as Doc).every(([operator, operand]) =>
    fieldMatches(doc, path, operator, operand),
  );
}

export function naiveMatch(doc: Doc, filter: Doc): boolean {
  return Object.entries(filter).every(([name, condition]) => {
    if (name === '$and') return (condition as Doc[]).every((one) => naiveMatch(doc, one));
    if (name === '$or') return (condition as Doc[]).some((one) => naiveMatch(doc, one));
    if (name === '$nor') return !(condition as Doc[]).some((one) => naiveMatch(doc, one));
    return conditionMatches(doc, name, condition);
  });
}
