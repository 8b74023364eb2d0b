import { AppError } from '../errors.ts';
import type { Clock, NewId } from '../actor.ts';
import type { CommunityStore } from './community-store.ts';
import type { Community, CommunityService, PublicPlace } from './community-types.ts';
import { publicPlaceFor } from './public-place.ts';

export interface CommunityServiceDeps {
  readonly communities: CommunityStore;
  readonly newId: NewId;
  readonly clock: Clock;
}

/** What set-up, the administrator's page and the demo may do besides reading. */
export interface CommunityAdministration {
  /** Throws `name-taken` when the slug is used. */
  create(community: Omit<Community, 'id' | 'version'>): Promise<Community>;
  /** Throws `version-changed` with the present community when somebody else was faster. */
  update(
    communityId: string,
    version: number,
    change: Partial<Omit<Community, 'id' | 'version'>>,
  ): Promise<Community>;
}

/**
 * Communities from memory: read on first use, read again after a change. Public places are stored when they are first
 * written and never moved afterwards (decision 5).
 */
export function createCommunityService({
  communities,
  newId,
  clock,
}: CommunityServiceDeps): CommunityService & CommunityAdministration {
  const known = new Map<string, Promise<Community | null>>();
  const placesKnown = new Map<string, PublicPlace>();
  const listeners = new Set<(communityId: string) => void>();

  async function get(communityId: string): Promise<Community> {
    // Before set-up, and under an unknown slug, there is no id.
    if (communityId === '') throw new AppError('not-found', 'There is no such community.');
    let reading = known.get(communityId);
    if (reading === undefined) {
      reading = communities.read(communityId);
      known.set(communityId, reading);
      reading.catch(() => known.delete(communityId));
    }
    const community = await reading;
    if (community !== null) return community;
    known.delete(communityId);
    throw new AppError('not-found', 'There is no such community.');
  }

  async function readPlaces(
    communityId: string,
    placeIds: readonly string[],
  ): Promise<Map<string, PublicPlace>> {
    const missing = placeIds.filter((id) => !placesKnown.has(`${communityId}/${id}`));
    if (missing.length > 0) {
      for (const place of await communities.places(communityId, missing))
        placesKnown.set(`${communityId}/${place.id}`, place);
    }
    const found = new Map<string, PublicPlace>();
    for (const id of placeIds) {
      const place = placesKnown.get(`${communityId}/${id}`);
      if (place !== undefined) found.set(id, place);
    }
    return found;
  }

  function changed(community: Community): Community {
    known.set(community.id, Promise.resolve(community));
    for (const listener of listeners) listener(community.id);
    return community;
  }

  return {
    get,
    async ids() {
      return (await communities.list()).map(({ id }) => id);
    },
    async bySlug(slug) {
      const all = await communities.list();
      const found = slug === null ? all[0] : all.find((community) => community.slug === slug);
      return found === undefined ? null : await get(found.id);
    },
    async publicPlace(communityId, placeId) {
      const place = (await readPlaces(communityId, [placeId])).get(placeId);
      if (place === undefined) throw new AppError('not-found', 'There is no such place.');
      return place;
    },
    publicPlaces: readPlaces,
    async publicPlaceOfBuilding(communityId, buildingId) {
      const community = await get(communityId);
      const building = buildingId === null ? null : community.buildings.find(({ id }) => id === buildingId);
      if (building === undefined) throw unknownBuilding();
      const place = publicPlaceFor(community, building);
      // A place is fixed once, at its first write: what is known of it stays true.
      const known = placesKnown.get(`${communityId}/${place.id}`);
      if (known !== undefined) return known;
      const kept = await communities.keepPlace(communityId, place);
      placesKnown.set(`${communityId}/${kept.id}`, kept);
      return kept;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async create(community) {
      if ((await communities.list()).some(({ slug }) => slug === community.slug)) {
        throw new AppError('name-taken', 'This short name is used by another community: choose another.', {
          errors: [{ pointer: '/slug', code: 'taken', detail: 'Choose another short name.' }],
        });
      }
      const created: Community = { ...community, id: newId(), version: 1 };
      await communities.insert(created, clock.now());
      return changed(created);
    },
    async update(communityId, version, change) {
      const updated = await communities.change(communityId, version, change);
      if (updated !== null) return changed(updated);
      known.delete(communityId);
      const present = await get(communityId);
      throw new AppError(
        'version-changed',
        'Somebody else changed the community meanwhile: look at it again.',
        {
          present: { version: present.version },
        },
      );
    },
  };
}

function unknownBuilding(): AppError {
  return new AppError(
    'invalid-input',
    'This building is not in the list: choose one of the community’s buildings.',
    {
      errors: [
        { pointer: '/buildingId', code: 'unknown', detail: 'Choose one of the community’s buildings.' },
      ],
    },
  );
}
