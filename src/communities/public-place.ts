import { LIMITS } from '../shared/limits.ts';
import type { Position } from '../shared/api-types.ts';
import type { LocalisedText } from '../shared/vocabulary.ts';
import type { Building, Community, PublicPlace } from './community-types.ts';

type Plan = Pick<Community, 'buildings' | 'zones' | 'centrePoint'>;

/**
 * The public place of a building (architecture 10): of the building itself, its zone and its 500 m cell, the one that
 * holds the fewest households but at least 20; of equals the building, then the zone. Households that are not known
 * count as none. If none reaches 20, or there is no building, the centre's own point. Ids are `building:…`, `zone:…`,
 * `cell:…` and `centre`. Pure and deterministic: the answer depends on the plan alone, never on who asks or how often.
 */
export function publicPlaceFor(plan: Plan, building: Building | null): PublicPlace {
  if (building === null) return centreOf(plan);
  const candidates = [asBuilding(building), asZone(plan, building), asCell(plan, building)].filter(
    (candidate) => candidate !== null && candidate.households >= LIMITS.publicPlaceHouseholds,
  ) as Candidate[];
  const smallest = candidates.reduce<Candidate | null>(
    (best, candidate) => (best === null || candidate.households < best.households ? candidate : best),
    null,
  );
  return smallest?.place ?? centreOf(plan);
}

interface Candidate {
  readonly households: number;
  readonly place: PublicPlace;
}

function asBuilding({ id, name, point, households }: Building): Candidate {
  return { households: households ?? 0, place: { id: `building:${id}`, kind: 'building', name, point } };
}

function asZone(plan: Plan, building: Building): Candidate | null {
  const zone = plan.zones.find(({ id }) => id === building.zoneId);
  if (zone === undefined) return null;
  const members = plan.buildings.filter(({ zoneId }) => zoneId === zone.id);
  const households = householdsOf(members);
  if (households === 0) return null;
  return {
    households,
    place: { id: `zone:${zone.id}`, kind: 'zone', name: zone.name, point: middleOf(members, households) },
  };
}

function asCell(plan: Plan, building: Building): Candidate {
  const cell = cellOf(plan.centrePoint, building.point);
  const members = plan.buildings.filter(({ point }) => isSameCell(cell, cellOf(plan.centrePoint, point)));
  return {
    households: householdsOf(members),
    place: {
      id: `cell:${String(cell.column)}:${String(cell.row)}`,
      kind: 'cell',
      name: CELL_NAME,
      point: cellCentre(plan.centrePoint, cell),
    },
  };
}

function centreOf(plan: Plan): PublicPlace {
  return { id: 'centre', kind: 'centre', name: CENTRE_NAME, point: plan.centrePoint };
}

function householdsOf(buildings: readonly Building[]): number {
  return buildings.reduce((sum, { households }) => sum + (households ?? 0), 0);
}

/** Where the households are: the mean of the buildings' points, weighted by households. */
function middleOf(buildings: readonly Building[], households: number): Position {
  const mean = (axis: 0 | 1): number =>
    buildings.reduce((sum, building) => sum + building.point[axis] * (building.households ?? 0), 0) /
    households;
  return [roundDegrees(mean(0)), roundDegrees(mean(1))];
}

interface Cell {
  readonly column: number;
  readonly row: number;
}

const METRES_PER_DEGREE = 111_320;

/** Cells are squares counted from the equator and from Greenwich, their width that of the centre's latitude. */
function cellOf(centre: Position, point: Position): Cell {
  const { east, north } = cellDegrees(centre);
  return { column: Math.floor(point[0] / east), row: Math.floor(point[1] / north) };
}

function cellCentre(centre: Position, { column, row }: Cell): Position {
  const { east, north } = cellDegrees(centre);
  return [roundDegrees((column + 0.5) * east), roundDegrees((row + 0.5) * north)];
}

/** The latitude is rounded to a tenth, so that a centre that moves down the road keeps the same grid. */
function cellDegrees(centre: Position): { readonly east: number; readonly north: number } {
  const north = LIMITS.cellMetres / METRES_PER_DEGREE;
  const latitude = Math.round(centre[1] * 10) / 10;
  return { north, east: north / Math.max(0.01, Math.cos((latitude * Math.PI) / 180)) };
}

function isSameCell(a: Cell, b: Cell): boolean {
  return a.column === b.column && a.row === b.row;
}

/** About a centimetre: enough for a map, and equal however it was added up. */
function roundDegrees(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

const CENTRE_NAME: LocalisedText = {
  'zh-CN': '社区服务中心',
  ug: 'مەھەللە مۇلازىمەت مەركىزى',
  en: 'Community centre',
};
const CELL_NAME: LocalisedText = {
  'zh-CN': '约 500 米范围内',
  ug: '500 مېتىر ئەتراپىدا',
  en: 'Within about 500 m',
};
