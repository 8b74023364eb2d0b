import type { Point } from './match-types.ts';

/** Mean radius of the earth in metres (IUGG R1). */
export const EARTH_METRES = 6_371_008.8;

/** Writes the unit vector of a point into `out` at `at`: x, y, z. Exact at the poles and across ±180°. */
export function writeUnitVector(point: Point, out: Float64Array, at: number): void {
  const longitude = (point[0] * Math.PI) / 180;
  const latitude = (point[1] * Math.PI) / 180;
  const flat = Math.cos(latitude);
  out[at] = flat * Math.cos(longitude);
  out[at + 1] = flat * Math.sin(longitude);
  out[at + 2] = Math.sin(latitude);
}

const SERIES_CHORD_SQUARED = 30_000 * 30_000;
const CUBIC = 1 / (24 * EARTH_METRES ** 2);
const QUINTIC = 3 / (640 * EARTH_METRES ** 4);

/**
 * Great-circle metres over a squared straight chord in metres through the earth. The chord grows with the arc, so
 * comparing chords is comparing great-circle distances, without trigonometry. Up to 30 km by the series
 * 2R·asin(c/2R) = c + c³/24R² + 3c⁵/640R⁴, whose next term is below a picometre there; by the arcsine beyond.
 */
export function arcFromChordSquared(chordSquared: number): number {
  const chord = Math.sqrt(chordSquared);
  if (chordSquared < SERIES_CHORD_SQUARED) {
    return chord * (1 + chordSquared * (CUBIC + chordSquared * QUINTIC));
  }
  return 2 * EARTH_METRES * Math.asin(Math.min(1, chord / (2 * EARTH_METRES)));
}

/** The straight chord in metres that belongs to a great-circle distance; half the circle at most. */
export function chordFromArc(arcMetres: number): number {
  const half = Math.min(arcMetres / (2 * EARTH_METRES), Math.PI / 2);
  return 2 * EARTH_METRES * Math.sin(half);
}

/**
 * Great-circle distance in whole metres. Scores use whole metres: places are centres of public places, so
 * finer steps would only pretend, and equal places give equal scores.
 */
export function wholeMetres(from: Point, to: Point): number {
  const vectors = new Float64Array(6);
  writeUnitVector(from, vectors, 0);
  writeUnitVector(to, vectors, 3);
  const dx = vectors[0]! - vectors[3]!;
  const dy = vectors[1]! - vectors[4]!;
  const dz = vectors[2]! - vectors[5]!;
  return Math.round(arcFromChordSquared(EARTH_METRES ** 2 * (dx * dx + dy * dy + dz * dz)));
}
