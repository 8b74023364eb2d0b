import type { Position } from '../../../../src/shared/api-types.ts';

/** One building as the setup page read it, before it has an id. */
export interface BuildingDraft {
  name: string;
  /** Null when nobody knows: such a building is never shown by itself. */
  households: number | null;
  zoneName: string | null;
  footprint: { type: 'Polygon'; coordinates: Position[][] } | null;
}

export type BuildingProblemCode =
  | 'not-json'
  | 'not-collection'
  | 'too-many'
  | 'not-polygon'
  | 'ring'
  | 'position'
  | 'name'
  | 'households'
  | 'duplicate';

/** What is wrong and where: `line` counts from 1, lines of the typed list or features of the file. */
export interface BuildingProblem {
  code: BuildingProblemCode;
  line: number | null;
}

export interface BuildingReading {
  buildings: BuildingDraft[];
  problems: BuildingProblem[];
}

/** More buildings than any one centre looks after; keeps a wrong file from freezing the page. */
export const BUILDINGS_MAX = 500;
const HOUSEHOLDS_MAX = 5000;

/**
 * Reads a typed list: one building a line, `name, households, zone`; the zone may be left out, Chinese and
 * Uyghur commas and tabs count as commas, empty lines are skipped. Every line with a problem is named.
 */
export function readTypedBuildings(text: string): BuildingReading {
  const reading: BuildingReading = { buildings: [], problems: [] };
  const names = new Set<string>();
  for (const [index, row] of text.split(/\r?\n/).entries()) {
    if (row.trim() === '') continue;
    const [name = '', households = '', zone = ''] = row.split(/[,，،\t]/).map((part) => part.trim());
    add(reading, names, index + 1, name, readHouseholds(households), zone, null);
  }
  return capped(reading);
}

/**
 * Reads a GeoJSON FeatureCollection of polygons with the properties `name`, `households` and, if wanted, `zone`.
 * Positions are [longitude, latitude]. A MultiPolygon counts as its largest part. Every feature with a problem
 * is named; features without a problem are kept, so that the reader sees how much was understood.
 */
export function readGeoJsonBuildings(text: string): BuildingReading {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return { buildings: [], problems: [{ code: 'not-json', line: null }] };
  }
  if (!isObject(file) || file['type'] !== 'FeatureCollection' || !Array.isArray(file['features'])) {
    return { buildings: [], problems: [{ code: 'not-collection', line: null }] };
  }
  const reading: BuildingReading = { buildings: [], problems: [] };
  const names = new Set<string>();
  for (const [index, feature] of (file['features'] as unknown[]).entries()) {
    readFeature(reading, names, index + 1, feature);
  }
  return capped(reading);
}

/** The zones named in the list, each once, in the order of their first building. */
export function zoneNames(buildings: readonly BuildingDraft[]): string[] {
  const named = buildings.map((building) => building.zoneName);
  return [...new Set(named.filter((zone): zone is string => zone !== null))];
}

/** The middle of all footprints' corners, or null when there is none to take it from. */
export function middleOf(buildings: readonly BuildingDraft[]): Position | null {
  const corners = buildings.flatMap((building) => building.footprint?.coordinates[0] ?? []);
  if (corners.length === 0) return null;
  const longitudes = corners.map(([longitude]) => longitude);
  const latitudes = corners.map(([, latitude]) => latitude);
  return [middle(longitudes), middle(latitudes)];
}

/** Whether a pair is a longitude and a latitude in degrees. */
export function isPosition(value: unknown): value is Position {
  if (!Array.isArray(value) || value.length < 2) return false;
  const [longitude, latitude] = value as unknown[];
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return false;
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
}

function readFeature(reading: BuildingReading, names: Set<string>, line: number, feature: unknown): void {
  const geometry = isObject(feature) ? feature['geometry'] : undefined;
  const properties = isObject(feature) && isObject(feature['properties']) ? feature['properties'] : {};
  const rings = ringsOf(geometry);
  if (rings === null) return void reading.problems.push({ code: 'not-polygon', line });
  if (!rings.every((ring) => ring.every(isPosition))) {
    return void reading.problems.push({ code: 'position', line });
  }
  const coordinates = rings.map((ring) =>
    ring.map(([longitude, latitude]): Position => [longitude, latitude]),
  );
  if (!coordinates.every(isClosed)) return void reading.problems.push({ code: 'ring', line });
  const name = textOf(properties['name']);
  const households = readHouseholds(textOf(properties['households']));
  const zone = textOf(properties['zone']);
  return add(reading, names, line, name, households, zone, { type: 'Polygon', coordinates });
}

function ringsOf(geometry: unknown): unknown[][] | null {
  if (!isObject(geometry) || !Array.isArray(geometry['coordinates'])) return null;
  const coordinates = geometry['coordinates'] as unknown[];
  if (geometry['type'] === 'Polygon') return allLists(coordinates);
  if (geometry['type'] !== 'MultiPolygon') return null;
  const parts = coordinates.map((part) => (Array.isArray(part) ? allLists(part) : null));
  const found = parts.filter((part) => part !== null);
  found.sort((one, other) => (other[0]?.length ?? 0) - (one[0]?.length ?? 0));
  return found[0] ?? null;
}

function allLists(coordinates: unknown[]): unknown[][] | null {
  return coordinates.length > 0 && coordinates.every(Array.isArray) ? (coordinates as unknown[][]) : null;
}

function isClosed(ring: Position[]): boolean {
  const first = ring[0];
  const last = ring.at(-1);
  return ring.length >= 4 && !!first && !!last && first[0] === last[0] && first[1] === last[1];
}

/** A count, null when nothing is written, undefined when it is no count. */
function readHouseholds(text: string): number | null | undefined {
  if (text === '') return null;
  return /^\d{1,4}$/.test(text) && Number(text) <= HOUSEHOLDS_MAX ? Number(text) : undefined;
}

function add(
  reading: BuildingReading,
  names: Set<string>,
  line: number,
  name: string,
  households: number | null | undefined,
  zone: string,
  footprint: BuildingDraft['footprint'],
): void {
  if (name === '') return void reading.problems.push({ code: 'name', line });
  if (households === undefined) return void reading.problems.push({ code: 'households', line });
  if (names.has(name)) return void reading.problems.push({ code: 'duplicate', line });
  names.add(name);
  reading.buildings.push({ name, households, zoneName: zone === '' ? null : zone, footprint });
}

function capped(reading: BuildingReading): BuildingReading {
  if (reading.buildings.length <= BUILDINGS_MAX) return reading;
  return {
    buildings: reading.buildings.slice(0, BUILDINGS_MAX),
    problems: [...reading.problems, { code: 'too-many', line: null }],
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function middle(values: readonly number[]): number {
  return Math.round(((Math.min(...values) + Math.max(...values)) / 2) * 1e6) / 1e6;
}
