import L from 'leaflet';
import type { CommunityView, GeoJsonFeatureCollection, Position } from '../../../../src/shared/api-types.ts';
import type { LocalisedText } from '../../../../src/shared/vocabulary.ts';

type Feature = GeoJsonFeatureCollection['features'][number];

export const toLatLng = ([longitude, latitude]: Position): L.LatLngTuple => [latitude, longitude];

/** Width of a street and of the stream on the ground. */
const STREET_METRES = 12;
const WATER_METRES = 16;

/** Everything of the estate that does not change: ground, garden, streets, water. Colours come from classes. */
export function drawGround(map: L.Map, features: readonly Feature[]): { rescale: () => void } {
  const wide: { line: L.Polyline; metres: number }[] = [];
  for (const { geometry, properties } of features) {
    const kind = kindOf(properties) || 'ground';
    if (geometry.type === 'Polygon') {
      const rings = geometry.coordinates as Position[][];
      const ring = rings.map((points) => points.map(toLatLng));
      L.polygon(ring, { interactive: false, className: `plan-${kind}` }).addTo(map);
    } else if (geometry.type === 'LineString') {
      const points = (geometry.coordinates as Position[]).map(toLatLng);
      const metres = kind === 'water' ? WATER_METRES : STREET_METRES;
      const line = L.polyline(points, { interactive: false, className: `plan-${kind}` }).addTo(map);
      wide.push({ line, metres });
    }
  }
  const rescale = (): void => {
    const perMetre = pixelsPerMetre(map);
    for (const { line, metres } of wide) line.setStyle({ weight: Math.max(3, metres * perMetre) });
  };
  map.on('zoomend', rescale);
  return { rescale };
}

/** The plan is the centre's own file: what is not a word is no kind. */
function kindOf({ kind }: Record<string, unknown>): string {
  return typeof kind === 'string' && /^[a-z-]+$/.test(kind) ? kind : '';
}

function nameOf({ name }: Record<string, unknown>): LocalisedText {
  return typeof name === 'object' && name !== null ? name : {};
}

function pixelsPerMetre(map: L.Map): number {
  const centre = map.getCenter();
  const east = map.containerPointToLatLng(map.latLngToContainerPoint(centre).add([100, 0]));
  return 100 / Math.max(1, map.distance(centre, east));
}

/** The frame of the whole plan, buildings included. */
export function boundsOf(community: CommunityView): L.LatLngBounds {
  const bounds = L.latLngBounds([toLatLng(community.centrePoint)]);
  for (const { point, footprint } of community.buildings) {
    bounds.extend(toLatLng(point));
    for (const ring of footprint?.coordinates ?? [])
      for (const corner of ring) bounds.extend(toLatLng(corner));
  }
  for (const { geometry } of community.plan?.features ?? []) extendBy(bounds, geometry.coordinates);
  return bounds;
}

function extendBy(bounds: L.LatLngBounds, coordinates: unknown): void {
  if (!Array.isArray(coordinates)) return;
  const [longitude, latitude] = coordinates as unknown[];
  if (typeof longitude === 'number' && typeof latitude === 'number') bounds.extend([latitude, longitude]);
  else for (const inner of coordinates) extendBy(bounds, inner);
}

/** A point in the middle of a footprint's height, at a share of its width from the west (0) to the east (1). */
export function spotInside(footprint: { coordinates: Position[][] }, share: number): L.LatLngTuple {
  const ring = footprint.coordinates[0] ?? [];
  const east = ring.map(([longitude]) => longitude);
  const north = ring.map(([, latitude]) => latitude);
  const west = Math.min(...east);
  return [(Math.min(...north) + Math.max(...north)) / 2, west + (Math.max(...east) - west) * share];
}

export interface Spot {
  kind: string;
  name: LocalisedText;
  at: L.LatLngTuple;
}

/** Named points of the plan: gates, the centre, the clinic, the shop. */
export function spotsOf(features: readonly Feature[]): Spot[] {
  return features.flatMap(({ geometry, properties }) =>
    geometry.type === 'Point'
      ? [
          {
            kind: kindOf(properties),
            name: nameOf(properties),
            at: toLatLng(geometry.coordinates as Position),
          },
        ]
      : [],
  );
}

const SVG = 'http://www.w3.org/2000/svg';

/** An element of the sprite, made by hand because the page's policy allows no markup from strings. */
export function spriteUse(sprite: string, symbol: string, size: [number, number]): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size[0]} ${size[1]}`);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${sprite}#${symbol}`);
  use.setAttribute('width', String(size[0]));
  use.setAttribute('height', String(size[1]));
  svg.append(use);
  return svg;
}
