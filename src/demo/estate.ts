import type { GeoJsonFeatureCollection, Position } from '../shared/api-types.ts';
import type { LocalisedText } from '../shared/vocabulary.ts';

/**
 * Apricot Court, a fictional estate near Hotan: 24 buildings in six rows of four, three zones, a centre in
 * the garden, a clinic, a shop, a nursery and a stream. Everything here is made up.
 */
export interface EstateBuilding {
  readonly number: number;
  readonly name: LocalisedText;
  readonly households: number;
  readonly zoneNumber: number;
  readonly point: Position;
  readonly footprint: { type: 'Polygon'; coordinates: Position[][] };
}

export interface Estate {
  readonly centrePoint: Position;
  readonly buildings: readonly EstateBuilding[];
  readonly zones: readonly { readonly number: number; readonly name: LocalisedText }[];
  readonly plan: GeoJsonFeatureCollection;
}

/** South-west corner of the estate. */
const CORNER: Position = [79.9312, 37.0846];
const METRES_PER_DEGREE_LAT = 111_195;
const METRES_PER_DEGREE_LON = METRES_PER_DEGREE_LAT * Math.cos((CORNER[1] * Math.PI) / 180);

const COLUMNS = 4;
const ROWS = 6;
const BUILDING_METRES = { east: 66, north: 26 };
const PITCH_METRES = { east: 86, north: 58 };
/** The garden with the centre lies between the third and the fourth row. */
const GARDEN_METRES = 70;
/** Buildings 8 and 17 are small: their homes are shown by zone, never by building. */
const HOUSEHOLDS = [
  36, 48, 42, 30, 36, 54, 40, 12, 44, 36, 60, 32, 28, 48, 36, 52, 16, 40, 36, 30, 48, 24, 42, 38,
];

/** Position of a point given in metres east and north of the corner. */
export function estatePosition(east: number, north: number): Position {
  const round = (value: number): number => Math.round(value * 1e7) / 1e7;
  return [round(CORNER[0] + east / METRES_PER_DEGREE_LON), round(CORNER[1] + north / METRES_PER_DEGREE_LAT)];
}

function rectangle(east: number, north: number, width: number, height: number): Position[][] {
  return [
    [
      estatePosition(east, north),
      estatePosition(east + width, north),
      estatePosition(east + width, north + height),
      estatePosition(east, north + height),
      estatePosition(east, north),
    ],
  ];
}

/** Row 0 is the northernmost, as on the plan. */
function rowNorth(row: number): number {
  const fromSouth = ROWS - 1 - row;
  return 20 + fromSouth * PITCH_METRES.north + (row < ROWS / 2 ? GARDEN_METRES : 0);
}

function buildingAt(index: number): EstateBuilding {
  const row = Math.floor(index / COLUMNS);
  const column = index % COLUMNS;
  const east = 20 + column * PITCH_METRES.east;
  const north = rowNorth(row);
  const number = index + 1;
  return {
    number,
    name: { 'zh-CN': `${number}号楼`, ug: `${number}-بىنا`, en: `Building ${number}` },
    households: HOUSEHOLDS[index] ?? 30,
    zoneNumber: row < 2 ? 1 : row < 4 ? 2 : 3,
    point: estatePosition(east + BUILDING_METRES.east / 2, north + BUILDING_METRES.north / 2),
    footprint: {
      type: 'Polygon',
      coordinates: rectangle(east, north, BUILDING_METRES.east, BUILDING_METRES.north),
    },
  };
}

function area(
  kind: string,
  name: LocalisedText | null,
  coordinates: Position[][],
): GeoJsonFeatureCollection['features'][number] {
  return { type: 'Feature', geometry: { type: 'Polygon', coordinates }, properties: { kind, name } };
}

function line(kind: string, coordinates: Position[]): GeoJsonFeatureCollection['features'][number] {
  return { type: 'Feature', geometry: { type: 'LineString', coordinates }, properties: { kind, name: null } };
}

function spot(
  kind: string,
  name: LocalisedText,
  east: number,
  north: number,
): GeoJsonFeatureCollection['features'][number] {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: estatePosition(east, north) },
    properties: { kind, name },
  };
}

/** The same estate at every call. */
export function buildEstate(): Estate {
  const buildings = Array.from({ length: COLUMNS * ROWS }, (_, index) => buildingAt(index));
  const gardenNorth = rowNorth(3) + BUILDING_METRES.north + 16;
  const width = 20 + COLUMNS * PITCH_METRES.east;
  const height = rowNorth(0) + BUILDING_METRES.north + 20;
  const centrePoint = estatePosition(width / 2, gardenNorth + 34);
  return {
    centrePoint,
    buildings,
    zones: [
      { number: 1, name: { 'zh-CN': '北区', ug: 'شىمالىي رايون', en: 'North rows' } },
      { number: 2, name: { 'zh-CN': '中区', ug: 'ئوتتۇرا رايون', en: 'Garden rows' } },
      { number: 3, name: { 'zh-CN': '南区', ug: 'جەنۇبىي رايون', en: 'South rows' } },
    ],
    plan: {
      type: 'FeatureCollection',
      features: [
        area('ground', null, rectangle(0, 0, width, height)),
        area(
          'garden',
          { 'zh-CN': '杏花园', ug: 'ئۆرۈك بېغى', en: 'Apricot garden' },
          rectangle(20, gardenNorth, width - 40, 62),
        ),
        line('street', [estatePosition(width / 2, 0), estatePosition(width / 2, gardenNorth)]),
        line('street', [estatePosition(width / 2, gardenNorth + 62), estatePosition(width / 2, height)]),
        line('street', [estatePosition(0, gardenNorth - 8), estatePosition(width + 120, gardenNorth - 8)]),
        line('water', [
          estatePosition(width + 95, -10),
          estatePosition(width + 105, height * 0.3),
          estatePosition(width + 92, height * 0.6),
          estatePosition(width + 104, height + 10),
        ]),
        spot('gate', { 'zh-CN': '北门', ug: 'شىمالىي دەرۋازا', en: 'North gate' }, width / 2, height),
        spot('gate', { 'zh-CN': '南门', ug: 'جەنۇبىي دەرۋازا', en: 'South gate' }, width / 2, 0),
        spot(
          'centre',
          { 'zh-CN': '社区服务中心', ug: 'مەھەللە مۇلازىمەت مەركىزى', en: 'Community centre' },
          width / 2,
          gardenNorth + 34,
        ),
        spot('clinic', { 'zh-CN': '卫生站', ug: 'شىپاخانا', en: 'Clinic' }, width + 45, height * 0.8),
        spot('shop', { 'zh-CN': '便民店', ug: 'دۇكان', en: 'Corner shop' }, width + 45, height * 0.62),
        spot('nursery', { 'zh-CN': '幼儿园', ug: 'يەسلى', en: 'Nursery' }, width + 45, height * 0.28),
      ],
    },
  };
}
