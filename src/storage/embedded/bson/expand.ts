import { storeError } from '../errors.ts';
import type { CompiledPath } from './path.ts';
import type { RawDocument, RawValue } from './types.ts';
import { arrayValues, findElement, valueEnd } from './walk.ts';

/** A key component of a document: a value, 'missing', or 'undefined' for an empty array. */
export type Component = RawValue | 'missing' | 'undefined';

export interface KeyPath {
  readonly path: CompiledPath;
  /** An array at the end is the value itself (a legacy coordinate pair), not a list of values. */
  readonly wholeArrays: boolean;
}

export interface Expansion {
  /** Every combination of components, in array order, possibly with duplicates. */
  readonly rows: Component[][];
  /** For each path: an array was gone through. */
  readonly throughArray: boolean[];
}

/** Where the walk of one path stands: at a final component, or before an array. */
type Step = { readonly component: Component } | { readonly array: RawValue; readonly next: number };

/**
 * The key rows of a document, as an index or a sort sees them: an array gives one row per element, an
 * empty one 'undefined'; elements that are arrays themselves are values. Several paths may go through
 * the same array (their components then come from the same element) but not through different ones:
 * error 171. Source of the rules: BtreeKeyGenerator of MongoDB's index/btree_key_generator.cpp.
 */
export function expandKeys(doc: RawDocument, paths: readonly KeyPath[]): Expansion {
  const expansion: Expansion = { rows: [], throughArray: paths.map(() => false) };
  const depths = paths.map(() => 0);
  const row: Component[] = paths.map(() => 'missing');
  expandFrom({ bytes: doc, start: 0 }, paths, depths, row, expansion);
  return expansion;
}

interface ObjectPlace {
  readonly bytes: Uint8Array;
  readonly start: number;
}

const DONE = -1;

function expandFrom(
  object: ObjectPlace | undefined,
  paths: readonly KeyPath[],
  depths: readonly number[],
  row: readonly Component[],
  expansion: Expansion,
): void {
  const components = [...row];
  const nexts = [...depths];
  let array: RawValue | undefined;
  const throughIt: number[] = [];
  for (let k = 0; k < paths.length; k++) {
    if (nexts[k] === DONE) continue;
    const step = walk(object, paths[k]!, nexts[k]!);
    if ('component' in step) {
      components[k] = step.component;
      nexts[k] = DONE;
      continue;
    }
    if (array && array.start !== step.array.start) throw storeError(171, 'cannot index parallel arrays');
    array = step.array;
    throughIt.push(k);
    nexts[k] = step.next;
    expansion.throughArray[k] = true;
  }
  if (!array) expansion.rows.push(components);
  else expandArray(array, throughIt, paths, nexts, components, expansion);
}

function expandArray(
  array: RawValue,
  throughIt: readonly number[],
  paths: readonly KeyPath[],
  nexts: readonly number[],
  row: readonly Component[],
  expansion: Expansion,
): void {
  let isEmpty = true;
  for (const value of arrayValues(array)) {
    isEmpty = false;
    const components = [...row];
    const depths = [...nexts];
    for (const k of throughIt) {
      if (nexts[k]! < paths[k]!.path.length) continue;
      components[k] = value;
      depths[k] = DONE;
    }
    expandFrom(value.type === 0x03 ? value : undefined, paths, depths, components, expansion);
  }
  if (!isEmpty) return;
  const components = [...row];
  for (const k of throughIt) components[k] = nexts[k]! < paths[k]!.path.length ? 'missing' : 'undefined';
  expansion.rows.push(components);
}

function walk(object: ObjectPlace | undefined, { path, wholeArrays }: KeyPath, depth: number): Step {
  let place: ObjectPlace | undefined = object;
  for (let i = depth; place && i < path.length; i++) {
    let value = elementNamed(place, path[i]!.name);
    let isChosen = false;
    while (value?.type === 0x04) {
      if (i + 1 === path.length) {
        // An array that was itself chosen by its index is one value.
        if (isChosen) return { component: isEmptyArray(value) ? 'undefined' : value };
        return wholeArrays ? { component: value } : { array: value, next: i + 1 };
      }
      const chosen = positionalElement(value, path, i + 1);
      if (!chosen) return { array: value, next: i + 1 };
      value = chosen;
      isChosen = true;
      i++;
    }
    if (!value) break;
    if (i + 1 === path.length) return { component: value };
    place = value.type === 0x03 ? value : undefined;
  }
  return { component: 'missing' };
}

function isEmptyArray({ start, end }: RawValue): boolean {
  return end - start === 5;
}

function elementNamed(place: ObjectPlace, name: Uint8Array): RawValue | undefined {
  const at = findElement(place.bytes, place.start, name);
  if (at < 0) return undefined;
  const start = at + 2 + name.length;
  const type = place.bytes[at]!;
  return { type, bytes: place.bytes, start, end: valueEnd(type, place.bytes, start) };
}

/** The array element a numeric segment names; 16746 when objects of the array also have such a field. */
function positionalElement(array: RawValue, path: CompiledPath, segment: number): RawValue | undefined {
  const { name, index } = path[segment]!;
  if (index < 0) return undefined;
  const chosen = elementNamed(array, name);
  if (!chosen) return undefined;
  for (const value of arrayValues(array)) {
    if (value.type === 0x03 && findElement(value.bytes, value.start, name) >= 0) {
      throw storeError(16746, 'Ambiguous field name found in array (numeric field name in an element)');
    }
  }
  return chosen;
}
