import { isTruthy } from '../bson/number.ts';
import { compilePath, MATCH_OUTSIDE_ARRAY, NO_MATCH, visitPath } from '../bson/path.ts';
import type { RawDocument, ValueTest } from '../bson/types.ts';
import { cstringEnd, int32At, valueEnd } from '../bson/walk.ts';
import { leafTest } from './leaf-tests.ts';
import type { FilterNode, FilterOptions } from './nodes.ts';
import { parseFilter } from './parse.ts';

export interface CompiledFilter {
  readonly root: FilterNode;
  readonly matches: (doc: RawDocument) => boolean;
  /** Index of the array element that made the filter match, for the positional `$`; undefined if none did. */
  readonly positionalIndex: (doc: RawDocument) => number | undefined;
}

/** Answers as `visitPath` does: NO_MATCH, MATCH_OUTSIDE_ARRAY or the index in the outermost array. */
type Matcher = (bytes: Uint8Array, start: number) => number;

/**
 * Compiles a filter to closures that read the raw document; nothing is decoded. Semantics are MongoDB 7's:
 * see `visitPath` for arrays and missing fields. Throws the parser's errors.
 */
export function compileFilter(filter: RawDocument, options: FilterOptions = {}): CompiledFilter {
  return filterOf(parseFilter(filter, options));
}

/** A runnable filter of an already parsed one. */
export function filterOf(root: FilterNode): CompiledFilter {
  const match = compileNode(root);
  return {
    root,
    matches: (doc) => match(doc, 0) !== NO_MATCH,
    positionalIndex: (doc) => {
      const index = match(doc, 0);
      return index >= 0 ? index : undefined;
    },
  };
}

function compileNode(node: FilterNode): Matcher {
  switch (node.op) {
    case 'and':
      return conjunction(node.children.map(compileNode));
    case 'or':
      return disjunction(node.children.map(compileNode));
    case 'nor':
      return negation(disjunction(node.children.map(compileNode)));
    case 'not':
      return negation(compileNode(node.child));
    case 'ne':
      return negation(compileNode({ ...node, op: 'eq' }));
    case 'nin':
      return negation(compileNode({ ...node, op: 'in' }));
    case 'exists':
      return node.exists ? compileLeaf(node) : negation(compileLeaf({ ...node, exists: true }));
    case 'expr':
      return (bytes) => (isTruthy(node.expression(bytes)) ? MATCH_OUTSIDE_ARRAY : NO_MATCH);
    case 'always':
      return () => (node.value ? MATCH_OUTSIDE_ARRAY : NO_MATCH);
    case 'elemMatch':
      return compileElemMatch(node);
    default:
      return compileLeaf(node);
  }
}

function negation(match: Matcher): Matcher {
  return (bytes, start) => (match(bytes, start) === NO_MATCH ? MATCH_OUTSIDE_ARRAY : NO_MATCH);
}

function conjunction(matchers: Matcher[]): Matcher {
  if (matchers.length === 1) return matchers[0]!;
  return (bytes, start) => {
    let index = MATCH_OUTSIDE_ARRAY;
    for (const match of matchers) {
      const found = match(bytes, start);
      if (found === NO_MATCH) return NO_MATCH;
      if (found >= 0) index = found;
    }
    return index;
  };
}

function disjunction(matchers: Matcher[]): Matcher {
  return (bytes, start) => {
    for (const match of matchers) {
      const found = match(bytes, start);
      if (found !== NO_MATCH) return found;
    }
    return NO_MATCH;
  };
}

function compileLeaf(node: FilterNode & { path: string }): Matcher {
  const path = compilePath(node.path);
  const test = leafTest(node);
  const enterLeafArrays = node.op !== 'size';
  return (bytes, start) => visitPath(bytes, start, path, 0, enterLeafArrays, test);
}

function compileElemMatch(node: FilterNode & { op: 'elemMatch' }): Matcher {
  const path = compilePath(node.path);
  const indexOf = elementFinder(node);
  let found = -1;
  const test: ValueTest = (type, bytes, start) => {
    found = type === 0x04 ? indexOf(bytes, start) : -1;
    return found >= 0;
  };
  return (bytes, start) => {
    const outer = visitPath(bytes, start, path, 0, false, test);
    return outer === MATCH_OUTSIDE_ARRAY ? found : outer;
  };
}

/** Finds the first element of the array at an offset that an `$elemMatch` accepts; -1 if none. */
function elementFinder(node: FilterNode & { op: 'elemMatch' }): (bytes: Uint8Array, start: number) => number {
  const test = node.onValues ? valueTest(node.child) : objectTest(compileNode(node.child));
  return (bytes, arrayStart) => {
    const last = arrayStart + int32At(bytes, arrayStart) - 1;
    let at = arrayStart + 4;
    for (let index = 0; at < last; index++) {
      const type = bytes[at]!;
      const start = cstringEnd(bytes, at + 1) + 1;
      at = valueEnd(type, bytes, start);
      if (test(type, bytes, start, at)) return index;
    }
    return -1;
  };
}

function objectTest(match: Matcher): ValueTest {
  return (type, bytes, start) => (type === 0x03 || type === 0x04) && match(bytes, start) !== NO_MATCH;
}

/** A test of one value by a node whose paths are all '' (the child of an `$elemMatch` on values). */
export function valueTest(node: FilterNode): ValueTest {
  switch (node.op) {
    case 'and': {
      const tests = node.children.map(valueTest);
      return (type, bytes, start, end) => tests.every((test) => test(type, bytes, start, end));
    }
    case 'not':
      return inverse(valueTest(node.child));
    case 'ne':
      return inverse(valueTest({ ...node, op: 'eq' }));
    case 'nin':
      return inverse(valueTest({ ...node, op: 'in' }));
    case 'always':
      return () => node.value;
    case 'elemMatch': {
      const indexOf = elementFinder(node);
      return (type, bytes, start) => type === 0x04 && indexOf(bytes, start) >= 0;
    }
    default:
      return leafTest(node);
  }
}

function inverse(test: ValueTest): ValueTest {
  return (type, bytes, start, end) => !test(type, bytes, start, end);
}
