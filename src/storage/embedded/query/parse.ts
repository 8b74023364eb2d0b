import { isTruthy } from '../bson/number.ts';
import { compileExpression } from '../aggregate/expression.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { arrayValues, elements, elementsOf, stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { parseGeoWithin, parseNear } from './geo.ts';
import type { FilterNode, FilterOptions } from './nodes.ts';
import { parseMod, parseSize, parseTypes } from './operands.ts';
import { compileRegex, regexOf, regexParts } from './regex.ts';

export type { FilterNode, FilterOptions, GeoShape, NearNode, Position, RegexPattern } from './nodes.ts';

const REFUSED_AT_TOP: Readonly<Record<string, number>> = { $where: 115, $text: 27 };
const DBREF_FIELDS = new Set(['$ref', '$id', '$db']);

/** What the parser needs to know while it goes down. */
interface Scope extends FilterOptions {
  /** Inside `$elemMatch`, where `$expr` and `$near` are not allowed. */
  readonly nested: boolean;
}

/** A parsed filter; throws code 2 on an unknown operator, 115 on `$where`, 27 on `$text`. */
export function parseFilter(filter: RawDocument, options: FilterOptions = {}): FilterNode {
  return parseDocument(filter, { ...options, nested: false });
}

function conjunction(children: FilterNode[]): FilterNode {
  return children.length === 1 ? children[0]! : { op: 'and', children };
}

function parseDocument(filter: RawDocument, scope: Scope): FilterNode {
  const children: FilterNode[] = [];
  for (const { name, value } of elements(filter)) {
    if (!name.startsWith('$')) children.push(parseField(name, value, scope));
    else if (name !== '$comment') children.push(parseTopLevel(name, value, scope));
  }
  return conjunction(children);
}

function parseTopLevel(name: string, value: RawValue, scope: Scope): FilterNode {
  switch (name) {
    case '$and':
    case '$or':
    case '$nor':
      return { op: name.slice(1) as 'and' | 'or' | 'nor', children: parseBranches(name, value, scope) };
    case '$expr':
      if (scope.nested) throw storeError(2, '$expr can only be applied to the top-level document');
      return { op: 'expr', expression: compileExpression(value, scope) };
    case '$alwaysTrue':
    case '$alwaysFalse':
      return { op: 'always', value: name === '$alwaysTrue' };
    default:
      throw storeError(REFUSED_AT_TOP[name] ?? 2, `unknown top level operator: ${name}`);
  }
}

function parseBranches(name: string, value: RawValue, scope: Scope): FilterNode[] {
  const branches = value.type === 0x04 ? arrayValues(value) : [];
  if (value.type !== 0x04) throw storeError(2, `${name} must be an array`);
  if (branches.length === 0) throw storeError(2, '$and/$or/$nor must be a nonempty array');
  return branches.map((branch) => {
    if (branch.type !== 0x03) throw storeError(2, '$or/$and/$nor entries need to be full objects');
    return parseDocument(subdocument(branch), scope);
  });
}

/** True for `{$gt: 1}`, false for a literal (also a DBRef, whose fields begin with `$` too). */
export function isOperatorDocument(value: RawValue): boolean {
  if (value.type !== 0x03) return false;
  const [first] = elementsOf(value);
  return first !== undefined && first.name.startsWith('$') && !DBREF_FIELDS.has(first.name);
}

function parseField(path: string, value: RawValue, scope: Scope): FilterNode {
  if (value.type === 0x0b) return { op: 'regex', path, regex: regexOf(value) };
  if (isOperatorDocument(value)) return parseOperators(path, value, scope);
  return { op: 'eq', path, value: comparable(value) };
}

/** Parses the operators of one path, `{$gt: 1, $lt: 5}`, into one node. */
export function parseOperators(path: string, operators: RawValue, scope: Scope): FilterNode {
  const children: FilterNode[] = [];
  for (const { name, value } of elementsOf(operators)) {
    const node = parseOperator(path, name, value, operators, scope);
    if (node) children.push(node);
  }
  return conjunction(children);
}

function comparable(value: RawValue): RawValue {
  if (value.type === 0x06) throw storeError(2, 'cannot compare to undefined');
  return value;
}

function parseOperator(
  path: string,
  name: string,
  value: RawValue,
  operators: RawValue,
  scope: Scope,
): FilterNode | undefined {
  switch (name) {
    case '$eq':
      return { op: 'eq', path, value: comparable(value) };
    case '$ne':
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (value.type === 0x0b)
        throw storeError(2, `Can't have RegEx as arg to predicate over field '${path}'.`);
      return { op: name.slice(1) as 'ne' | 'gt' | 'gte' | 'lt' | 'lte', path, value: comparable(value) };
    case '$in':
    case '$nin':
      return { op: name.slice(1) as 'in' | 'nin', path, ...parseAlternatives(name, value) };
    case '$not':
      return parseNot(path, value, scope);
    case '$exists':
      return { op: 'exists', path, exists: isTruthy(value) };
    case '$type':
      return { op: 'type', path, types: parseTypes(value) };
    case '$regex':
      return { op: 'regex', path, regex: parseRegex(value, operators) };
    case '$size':
      return { op: 'size', path, size: parseSize(value) };
    case '$mod':
      return { op: 'mod', path, ...parseMod(value) };
    case '$all':
      return parseAll(path, value, scope);
    case '$elemMatch':
      return parseElemMatch(path, value, scope);
    case '$near':
    case '$nearSphere':
      if (scope.nested) throw storeError(2, 'geo $near must be top-level expr');
      return parseNear(path, name, value, operators);
    case '$geoWithin':
    case '$geoIntersects':
      return parseGeoWithin(path, name, value);
    case '$comment':
      return undefined;
    case '$options':
    case '$minDistance':
    case '$maxDistance':
      return requireCompanion(name, operators);
    default:
      throw storeError(2, `unknown operator: ${name}`);
  }
}

function requireCompanion(name: string, operators: RawValue): undefined {
  const wanted = name === '$options' ? /^\$regex$/ : /^\$near(Sphere)?$/;
  for (const element of elementsOf(operators)) if (wanted.test(element.name)) return undefined;
  throw storeError(2, `${name} needs a ${name === '$options' ? '$regex' : '$nearSphere'}`);
}

function parseAlternatives(
  name: string,
  value: RawValue,
): Pick<FilterNode & { op: 'in' }, 'values' | 'regexes'> {
  if (value.type !== 0x04) throw storeError(2, `${name} needs an array`);
  const all = arrayValues(value).map(comparable);
  if (all.some(isOperatorDocument)) throw storeError(2, `cannot nest $ under ${name}`);
  return {
    values: all.filter((one) => one.type !== 0x0b),
    regexes: all.filter((one) => one.type === 0x0b).map(regexOf),
  };
}

function parseNot(path: string, value: RawValue, scope: Scope): FilterNode {
  if (value.type === 0x0b) return { op: 'not', path, child: { op: 'regex', path, regex: regexOf(value) } };
  if (!isOperatorDocument(value)) throw storeError(2, '$not needs a regex or a document');
  return { op: 'not', path, child: parseOperators(path, value, { ...scope, nested: true }) };
}

function parseRegex(value: RawValue, operators: RawValue): ReturnType<typeof compileRegex> {
  let options = '';
  for (const element of elementsOf(operators)) {
    if (element.name !== '$options') continue;
    if (element.value.type !== 0x02) throw storeError(2, '$options has to be a string');
    options = stringOf(element.value);
  }
  if (value.type === 0x02) return compileRegex(stringOf(value), options);
  if (value.type !== 0x0b) throw storeError(2, '$regex has to be a string');
  const stored = regexParts(value.bytes, value.start);
  if (stored.options && options) throw storeError(51075, 'options set in both $regex and $options');
  return compileRegex(stored.pattern, stored.options || options);
}

function parseAll(path: string, value: RawValue, scope: Scope): FilterNode {
  if (value.type !== 0x04) throw storeError(2, '$all needs an array');
  const children = arrayValues(value).map((wanted): FilterNode => {
    if (wanted.type === 0x0b) return { op: 'regex', path, regex: regexOf(wanted) };
    if (!isOperatorDocument(wanted)) return { op: 'eq', path, value: comparable(wanted) };
    const [first] = elementsOf(wanted);
    if (first!.name !== '$elemMatch') throw storeError(2, 'no $ expressions in $all');
    return parseElemMatch(path, first!.value, scope);
  });
  return children.length === 0 ? { op: 'always', value: false } : conjunction(children);
}

function parseElemMatch(path: string, value: RawValue, scope: Scope): FilterNode {
  if (value.type !== 0x03) throw storeError(2, '$elemMatch needs an Object');
  const nested = { ...scope, nested: true };
  const [first] = elementsOf(value);
  const onValues = isOperatorDocument(value) && !/^\$(and|or|nor|expr|where|comment)$/.test(first!.name);
  const child = onValues ? parseOperators('', value, nested) : parseDocument(subdocument(value), nested);
  return { op: 'elemMatch', path, child, onValues };
}
