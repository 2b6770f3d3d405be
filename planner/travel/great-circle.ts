import type { Position } from './travel-source.ts';

/** Mean radius (IUGG), metres. */
const EARTH_RADIUS = 6_371_008.8;

/** Metres between two positions as the crow flies (haversine formula). */
export function greatCircleMetres(from: Position, to: Position): number {
  const radians = Math.PI / 180;
  const halfLat = ((to.lat - from.lat) * radians) / 2;
  const halfLng = ((to.lng - from.lng) * radians) / 2;
  const chord =
    Math.sin(halfLat) ** 2 +
    Math.cos(from.lat * radians) * Math.cos(to.lat * radians) * Math.sin(halfLng) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(chord)));
}
