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
  return Math.max(0, Math.min(SIDE - 1, Math.floor(((degrees + span / 2) / span) * SIDE)));
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
  const bytes = Buffer.alloc(7);
  bytes.writeUIntBE(Math.floor(morton / 2 ** 32), 0, 3);
  bytes.writeUInt32BE(morton % 2 ** 32, 3);
  return new Uint8Array(bytes);
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

/** A box of the map, degrees. */
interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/**
 * Least distance (radians) from a point to a meridian between two latitudes: at the ends or where the
 * great circle through the point meets the meridian at a right angle.
 */
function distanceToMeridian(longitudes: number, latitude: number, south: number, north: number): number {
  const foot = Math.atan2(Math.sin(latitude), Math.cos(latitude) * Math.cos(longitudes));
  const ends = Math.min(
    distanceInRadians(longitudes, latitude, south),
    distanceInRadians(longitudes, latitude, north),
  );
  return foot > south && foot < north ? Math.min(ends, distanceInRadians(longitudes, latitude, foot)) : ends;
}

/** Least distance (radians) from a point to a box of the map; right across ±180° and at the poles. */
function distanceToBox(longitude: number, latitude: number, box: Box): number {
  const south = box.south * RADIANS;
  const north = box.north * RADIANS;
  const y = latitude * RADIANS;
  if (longitude >= box.west && longitude <= box.east) return Math.max(0, south - y, y - north);
  return Math.min(
    distanceToMeridian((box.west - longitude) * RADIANS, y, south, north),
    distanceToMeridian((box.east - longitude) * RADIANS, y, south, north),
  );
}

interface Cell {
  readonly x: number;
  readonly y: number;
}

function boxOf({ x, y }: Cell, level: number): Box {
  const cells = 2 ** level;
  return {
    west: (x / cells) * 360 - 180,
    east: ((x + 1) / cells) * 360 - 180,
    south: (y / cells) * 180 - 90,
    north: ((y + 1) / cells) * 180 - 90,
  };
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

/** Refines the whole map level by level, keeping the cells that touch, until the ranges would be too many. */
function cover(touches: (box: Box) => boolean): CellRange[] {
  let cells: Cell[] = [{ x: 0, y: 0 }];
  let ranges = rangesOf(cells, 0);
  for (let level = 1; level <= BITS; level++) {
    const finer: Cell[] = [];
    for (const { x, y } of cells) {
      for (let quarter = 0; quarter < 4; quarter++) {
        const cell = { x: x * 2 + (quarter >> 1), y: y * 2 + (quarter & 1) };
        if (touches(boxOf(cell, level))) finer.push(cell);
      }
    }
    const finerRanges = rangesOf(finer, level);
    if (finerRanges.length > RANGE_LIMIT || finer.length > 16 * RANGE_LIMIT) break;
    cells = finer;
    ranges = finerRanges;
  }
  return ranges;
}

/**
 * At most 16 ranges of cells that hold every point within the circle; right at the poles and across ±180°.
 * A margin of a metre covers rounding.
 */
export function coverCircle(longitude: number, latitude: number, radiusMetres: number): CellRange[] {
  const radius = (radiusMetres * (1 + 1e-9) + 1) / EARTH_RADIUS_METRES;
  const degrees = radius / RADIANS;
  const south = latitude - degrees;
  const north = latitude + degrees;
  const reachesPole = south <= -90 || north >= 90;
  const width = reachesPole
    ? 360
    : Math.asin(Math.sin(radius) / Math.cos(latitude * RADIANS)) / RADIANS + 1e-9;
  return cover((box) => {
    if (box.south > north || box.north < south) return false;
    if (longitude >= box.west && longitude <= box.east) return true;
    if (!reachesPole && !nearInLongitude(longitude, width, box)) return false;
    return distanceToBox(longitude, latitude, box) <= radius;
  });
}

function nearInLongitude(longitude: number, width: number, box: Box): boolean {
  return (
    (box.west <= longitude + width && box.east >= longitude - width) ||
    box.west <= longitude + width - 360 ||
    box.east >= longitude - width + 360
  );
}

/** At most 16 ranges of cells that hold every point of a box (edges included); low > high longitude crosses ±180°. */
export function coverBox(
  low: readonly [longitude: number, latitude: number],
  high: readonly [longitude: number, latitude: number],
): CellRange[] {
  const slack = 1e-9;
  return cover((box) => {
    if (box.south > high[1] + slack || box.north < low[1] - slack) return false;
    const afterWest = box.east >= low[0] - slack;
    const beforeEast = box.west <= high[0] + slack;
    return low[0] <= high[0] ? afterWest && beforeEast : afterWest || beforeEast;
  });
}
