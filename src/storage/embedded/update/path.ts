import { storeError } from '../errors.ts';

/** One part of an update path: a field name or array index, `$`, `$[]` or `$[identifier]`. */
export type UpdateSegment =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'positional' }
  | { readonly kind: 'all' }
  | { readonly kind: 'filtered'; readonly identifier: string };

export interface UpdatePath {
  readonly text: string;
  readonly segments: readonly UpdateSegment[];
}

function segmentOf(part: string, path: string): UpdateSegment {
  if (part === '') {
    throw storeError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  }
  if (part === '$') return { kind: 'positional' };
  if (part === '$[]') return { kind: 'all' };
  if (part.startsWith('$[') && part.endsWith(']')) return { kind: 'filtered', identifier: part.slice(2, -1) };
  if (part.startsWith('$') && !['$id', '$ref', '$db'].includes(part)) {
    throw storeError(52, `The dollar ($) prefixed field '${part}' in '${path}' is not valid for storage.`);
  }
  return { kind: 'name', name: part };
}

/** Parses an update path. Errors: 56 empty part, 52 `$` name, 2 misplaced or repeated positional `$`. */
export function parseUpdatePath(text: string): UpdatePath {
  if (text === '') throw storeError(56, 'An empty update path is not valid.');
  const segments = text.split('.').map((part) => segmentOf(part, text));
  if (segments[0]!.kind !== 'name') {
    throw storeError(2, `Cannot have positional (i.e. '$') element in the first position in path '${text}'`);
  }
  if (segments.filter(({ kind }) => kind === 'positional').length > 1) {
    throw storeError(2, `Too many positional (i.e. '$') elements found in path '${text}'`);
  }
  return { text, segments };
}

/** Order in which fields are changed, and so created: by name part by part, numbers by value. */
export function comparePaths(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < left.length && i < right.length; i++) {
    const x = left[i]!;
    const y = right[i]!;
    if (x === y) continue;
    if (/^\d+$/.test(x) && /^\d+$/.test(y) && Number(x) !== Number(y)) return Number(x) - Number(y);
    return Buffer.compare(Buffer.from(x), Buffer.from(y));
  }
  return left.length - right.length;
}

/** Refuses paths of which one is, or lies below, another: error 40. */
export interface ConflictGuard {
  add(path: string): void;
}

export function createConflictGuard(): ConflictGuard {
  const whole = new Set<string>();
  const prefixes = new Set<string>();
  return {
    add(path) {
      const above: string[] = [];
      for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1))
        above.push(path.slice(0, dot));
      const clash = whole.has(path) || prefixes.has(path) ? path : above.find((prefix) => whole.has(prefix));
      if (clash !== undefined) {
        throw storeError(40, `Updating the path '${path}' would create a conflict at '${clash}'`);
      }
      whole.add(path);
      for (const prefix of above) prefixes.add(prefix);
    },
  };
}
