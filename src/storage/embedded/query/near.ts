import type { RawDocument } from '../bson/types.ts';
import type { CollectionRecord } from '../catalog/records.ts';
import { distanceMetres, EARTH_RADIUS_METRES } from '../index/geo-cells.ts';
import { decodeEntry, type DocumentKey, idPrefix, joinBytes } from '../index/keys.ts';
import type { Reader } from '../kv/view.ts';
import { type Candidate, type Examined, keyName, stretchOf } from './candidate.ts';
import { boundIndex } from './index-ranges.ts';
import type { Plan } from './plan.ts';

const FIRST_RING_METRES = 600;
const HALF_WAY_ROUND_METRES = Math.PI * EARTH_RADIUS_METRES;
/** Below this the rounding of cells and of the arc formula could hide a point of the ring. */
const SLACK_METRES = 0.01;

interface Waiting {
  readonly documentKey: DocumentKey;
  readonly metres: number;
}

/**
 * Documents by distance from the centre, nearest first: rings of doubling radius, each read from the
 * cells that cover its circle. A document with several points counts by its nearest.
 */
export function* nearCandidates(
  reader: Reader,
  collection: CollectionRecord,
  plan: Extract<Plan, { kind: 'near' }>,
  examined: Examined,
): Generator<Candidate | undefined> {
  const { near } = plan;
  const limit = Math.min(near.maxMetres ?? HALF_WAY_ROUND_METRES, HALF_WAY_ROUND_METRES);
  const given = new Set<string>();
  let radius = Math.min(FIRST_RING_METRES, limit);
  for (;;) {
    const ring = new Map<string, Waiting>();
    for (const found of entriesWithin(reader, collection, plan, radius, examined)) {
      if (found === undefined) {
        yield undefined;
        continue;
      }
      const name = keyName(found.documentKey);
      if (given.has(name) || found.metres > radius) continue;
      const known = ring.get(name);
      if (known === undefined || found.metres < known.metres) ring.set(name, found);
    }
    for (const waiting of [...ring.values()].sort((a, b) => a.metres - b.metres)) {
      given.add(keyName(waiting.documentKey));
      if (waiting.metres >= (near.minMetres ?? 0)) yield fetchNear(reader, collection, waiting, examined);
    }
    if (radius >= limit) return;
    radius = Math.min(radius * 2, limit);
  }
}

function fetchNear(
  reader: Reader,
  collection: CollectionRecord,
  { documentKey, metres }: Waiting,
  examined: Examined,
): Candidate | undefined {
  const document: RawDocument | undefined = reader.get(
    'documents',
    joinBytes(idPrefix(collection.id), documentKey),
  );
  if (document === undefined) return undefined;
  examined.documents++;
  return { documentKey, document, metres };
}

function* entriesWithin(
  reader: Reader,
  collection: CollectionRecord,
  plan: Extract<Plan, { kind: 'near' }>,
  radius: number,
  examined: Examined,
): Generator<Waiting | undefined> {
  const { index, near, conjunction } = plan;
  const bounds = boundIndex(index, {
    ...conjunction,
    shapes: [
      { path: near.path, shape: { kind: 'circle', centre: near.centre, metres: radius + SLACK_METRES } },
    ],
  });
  for (const range of bounds.ranges) {
    for (const { key, value } of reader.range(
      'entries',
      stretchOf(collection, { index, reverse: false }, range),
    )) {
      examined.keys++;
      const { documentKey, point } = decodeEntry(key, value, index.unique);
      yield point === undefined ? undefined : { documentKey, metres: distanceMetres(near.centre, point) };
    }
  }
}
