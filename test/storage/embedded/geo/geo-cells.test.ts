import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  coverBox,
  coverCircle,
  distanceMetres,
  EARTH_RADIUS_METRES,
  encodeCell,
  mortonOf,
} from '../../../../src/storage/embedded/index/geo-cells.ts';
import type { CellRange } from '../../../../src/storage/embedded/index/geo-cells.ts';
import { compileFilter } from '../../../../src/storage/embedded/query/match.ts';
import { raw } from '../bson/documents.ts';

type Point = [number, number];

function covered(ranges: readonly CellRange[], [longitude, latitude]: Point): boolean {
  const cell = mortonOf(longitude, latitude);
  return ranges.some(({ from, to }) => cell >= from && cell <= to);
}

/** Distance by vectors, an independent way to the same figure. */
function vectorDistance([lon1, lat1]: Point, [lon2, lat2]: Point): number {
  const unit = (lon: number, lat: number): number[] => {
    const [x, y] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
    return [Math.cos(y) * Math.cos(x), Math.cos(y) * Math.sin(x), Math.sin(y)];
  };
  const [a, b] = [unit(lon1, lat1), unit(lon2, lat2)];
  const chord = Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
  return 2 * Math.asin(Math.min(1, chord / 2)) * EARTH_RADIUS_METRES;
}

const longitudes = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.double({ min: 179.9, max: 180, noNaN: true }),
  fc.double({ min: -180, max: -179.9, noNaN: true }),
  fc.constantFrom(-180, 0, 180),
);
const latitudes = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.double({ min: 89.9, max: 90, noNaN: true }),
  fc.double({ min: -90, max: -89.9, noNaN: true }),
  fc.constantFrom(-90, 0, 90),
);
const points: fc.Arbitrary<Point> = fc.tuple(longitudes, latitudes);
const radii = fc.oneof(
  fc.double({ min: 0, max: 10_000, noNaN: true }),
  fc.double({ min: 0, max: 21_000_000, noNaN: true }),
  fc.constantFrom(0, 1, 600, 5000, 20_100_000),
);

/** Points near the centre at about the radius, so that the edge of the circle is tried as well. */
function around([lon, lat]: Point, metres: number, bearing: number, factor: number): Point {
  const d = (metres * factor) / EARTH_RADIUS_METRES;
  const [x, y] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
  const lat2 = Math.asin(
    Math.max(-1, Math.min(1, Math.sin(y) * Math.cos(d) + Math.cos(y) * Math.sin(d) * Math.cos(bearing))),
  );
  const lon2 =
    x + Math.atan2(Math.sin(bearing) * Math.sin(d) * Math.cos(y), Math.cos(d) - Math.sin(y) * Math.sin(lat2));
  const degrees = ((((lon2 * 180) / Math.PI + 180) % 360) + 360) % 360;
  return [degrees - 180, (lat2 * 180) / Math.PI];
}

describe('the covering of a circle', () => {
  it('holds every point within it, at the poles and across ±180° too', () => {
    const targets = fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        fc.double({ min: 0, max: 1.2, noNaN: true }),
      ),
      { minLength: 5, maxLength: 20 },
    );
    fc.assert(
      fc.property(points, radii, targets, fc.array(points, { maxLength: 5 }), (centre, radius, near, far) => {
        const ranges = coverCircle(centre[0], centre[1], radius);
        expect(ranges.length).to.be.within(1, 20);
        for (const point of [centre, ...far, ...near.map(([b, f]) => around(centre, radius, b, f))]) {
          if (distanceMetres(centre, point) <= radius) expect(covered(ranges, point)).to.equal(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('is not much larger than a town’s circle', () => {
    const ranges = coverCircle(121.47, 31.23, 5000);
    const cells = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const cellArea =
      ((360 / 2 ** 26) * 111_319 * Math.cos((31.23 * Math.PI) / 180) * (180 / 2 ** 26) * 111_319) / 1e6;
    expect(cells * cellArea).to.be.below(2 * Math.PI * 25);
  });
});

describe('the covering of a box', () => {
  it('holds every point within it', () => {
    fc.assert(
      fc.property(points, points, fc.array(points, { minLength: 5 }), (a, b, others) => {
        const low: Point = [a[0], Math.min(a[1], b[1])];
        const high: Point = [b[0], Math.max(a[1], b[1])];
        const ranges = coverBox(low, high);
        expect(ranges.length).to.be.at.most(20);
        for (const point of [a, b, ...others]) {
          const inLongitude =
            low[0] <= high[0]
              ? point[0] >= low[0] && point[0] <= high[0]
              : point[0] >= low[0] || point[0] <= high[0];
          if (inLongitude && point[1] >= low[1] && point[1] <= high[1])
            expect(covered(ranges, point)).to.equal(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('positions', () => {
  it('are as far apart as vectors say', () => {
    fc.assert(
      fc.property(points, points, (a, b) => {
        expect(distanceMetres(a, b)).to.be.closeTo(vectorDistance(a, b), 1);
      }),
      { numRuns: 2000 },
    );
  });

  it('keep the order of their cells as index bytes', () => {
    fc.assert(
      fc.property(points, points, (a, b) => {
        const [x, y] = [mortonOf(...a), mortonOf(...b)];
        expect(Buffer.compare(encodeCell(x), encodeCell(y))).to.equal(Math.sign(x - y) + 0);
        expect(x).to.be.within(0, 2 ** 52 - 1);
      }),
    );
  });

  const home = { loc: { type: 'Point', coordinates: [121.47, 31.23] } };
  const circle = (metres: number): Record<string, unknown> => ({
    loc: { $geoWithin: { $centerSphere: [[121.48, 31.23], metres / EARTH_RADIUS_METRES] } },
  });
  const rows: [Record<string, unknown>, Record<string, unknown>, boolean][] = [
    [circle(1000), home, true],
    [circle(900), home, false],
    [circle(1000), { loc: [121.47, 31.23] }, true],
    [circle(1000), { loc: { lng: 121.47, lat: 31.23 } }, true],
    [circle(1000), { loc: null }, false],
    [circle(1000), {}, false],
    [
      {
        loc: {
          $geoWithin: {
            $box: [
              [121, 31],
              [122, 32],
            ],
          },
        },
      },
      home,
      true,
    ],
    [
      {
        loc: {
          $geoWithin: {
            $box: [
              [122, 31],
              [123, 32],
            ],
          },
        },
      },
      home,
      false,
    ],
    [{ loc: { $geoWithin: { $center: [[121, 31], 1] } } }, home, true],
    [{ loc: { $geoIntersects: { $geometry: { type: 'Point', coordinates: [121.47, 31.23] } } } }, home, true],
    [
      { loc: { $near: { $geometry: { type: 'Point', coordinates: [121.48, 31.23] }, $maxDistance: 1000 } } },
      home,
      true,
    ],
    [
      { loc: { $near: { $geometry: { type: 'Point', coordinates: [121.48, 31.23] }, $maxDistance: 900 } } },
      home,
      false,
    ],
    [
      { loc: { $near: { $geometry: { type: 'Point', coordinates: [121.48, 31.23] }, $minDistance: 1000 } } },
      home,
      false,
    ],
    [{ loc: { $nearSphere: [121.48, 31.23], $maxDistance: 1000 / EARTH_RADIUS_METRES } }, home, true],
  ];
  for (const [filter, doc, expected] of rows) {
    it(`${JSON.stringify(filter)} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(doc)}`, () => {
      expect(compileFilter(raw(filter)).matches(raw(doc))).to.equal(expected);
    });
  }
});
