/** An inclusive range of Morton codes. */
export interface CellRange {
  readonly from: number;
  readonly to: number;
}

/** MongoDB's radius of the earth. */
export const EARTH_RADIUS_METRES = 6_378_100;

const BITS = 26;
const SIDE = 2 ** BITS;
/** A covering is refined while it stays within this number of ranges. */
const RANGE_LIMIT = 16;

/** Spreads 13 bits to the even places of 26. */
function spread(value: number): number {
  let x = value & 0x1fff;
  x = (x | (x << 8)) & 0x00ff00ff;
  x = (x | (x << 4)) & 0x0f0f0f0f;
  x = (x | (x << 2)) & 0x33333333;
  return (x | (x << 1)) & 0x55555555;
}

function interleave(x: number, y: number): number {
  const high = (spread(x >>> 13) << 1) | spread(y >>> 13);
  const low = (spread(x) << 1) | spread(y);
  return (high >>> 0) * 2 ** BITS + (low >>> 0);
}

function cellOf(degrees: number, span: number): number {
  return Math.max(0, Math.min(SIDE - 1, Math.floor((degrees / span + 0.5) * SIDE)));
}

/**
 * 52-bit Morton code of a position (degrees): 26 bits of longitude interleaved with 26 of latitude,
 * cells of about 0.6 m by 0.3 m at the equator.
 */
export function mortonOf(longitude: number, latitude: number): number {
  return interleave(cellOf(longitude, 360), cellOf(latitude, 180));
}

/** The bytes of a Morton code as an index component (order kept, 7 bytes). */
export function encodeCell(morton: number): Uint8Array {
  const high = Math.floor(morton / 2 ** 32);
  const low = morton >>> 0;
  return Uint8Array.of(high >> 16, high >> 8, high, low >>> 24, low >>> 16, low >>> 8, low);
}

const RADIANS = Math.PI / 180;

function distanceInRadians(longitudes: number, fromLatitude: number, toLatitude: number): number {
  const a = Math.sin((toLatitude - fromLatitude) / 2);
  const b = Math.sin(longitudes / 2);
  const h = a * a + Math.cos(fromLatitude) * Math.cos(toLatitude) * b * b;
  return 2 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Great-circle distance of two positions [longitude, latitude] on MongoDB's sphere (haversine). */
export function distanceMetres(
  a: readonly [longitude: number, latitude: number],
  b: readonly [longitude: number, latitude: number],
): number {
  return EARTH_RADIUS_METRES * distanceInRadians((b[0] - a[0]) * RADIANS, a[1] * RADIANS, b[1] * RADIANS);
}

/** Tells whether a box of the map (degrees) has a part in what is to be covered. */
type BoxTest = (west: number, east: number, south: number, north: number) => boolean;

interface Cell {
  readonly x: number;
  readonly y: number;
}

function rangesOf(cells: readonly Cell[], level: number): CellRange[] {
  const shift = BITS - level;
  const size = 4 ** shift;
  const starts = cells.map(({ x, y }) => interleave(x * 2 ** shift, y * 2 ** shift)).sort((a, b) => a - b);
  const ranges: { from: number; to: number }[] = [];
  for (const from of starts) {
    const previous = ranges.at(-1);
    if (previous && previous.to + 1 === from) previous.to = from + size - 1;
    else ranges.push({ from, to: from + size - 1 });
  }
  return ranges;
}

/** The quarters of the cells, at the level given, that touch. */
function quarters(cells: readonly Cell[], level: number, touches: BoxTest): Cell[] {
  const width = 360 / 2 ** level;
  const height = 180 / 2 ** level;
  const finer: Cell[] = [];
  for (const cell of cells) {
    for (let x = cell.x * 2; x <= cell.x * 2 + 1; x++) {
      for (let y = cell.y * 2; y <= cell.y * 2 + 1; y++) {
        const west = x * width - 180;
        const south = y * height - 90;
        if (touches(west, west + width, south, south + height)) finer.push({ x, y });
      }
    }
  }
  return finer;
}

/** Refines cells level by level, keeping those that touch, until the ranges would be too many. */
function cover(touches: BoxTest, first: readonly Cell[], firstLevel: number): CellRange[] {
  let cells = first;
  let level = firstLevel;
  while (level < BITS) {
    const finer = quarters(cells, level + 1, touches);
    if (finer.length > 16 * RANGE_LIMIT) break;
    if (finer.length > RANGE_LIMIT && rangesOf(finer, level + 1).length > RANGE_LIMIT) break;
    cells = finer;
    level++;
  }
  return rangesOf(cells, level);
}

const WHOLE_MAP: readonly Cell[] = [{ x: 0, y: 0 }];

/** The deepest level at which at most 2 by 2 cells hold the box, and those cells. */
function cellsAround(
  west: number,
  east: number,
  south: number,
  north: number,
): { readonly cells: readonly Cell[]; readonly level: number } {
  const across = Math.max((east - west) / 360, (north - south) / 180, 2 ** -BITS);
  const level = Math.max(0, Math.floor(-Math.log2(across)));
  const index = (degrees: number, span: number): number =>
    Math.floor(cellOf(degrees, span) / 2 ** (BITS - level));
  const cells: Cell[] = [];
  for (let x = index(west, 360); x <= index(east, 360); x++) {
    for (let y = index(south, 180); y <= index(north, 180); y++) cells.push({ x, y });
  }
  return { cells, level };
}

/**
 * At most 16 ranges of cells that hold every point within the circle; right at the poles and across ±180°.
 * A margin of a metre covers rounding.
 */
export function coverCircle(longitude: number, latitude: number, radiusMetres: number): CellRange[] {
  const radius = (radiusMetres * (1 + 1e-9) + 1) / EARTH_RADIUS_METRES;
  const degrees = radius / RADIANS;
  const nearCircle = circleTest(longitude, latitude, radius);
  if (Math.abs(latitude) + degrees >= 90) return cover(nearCircle, WHOLE_MAP, 0);
  const width = Math.asin(Math.sin(radius) / Math.cos(latitude * RADIANS)) / RADIANS + 1e-9;
  if (Math.abs(longitude) + width > 180) return cover(nearCircle, WHOLE_MAP, 0);
  const around = cellsAround(longitude - width, longitude + width, latitude - degrees, latitude + degrees);
  return cover(
    (west, east, south, north) =>
      west <= longitude + width && east >= longitude - width && nearCircle(west, east, south, north),
    around.cells,
    around.level,
  );
}

/**
 * Tells whether a box of the map comes within the radius (radians) of a point: on the point's own meridian,
 * or at the box's western or eastern edge, where an end of the edge or the foot of the perpendicular is
 * nearest. Differences of longitude only go through sines and cosines, so ±180° needs no care.
 */
function circleTest(longitude: number, latitude: number, radius: number): BoxTest {
  const y = latitude * RADIANS;
  const [sinY, cosY] = [Math.sin(y), Math.cos(y)];
  // Distances are compared as haversines, sin²(d / 2).
  const limit = radius >= Math.PI ? 1 : Math.sin(radius / 2) ** 2;
  const sinRadius = radius >= Math.PI / 2 ? 1 : Math.sin(radius);
  const touchesEdge = (edge: number, south: number, north: number): boolean => {
    const longitudes = (edge - longitude) * RADIANS;
    const across = Math.sin(longitudes / 2) ** 2 * cosY;
    if (Math.sin((south - y) / 2) ** 2 + across * Math.cos(south) <= limit) return true;
    if (Math.sin((north - y) / 2) ** 2 + across * Math.cos(north) <= limit) return true;
    if (cosY * Math.abs(Math.sin(longitudes)) > sinRadius) return false;
    const foot = Math.atan2(sinY, cosY * Math.cos(longitudes));
    return foot > south && foot < north;
  };
  return (west, east, southDegrees, northDegrees) => {
    const south = southDegrees * RADIANS;
    const north = northDegrees * RADIANS;
    if (south - y > radius || y - north > radius) return false;
    if (longitude >= west && longitude <= east) return true;
    return touchesEdge(west, south, north) || touchesEdge(east, south, north);
  };
}

/** At most 16 ranges of cells that hold every point of a box (edges included); low > high longitude crosses ±180°. */
export function coverBox(
  low: readonly [longitude: number, latitude: number],
  high: readonly [longitude: number, latitude: number],
): CellRange[] {
  const slack = 1e-9;
  const touches: BoxTest = (west, east, south, north) => {
    if (south > high[1] + slack || north < low[1] - slack) return false;
    const afterWest = east >= low[0] - slack;
    const beforeEast = west <= high[0] + slack;
    return low[0] <= high[0] ? afterWest && beforeEast : afterWest || beforeEast;
  };
  return cover(touches, WHOLE_MAP, 0);
}
