import { expandKeys } from '../bson/expand.ts';
import type { Component, KeyPath } from '../bson/expand.ts';
import { encodeComponent, encodeKey } from '../bson/key.ts';
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

const latin1Slice = Buffer.prototype.latin1Slice;

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
  const isGeo = spec.keys.some(([, kind]) => kind === '2dsphere');
  const seen = new Set<string>();
  const cells = new Map<Component, Cell>();
  for (const row of rows) {
    if (!isGeo && spec.sparse && row.every((component) => component === 'missing')) continue;
    const encoded = isGeo ? encodeGeoRow(row, spec, cells) : { key: encodeRow(row, spec), point: undefined };
    if (!encoded) continue;
    if (rows.length > 1) {
      const text = latin1Slice.call(encoded.key, 0, encoded.key.length);
      if (seen.has(text)) continue;
      seen.add(text);
    }
    entries.keys.push(encoded.key);
    entries.points.push(encoded.point);
  }
  spec.keys.forEach(([path], i) => {
    if (throughArray[i]) entries.multikeyPaths.push(path);
  });
  return entries;
}

function encodeRow(row: readonly Component[], spec: IndexSpec): Uint8Array {
  return encodeKey(row.map((value, i) => ({ value, descending: spec.keys[i]![1] === -1 })));
}

interface Cell {
  readonly point: Position;
  readonly bytes: Uint8Array;
}

/** A row with its positions as cells; undefined when a position is missing. `cells` keeps those already found. */
function encodeGeoRow(
  row: readonly Component[],
  spec: IndexSpec,
  cells: Map<Component, Cell>,
): { key: Uint8Array; point: Position | undefined } | undefined {
  const parts: Uint8Array[] = [];
  let point: Position | undefined;
  for (const [i, value] of row.entries()) {
    const [path, kind] = spec.keys[i]!;
    if (kind !== '2dsphere') {
      parts.push(encodeComponent(value, kind === -1));
      continue;
    }
    if (value === 'missing' || value === 'undefined' || value.type === 0x0a) return undefined;
    let cell = cells.get(value);
    if (!cell) {
      const position = positionOf(value);
      if (!position) throw storeError(16755, `Can't extract geo keys: '${path}' is no point`);
      cell = { point: position, bytes: encodeCell(mortonOf(position[0], position[1])) };
      cells.set(value, cell);
    }
    point = cell.point;
    parts.push(cell.bytes);
  }
  return { key: joined(parts), point };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
