import type { CommunitySettingsView, CommunityView } from '../shared/api-types.ts';
import { isOpen, nextOpening } from './community-clock.ts';
import type { BoardCounts, Community } from './community-types.ts';

/** What anybody may know of a community: never a household count, which would tell small buildings apart. */
export function presentCommunity(
  community: Community,
  counts: Awaited<ReturnType<BoardCounts>>,
  { now, isDemo }: { readonly now: Date; readonly isDemo: boolean },
): CommunityView {
  const { version: _version, holidays, languages, openingHours, emergencyNumbers, ...rest } = community;
  const isOpenNow = isOpen(community, now);
  return {
    id: rest.id,
    slug: rest.slug,
    name: rest.name,
    languages: [...languages],
    timeZone: rest.timeZone,
    secondTimeZone: rest.secondTimeZone,
    centrePhone: rest.centrePhone,
    emergencyNumbers: emergencyNumbers.map(({ number, name }) => ({ number, name })),
    openingHours: openingHours.map(({ day, from, to }) => ({ day, from, to })),
    holidays: [...holidays],
    isOpenNow,
    nextOpening: isOpenNow ? null : (nextOpening(community, now)?.toISOString() ?? null),
    centrePoint: rest.centrePoint,
    kindsOfHelp: rest.kindsOfHelp.map((kind) => ({ ...kind, defaultSkillIds: [...kind.defaultSkillIds] })),
    skills: rest.skills.map(({ id, name, mustBeVerified }) => ({ id, name, mustBeVerified })),
    zones: rest.zones.map(({ id, name }) => ({ id, name })),
    buildings: rest.buildings.map(({ id, name, footprint, point, zoneId }) => ({
      id,
      name,
      footprint: footprint === null ? null : { type: 'Polygon', coordinates: footprint.coordinates },
      point,
      zoneId,
    })),
    plan: rest.plan,
    counts: counts.counts.map(({ kindId, open }) => ({ kindId, open })),
    openCount: counts.openCount,
    doneThisWeek: counts.doneThisWeek,
    isDemo,
  };
}

/** What an administrator edits. Household counts are in it, so it never goes to anybody else. */
export function presentSettings(community: Community): CommunitySettingsView {
  const zoneNames = new Map(community.zones.map(({ id, name }) => [id, name]));
  return {
    version: community.version,
    name: community.name,
    languages: [...community.languages],
    timeZone: community.timeZone,
    secondTimeZone: community.secondTimeZone,
    openingHours: community.openingHours.map(({ day, from, to }) => ({ day, from, to })),
    holidays: [...community.holidays],
    centrePhone: community.centrePhone,
    emergencyNumbers: community.emergencyNumbers.map(({ number, name }) => ({ number, name })),
    centrePoint: community.centrePoint,
    kindsOfHelp: community.kindsOfHelp.map((kind) => ({
      ...kind,
      defaultSkillIds: [...kind.defaultSkillIds],
    })),
    skills: community.skills.map(({ id, name, mustBeVerified }) => ({ id, name, mustBeVerified })),
    buildings: community.buildings.map(({ name, households, zoneId, footprint }) => ({
      name,
      households,
      zone: zoneId === null ? null : (zoneNames.get(zoneId) ?? null),
      hasFootprint: footprint !== null,
    })),
  };
}
