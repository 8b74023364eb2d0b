import type { NewId } from '../actor.ts';
import { AppError, type FieldError } from '../errors.ts';
import type { Position } from '../shared/api-types.ts';
import { LANGUAGES, type LocalisedText } from '../shared/vocabulary.ts';
import type { Building, Zone } from './community-types.ts';

/** One line of the typed list. `name` may be a bare number: it is then named in three languages. */
export interface TypedBuilding {
  readonly name: string;
  readonly households?: number | null;
  readonly zone?: string | null;
  readonly point?: Position;
  readonly footprint?: { readonly type: string; readonly coordinates: unknown } | null;
}

export interface GeoJsonInput {
  readonly type: string;
  readonly features: readonly {
    readonly type: string;
    readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
    readonly properties: Readonly<Record<string, unknown>> | null;
  }[];
}

export type BuildingsInput = { readonly list: readonly TypedBuilding[] } | { readonly geoJson: GeoJsonInput };

export interface ReadBuildings {
  readonly buildings: readonly Building[];
  readonly zones: readonly Zone[];
}

const RING_RULE = 'each ring needs four or more [longitude, latitude] and must end where it starts.';

interface Line extends Omit<TypedBuilding, 'footprint'> {
  readonly pointer: string;
  readonly footprint: Building['footprint'];
}

/**
 * Buildings and zones from what the centre typed or uploaded. GeoJSON: a FeatureCollection of Polygons or Points
 * with `name`, and optionally `households` and `zone`, in [longitude, latitude]. A building without a point stands at
 * the centre. Zones come from their names, in order of appearance. All mistakes at once, each naming its feature;
 * throws `invalid-input`. Buildings and zones that were there before (`present`) are known by name, in any of the
 * languages: they keep their id, their names, and their shape and point unless new ones are given.
 */
export function readBuildings(
  input: BuildingsInput,
  {
    newId,
    centrePoint,
    present,
  }: { readonly newId: NewId; readonly centrePoint: Position; readonly present: ReadBuildings },
): ReadBuildings {
  const errors: FieldError[] = [];
  const lines = 'list' in input ? typedLines(input.list, errors) : featureLines(input.geoJson, errors);
  checkNames(lines, errors);
  if (lines.length === 0 && errors.length === 0) {
    errors.push({ pointer: '', code: 'empty', detail: 'There is no building in it: give at least one.' });
  }
  if (errors.length > 0) {
    throw new AppError('invalid-input', 'Mend the buildings listed and send again.', {
      errors: errors.slice(0, 50),
    });
  }
  const zones = zonesOf(lines, newId, present.zones);
  const buildings = lines.map((line): Building => {
    const name = nameOf(line.name);
    const before = present.buildings.find((building) => isSameName(building.name, name));
    return {
      id: before?.id ?? newId(),
      name: before?.name ?? name,
      footprint: line.footprint ?? (line.point === undefined ? before?.footprint : null) ?? null,
      point: line.point ?? before?.point ?? centrePoint,
      zoneId: zones.find((zone) => isSameName(zone.name, plainName(line.zone ?? '')))?.id ?? null,
      households: line.households ?? null,
    };
  });
  return { buildings, zones };
}

function typedLines(list: readonly TypedBuilding[], errors: FieldError[]): Line[] {
  return list.map(({ footprint, ...building }, index) => {
    const pointer = `/list/${String(index)}`;
    if (footprint === undefined || footprint === null) return { ...building, pointer, footprint: null };
    const rings = footprint.type === 'Polygon' ? ringsOf(footprint.coordinates) : undefined;
    if (rings === undefined) {
      errors.push({
        pointer: `${pointer}/footprint`,
        code: 'geojson',
        detail: `Building ${String(index + 1)}: ${RING_RULE}`,
      });
    }
    const outer = rings?.[0];
    const shape = rings === undefined ? null : ({ type: 'Polygon', coordinates: rings } as const);
    return {
      ...building,
      ...(outer === undefined ? {} : { point: middleOf(outer) }),
      pointer,
      footprint: shape,
    };
  });
}

function featureLines(geoJson: GeoJsonInput, errors: FieldError[]): Line[] {
  if (geoJson.type !== 'FeatureCollection') {
    errors.push({ pointer: '/geoJson/type', code: 'geojson', detail: 'It must be a FeatureCollection.' });
    return [];
  }
  return geoJson.features.flatMap((feature, index) => {
    const pointer = `/geoJson/features/${String(index)}`;
    const line = featureLine(feature, pointer, index, errors);
    return line === undefined ? [] : [line];
  });
}

function featureLine(
  { geometry, properties }: GeoJsonInput['features'][number],
  pointer: string,
  index: number,
  errors: FieldError[],
): Line | undefined {
  const complain = (where: string, detail: string): undefined => {
    errors.push({
      pointer: `${pointer}${where}`,
      code: 'geojson',
      detail: `Feature ${String(index + 1)}: ${detail}`,
    });
    return undefined;
  };
  const name = properties?.['name'];
  if (typeof name !== 'string' && typeof name !== 'number')
    return complain('/properties/name', 'its name is missing.');
  const households = properties?.['households'] ?? null;
  if (
    households !== null &&
    !(typeof households === 'number' && Number.isInteger(households) && households >= 0 && households <= 5000)
  ) {
    return complain(
      '/properties/households',
      'households must be a whole number from 0 to 5000, or left out.',
    );
  }
  const zone = properties?.['zone'] ?? null;
  if (zone !== null && typeof zone !== 'string')
    return complain('/properties/zone', 'zone must be a text, or left out.');
  const base = {
    name: String(name),
    households,
    zone,
    pointer,
  };
  if (geometry?.type === 'Point') {
    const point = positionOf(geometry.coordinates);
    if (point === undefined) return complain('/geometry/coordinates', 'it needs [longitude, latitude].');
    return { ...base, point, footprint: null };
  }
  if (geometry?.type !== 'Polygon')
    return complain('/geometry', 'its geometry must be a Polygon or a Point.');
  const rings = ringsOf(geometry.coordinates);
  const outer = rings?.[0];
  if (rings === undefined || outer === undefined) {
    return complain('/geometry/coordinates', RING_RULE);
  }
  return { ...base, point: middleOf(outer), footprint: { type: 'Polygon', coordinates: rings } };
}

function positionOf(value: unknown): Position | undefined {
  if (!Array.isArray(value)) return undefined;
  const [longitude, latitude] = value as unknown[];
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return undefined;
  const isOnEarth =
    Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 && !(longitude === 0 && latitude === 0);
  return isOnEarth ? [longitude, latitude] : undefined;
}

function ringsOf(value: unknown): Position[][] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const rings: Position[][] = [];
  for (const ring of value as unknown[]) {
    if (!Array.isArray(ring) || ring.length < 4 || ring.length > 500) return undefined;
    const positions = ring.map(positionOf);
    if (positions.some((position) => position === undefined)) return undefined;
    const [first, last] = [positions[0], positions.at(-1)];
    if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) return undefined;
    rings.push(positions as Position[]);
  }
  return rings;
}

/** Mean of the corners, the closing one left out. */
function middleOf(ring: readonly Position[]): Position {
  const corners = ring.slice(0, -1);
  const mean = (axis: 0 | 1): number =>
    corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  return [Math.round(mean(0) * 1e7) / 1e7, Math.round(mean(1) * 1e7) / 1e7];
}

function checkNames(lines: readonly Line[], errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const { name, pointer } of lines) {
    const key = name.trim().toLowerCase();
    const where = pointer.startsWith('/geoJson') ? `${pointer}/properties/name` : `${pointer}/name`;
    if (key === '' || [...key].length > 40) {
      errors.push({ pointer: where, code: 'name', detail: 'A building needs a name of 1 to 40 characters.' });
    } else if (seen.has(key)) {
      errors.push({
        pointer: where,
        code: 'duplicate',
        detail: `“${name.trim()}” stands twice: names must differ.`,
      });
    }
    seen.add(key);
  }
}

function zonesOf(lines: readonly Line[], newId: NewId, present: readonly Zone[]): Zone[] {
  const names = new Set(lines.map((line) => (line.zone ?? '').trim()).filter((name) => name !== ''));
  return [...names].map((name) => {
    const localised = plainName(name);
    return present.find((zone) => isSameName(zone.name, localised)) ?? { id: newId(), name: localised };
  });
}

function nameOf(typed: string): LocalisedText {
  const name = typed.trim();
  if (!/^\d{1,4}$/.test(name)) return plainName(name);
  return { 'zh-CN': `${name}号楼`, ug: `${name}-بىنا`, en: `Building ${name}` };
}

function plainName(typed: string): LocalisedText {
  return Object.fromEntries(LANGUAGES.map((language) => [language, typed.trim()]));
}

function isSameName(one: LocalisedText, other: LocalisedText): boolean {
  return LANGUAGES.some((language) => one[language] !== undefined && one[language] === other[language]);
}
