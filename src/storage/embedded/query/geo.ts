import { storeError } from '../errors.ts';
import { numberOf } from '../bson/number.ts';
import type { RawValue } from '../bson/types.ts';
import { arrayValues, elementsOf, getField, stringOf, subdocument } from '../bson/walk.ts';
import { distanceMetres, EARTH_RADIUS_METRES } from '../index/geo-cells.ts';
import type { FilterNode, GeoShape, NearNode, Position } from './nodes.ts';

function isOnEarth(longitude: number, latitude: number): boolean {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
}

/**
 * The position a value stands for: a GeoJSON Point, an array of two numbers or an object of two numbers
 * (longitude first). Undefined for anything else, other geometries and places off the globe included.
 */
export function positionOf(value: RawValue): Position | undefined {
  if (value.type !== 0x03 && value.type !== 0x04) return undefined;
  const kind = value.type === 0x03 ? getField(subdocument(value), 'type') : undefined;
  if (kind?.type === 0x02) {
    const coordinates = getField(subdocument(value), 'coordinates');
    if (stringOf(kind) !== 'Point' || coordinates?.type !== 0x04) return undefined;
    return positionOf(coordinates);
  }
  const numbers: number[] = [];
  for (const part of arrayValues(value)) {
    const number = numberOf(part);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  const [longitude, latitude] = numbers;
  if (longitude === undefined || latitude === undefined || numbers.length > 3) return undefined;
  return isOnEarth(longitude, latitude) ? [longitude, latitude] : undefined;
}

function requiredPosition(value: RawValue | undefined, operator: string): Position {
  const position = value && positionOf(value);
  if (!position) throw storeError(2, `invalid point in geo query: ${operator}`);
  return position;
}

function distanceOf(value: RawValue | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const metres = numberOf(value);
  if (metres === undefined || !(metres >= 0)) throw storeError(2, `${name} must be a non-negative number`);
  return metres;
}

/**
 * Parses `$near` / `$nearSphere`. With `$geometry` distances are metres; `$nearSphere` with a plain pair
 * takes radians beside itself. A plain pair for `$near` needs a flat 2d index, which does not exist: 291.
 * @param operators the whole operator document of the path (holds the legacy distances)
 */
export function parseNear(path: string, operator: string, operand: RawValue, operators: RawValue): NearNode {
  if (operand.type !== 0x03 && operand.type !== 0x04) throw storeError(2, `${operator} must be a point`);
  const geometry = operand.type === 0x03 ? getField(subdocument(operand), '$geometry') : undefined;
  if (!geometry && operator === '$near') throw storeError(291, 'unable to find index for $geoNear query');
  const holder = subdocument(geometry ? operand : operators);
  const unit = geometry ? 1 : EARTH_RADIUS_METRES;
  const minimum = distanceOf(getField(holder, '$minDistance'), '$minDistance');
  const maximum = distanceOf(getField(holder, '$maxDistance'), '$maxDistance');
  return {
    op: 'near',
    path,
    centre: requiredPosition(geometry ?? operand, operator),
    spherical: true,
    ...(minimum === undefined ? {} : { minMetres: minimum * unit }),
    ...(maximum === undefined ? {} : { maxMetres: maximum * unit }),
  };
}

function pairOf(value: RawValue, operator: string): [RawValue, RawValue] {
  const parts = value.type === 0x04 || value.type === 0x03 ? [...elementsOf(value)] : [];
  if (parts.length !== 2) throw storeError(2, `${operator} needs an array of two elements`);
  return [parts[0]!.value, parts[1]!.value];
}

function parseShape(name: string, operand: RawValue): GeoShape {
  if (name === '$centerSphere' || name === '$center') {
    const [point, size] = pairOf(operand, name);
    const radius = distanceOf(size, 'radius');
    if (radius === undefined) throw storeError(2, 'radius must be a non-negative number');
    const centre = requiredPosition(point, name);
    return name === '$center'
      ? { kind: 'flatCircle', centre, degrees: radius }
      : { kind: 'circle', centre, metres: radius * EARTH_RADIUS_METRES };
  }
  if (name === '$box') {
    const [first, second] = pairOf(operand, name);
    const a = requiredPosition(first, name);
    const b = requiredPosition(second, name);
    return {
      kind: 'box',
      low: [Math.min(a[0], b[0]), Math.min(a[1], b[1])],
      high: [Math.max(a[0], b[0]), Math.max(a[1], b[1])],
    };
  }
  throw storeError(2, `unknown geo specifier: ${name}`);
}

/** Parses `$geoWithin` ($centerSphere, $center, $box) and `$geoIntersects` with a Point. */
export function parseGeoWithin(path: string, operator: string, operand: RawValue): FilterNode {
  const [first] = operand.type === 0x03 ? elementsOf(operand) : [];
  if (!first) throw storeError(2, `${operator} expects an object`);
  if (operator === '$geoIntersects') {
    if (first.name !== '$geometry') throw storeError(2, `unknown geo specifier: ${first.name}`);
    const centre = requiredPosition(first.value, operator);
    return { op: 'geoWithin', path, shape: { kind: 'circle', centre, metres: 0 } };
  }
  return { op: 'geoWithin', path, shape: parseShape(first.name, first.value) };
}

/** True when a position lies in the shape, its edge included. */
export function isWithin(shape: GeoShape, position: Position): boolean {
  switch (shape.kind) {
    case 'circle':
      return distanceMetres(shape.centre, position) <= shape.metres;
    case 'box':
      return (
        position[0] >= shape.low[0] &&
        position[0] <= shape.high[0] &&
        position[1] >= shape.low[1] &&
        position[1] <= shape.high[1]
      );
    default:
      return Math.hypot(position[0] - shape.centre[0], position[1] - shape.centre[1]) <= shape.degrees;
  }
}
