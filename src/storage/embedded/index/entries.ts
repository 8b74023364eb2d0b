import { expandKeys } from '../bson/expand.ts';
import type { Component, KeyPath } from '../bson/expand.ts';
import { encodeKey } from '../bson/key.ts';
import { compilePath } from '../bson/path.ts';
import type { RawDocument } from '../bson/types.ts';
import { storeError } from '../errors.ts';
import { positionOf } from '../query/geo.ts';
import type { CompiledFilter } from '../query/match.ts';
import type { Position } from '../query/nodes.ts';
import { encodeCell, mortonOf } from './geo-cells.ts';

export interface IndexSpec {
  readonly keys: readonly (readonly [path: string, kind: 1 | -1 | '2dsphere'])[];
  readonly sparse?: boolean | undefined;
  readonly partial?: CompiledFilter | undefined;
  readonly unique?: boolean | undefined;
}

export interface IndexEntries {
  /** Encoded components, one per entry, without duplicates. */
  readonly keys: Uint8Array[];
  /** The key paths of the index that went through an array in this document. */
  readonly multikeyPaths: string[];
  /** For a 2dsphere index: the coordinates of each entry, parallel to `keys`. */
  readonly points: (Position | undefined)[];
}

const pathsOfSpec = new WeakMap<IndexSpec, readonly KeyPath[]>();

function pathsOf(spec: IndexSpec): readonly KeyPath[] {
  let paths = pathsOfSpec.get(spec);
  if (!paths) {
    paths = spec.keys.map(([path, kind]) => ({ path: compilePath(path), wholeArrays: kind === '2dsphere' }));
    pathsOfSpec.set(spec, paths);
  }
  return paths;
}

/**
 * The entries a document has in an index; none when the partial filter leaves it out or, for a sparse
 * index, no key field exists (for a 2dsphere index: no geo field). Paths are compiled once per spec object.
 * Errors: 171 parallel arrays, 16755 a geo field that holds no point.
 */
export function indexEntries(doc: RawDocument, spec: IndexSpec): IndexEntries {
  const entries: IndexEntries = { keys: [], multikeyPaths: [], points: [] };
  if (spec.partial && !spec.partial.matches(doc)) return entries;
  const { rows, throughArray } = expandKeys(doc, pathsOf(spec));
  const seen = new Set<string>();
  for (const row of rows) {
    const encoded = encodeRow(row, spec);
    if (!encoded) continue;
    const text = rows.length === 1 ? '' : Buffer.from(encoded.key.buffer).toString('latin1');
    if (seen.has(text)) continue;
    seen.add(text);
    entries.keys.push(encoded.key);
    entries.points.push(encoded.point);
  }
  spec.keys.forEach(([path], i) => {
    if (throughArray[i]) entries.multikeyPaths.push(path);
  });
  return entries;
}

function encodeRow(
  row: readonly Component[],
  spec: IndexSpec,
): { key: Uint8Array; point: Position | undefined } | undefined {
  if (!spec.keys.some(([, kind]) => kind === '2dsphere')) {
    if (spec.sparse && row.every((component) => component === 'missing')) return undefined;
    return {
      key: encodeKey(row.map((value, i) => ({ value, descending: spec.keys[i]![1] === -1 }))),
      point: undefined,
    };
  }
  const parts: Uint8Array[] = [];
  let point: Position | undefined;
  for (const [i, value] of row.entries()) {
    if (spec.keys[i]![1] !== '2dsphere') {
      parts.push(encodeKey([{ value, descending: spec.keys[i]![1] === -1 }]));
      continue;
    }
    if (value === 'missing' || value === 'undefined' || value.type === 0x0a) return undefined;
    point = positionOf(value);
    if (!point) throw storeError(16755, `Can't extract geo keys: '${spec.keys[i]![0]}' is no point`);
    parts.push(encodeCell(mortonOf(point[0], point[1])));
  }
  return { key: new Uint8Array(Buffer.concat(parts)), point };
}
