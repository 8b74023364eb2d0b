import { serialize } from 'bson';
import type { LeadingGeoNear } from '../aggregate/pipeline.ts';
import type { RawDocument } from '../bson/types.ts';
import type { CollectionRecord } from '../catalog/records.ts';
import { storeError } from '../errors.ts';
import { spliceDocument } from '../wire/splice.ts';

/** A leading `$geoNear` as a filter the planner knows: `$nearSphere` on its path, and its query. */
export function geoNearFilter(
  geo: LeadingGeoNear,
  match: RawDocument | undefined,
  collection: CollectionRecord,
): RawDocument {
  const path = geo.key ?? onlyGeoPath(collection);
  const near = serialize({
    [path]: {
      $nearSphere: {
        $geometry: { type: 'Point', coordinates: [...geo.near] },
        ...(geo.minMetres === undefined ? {} : { $minDistance: geo.minMetres }),
        ...(geo.maxMetres === undefined ? {} : { $maxDistance: geo.maxMetres }),
      },
    },
  });
  const parts = [near, geo.query, match].filter(
    (part) => part !== undefined && part.length > 5,
  ) as RawDocument[];
  return parts.length === 1 ? near : spliceDocument({}, { $and: parts });
}

function onlyGeoPath(collection: CollectionRecord): string {
  const paths = new Set(
    collection.indexes.flatMap(({ keys }) =>
      keys.filter(([, kind]) => kind === '2dsphere').map(([path]) => path),
    ),
  );
  const [first] = paths;
  if (first === undefined)
    throw storeError(27, '$geoNear requires a 2d or 2dsphere index, but none were found');
  if (paths.size > 1) {
    throw storeError(
      72,
      "There is more than one 2dsphere index; unsure which to use for $geoNear, use the 'key' option",
    );
  }
  return first;
}
