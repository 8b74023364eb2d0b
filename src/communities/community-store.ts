import type { Connection } from 'mongoose';
import { isDuplicate, openCommunityCollection } from '../storage/community-collection.ts';
import {
  communitySchema,
  publicPlaceSchema,
  type CommunityRecord,
  type PublicPlaceRecord,
} from './community-model.ts';
import type { Community, PublicPlace } from './community-types.ts';

export interface CommunityStore {
  read(communityId: string): Promise<Community | null>;
  /** All communities of the installation, oldest first; at most 1,000. */
  list(): Promise<readonly { readonly id: string; readonly slug: string }[]>;
  insert(community: Community, createdAt: Date): Promise<void>;
  /** The community after the change, or null when its version was not `version`. */
  change(
    communityId: string,
    version: number,
    change: Partial<Omit<Community, 'id' | 'version'>>,
  ): Promise<Community | null>;
  /** Keeps the first writing of a place: the stored one comes back. */
  keepPlace(communityId: string, place: PublicPlace): Promise<PublicPlace>;
  places(communityId: string, placeIds: readonly string[]): Promise<PublicPlace[]>;
}

export function createCommunityStore(connection: Connection): CommunityStore {
  const communities = openCommunityCollection<CommunityRecord>(connection, 'communities', communitySchema);
  const places = openCommunityCollection<PublicPlaceRecord>(connection, 'publicPlaces', publicPlaceSchema);

  return {
    async read(communityId) {
      const record = await communities.findById(communityId, communityId);
      return record === null ? null : asCommunity(record);
    },
    async list() {
      const found = await communities.findAcross(
        {},
        { sort: { createdAt: 1 }, limit: 1000, projection: { slug: 1 } },
      );
      return found.map(({ _id, slug }) => ({ id: _id, slug }));
    },
    async insert({ id, ...community }, createdAt) {
      await communities.insert({ ...community, _id: id, communityId: id, createdAt });
    },
    async change(communityId, version, change) {
      const record = await communities.change(
        communityId,
        { _id: communityId, version },
        {
          $set: change,
          $inc: { version: 1 },
        },
      );
      return record === null ? null : asCommunity(record);
    },
    async keepPlace(communityId, place) {
      const record = placeRecord(communityId, place);
      const stored = await places.findById(communityId, record._id);
      if (stored !== null) return asPlace(stored);
      try {
        await places.insert(record);
        return place;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const first = await places.findById(communityId, record._id);
        if (first === null) throw error;
        return asPlace(first);
      }
    },
    async places(communityId, placeIds) {
      return (await places.find(communityId, { placeId: { $in: [...placeIds] } })).map(asPlace);
    },
  };
}

function asCommunity({
  _id,
  communityId: _scope,
  createdAt: _created,
  ...community
}: CommunityRecord): Community {
  return { id: _id, ...community };
}

function placeRecord(communityId: string, { id, kind, name, point }: PublicPlace): PublicPlaceRecord {
  return { _id: `${communityId}/${id}`, communityId, placeId: id, kind, name, point };
}

function asPlace({ placeId, kind, name, point }: PublicPlaceRecord): PublicPlace {
  return { id: placeId, kind, name, point: [point[0], point[1]] };
}
