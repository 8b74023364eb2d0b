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

/**
 * Great-circle metres from the straight chord in metres through the earth. The chord grows with the arc, so
 * comparing chords is comparing great-circle distances, without trigonometry.
 */
export function arcFromChord(chordMetres: number): number {
  return 2 * EARTH_METRES * Math.asin(Math.min(1, chordMetres / (2 * EARTH_METRES)));
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
  return Math.round(arcFromChord(EARTH_METRES * Math.sqrt(dx * dx + dy * dy + dz * dz)));
}
