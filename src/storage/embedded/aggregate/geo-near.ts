import { doubleValue } from '../bson/build.ts';
import { isTruthy, numberOf } from '../bson/number.ts';
import { compilePath, valueAtPlainPath, valuesAtPath } from '../bson/path.ts';
import type { RawDocument, RawValue } from '../bson/types.ts';
import { stringOf, subdocument } from '../bson/walk.ts';
import { storeError } from '../errors.ts';
import { distanceMetres, EARTH_RADIUS_METRES } from '../index/geo-cells.ts';
import { positionOf } from '../query/geo.ts';
import type { Position } from '../query/nodes.ts';
import { namedArguments } from './special-forms.ts';
import { replaceAt } from './unwind.ts';

/** A leading `$geoNear`: the caller finds the documents by distance and puts each through `annotate`. */
export interface LeadingGeoNear {
  readonly near: Position;
  readonly minMetres?: number;
  readonly maxMetres?: number;
  readonly query?: RawDocument;
  /** The indexed path, when the stage names it. */
  readonly key?: string;
  /** Adds the distance (and the position, when asked) of the nearest point at `path`. */
  annotate(doc: RawDocument, path: string): RawDocument;
}

const OPTIONS =
  'spherical maxDistance minDistance query distanceMultiplier includeLocs key distanceField'.split(' ');

/**
 * Reads a `$geoNear` stage. `near` as a GeoJSON Point: distances in metres; as a plain pair with
 * `spherical: true`: in radians. `distanceField` may be left out, as since MongoDB 7.
 */
export function parseGeoNear(spec: RawValue): LeadingGeoNear {
  const named = namedArguments('$geoNear', spec, ['near'], OPTIONS);
  const nearValue = named.get('near')!;
  const near = positionOf(nearValue);
  if (!near) throw storeError(2, '$geoNear requires near to be a point on the globe');
  const inMetres = nearValue.type === 0x03;
  if (!inMetres && !isTruthy(named.get('spherical'))) {
    throw storeError(291, 'unable to find index for $geoNear query');
  }
  const unit = inMetres ? 1 : EARTH_RADIUS_METRES;
  const limit = (name: string): number | undefined => {
    const value = named.get(name);
    const number = numberOf(value);
    if (value && !(number! >= 0)) throw storeError(14, `${name} must be a non-negative number`);
    return number === undefined ? undefined : number * unit;
  };
  const text = (name: string): string | undefined => {
    const value = named.get(name);
    if (value && value.type !== 0x02) throw storeError(14, `$geoNear requires ${name} to be a string`);
    return value && stringOf(value);
  };
  const query = named.get('query');
  if (query && query.type !== 0x03) throw storeError(14, 'query must be an object');
  const minMetres = limit('minDistance');
  const maxMetres = limit('maxDistance');
  const key = text('key');
  const factor = (numberOf(named.get('distanceMultiplier')) ?? 1) / unit;
  return {
    near,
    ...(minMetres === undefined ? {} : { minMetres }),
    ...(maxMetres === undefined ? {} : { maxMetres }),
    ...(query ? { query: subdocument(query) } : {}),
    ...(key === undefined ? {} : { key }),
    annotate: annotator(near, factor, text('distanceField'), text('includeLocs')),
  };
}

function annotator(
  near: Position,
  factor: number,
  distanceField: string | undefined,
  positionField: string | undefined,
): LeadingGeoNear['annotate'] {
  return (doc, path) => {
    const nearest = nearestPoint(doc, path, near);
    if (!nearest) return doc;
    let out = doc;
    if (distanceField !== undefined)
      out = replaceAt(out, distanceField, doubleValue(nearest.metres * factor));
    if (positionField !== undefined) out = replaceAt(out, positionField, nearest.value);
    return out;
  };
}

function nearestPoint(
  doc: RawDocument,
  path: string,
  near: Position,
): { readonly value: RawValue; readonly metres: number } | undefined {
  const compiled = compilePath(path);
  const plain = valueAtPlainPath(doc, compiled);
  let nearest: { value: RawValue; metres: number } | undefined;
  for (const value of plain ? [plain] : valuesAtPath(doc, compiled).values) {
    const position = positionOf(value);
    const metres = position ? distanceMetres(near, position) : Infinity;
    if (position && (!nearest || metres < nearest.metres)) nearest = { value, metres };
  }
  return nearest;
}
