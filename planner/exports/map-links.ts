import { oneLine } from './clean-text.ts';
import { assertPlaced, degrees, placedEntries } from './positions.ts';
import type { Position, RunSheet, SheetRoute } from './run-sheet.ts';

export const MAP_APPS = ['google', 'apple', 'osm'] as const;
export type MapApp = (typeof MAP_APPS)[number];

/** Places between start and end that a link may name. */
export const WAY_POINTS = { phone: 3, desk: 9 } as const;

/** OpenStreetMap's page knows a start and an end only. */
const OSM_WAY_POINTS = 0;

/**
 * Links that open a route in a map app, cut into pieces that the app takes: each begins where the one before ends. Google's
 * links take three way points on a phone and nine elsewhere (Maps URLs, Directions).
 */
export function mapLinks(route: SheetRoute, app: MapApp, mostWayPoints: number): readonly string[] {
  const most = app === 'osm' ? OSM_WAY_POINTS : mostWayPoints;
  return cutIntoPieces(pointsOf(route), most).map((piece) => toLink(piece, app));
}

/** All links of a plan as text, for a message to the driver. */
export function toLinksText(sheet: RunSheet): string {
  assertPlaced(sheet);
  const blocks = sheet.routes.map((route) =>
    [
      `# ${oneLine(route.vehicleName)}`,
      ...list('Google Maps, phone', mapLinks(route, 'google', WAY_POINTS.phone)),
      ...list('Google Maps', mapLinks(route, 'google', WAY_POINTS.desk)),
      ...list('Apple Maps', mapLinks(route, 'apple', WAY_POINTS.desk)),
      ...list('OpenStreetMap', mapLinks(route, 'osm', OSM_WAY_POINTS)),
    ].join('\n'),
  );
  return `${blocks.join('\n\n')}\n`;
}

function list(app: string, links: readonly string[]): string[] {
  return links.map((link, index) => `${app} ${index + 1}/${links.length}: ${link}`);
}

/** Places in order; two visits at one place are one point. */
function pointsOf(route: SheetRoute): readonly string[] {
  const points = placedEntries(route).map(({ position }) => toPoint(position));
  return points.filter((point, index) => point !== points[index - 1]);
}

function cutIntoPieces(points: readonly string[], mostWayPoints: number): string[][] {
  const step = mostWayPoints + 1;
  const pieces: string[][] = [];
  for (let from = 0; from + 1 < points.length; from += step) {
    pieces.push(points.slice(from, from + step + 1));
  }
  return pieces;
}

function toLink(piece: readonly string[], app: MapApp): string {
  const [from = ''] = piece;
  const to = piece.at(-1) ?? '';
  const between = piece.slice(1, -1);
  if (app === 'google') {
    const query = new URLSearchParams({ api: '1', origin: from, destination: to });
    if (between.length > 0) query.set('waypoints', between.join('|'));
    query.set('travelmode', 'driving');
    return `https://www.google.com/maps/dir/?${query.toString()}`;
  }
  if (app === 'apple') {
    // "Adopting unified Maps URLs" (iOS 18.4 and later).
    const query = new URLSearchParams({ source: from });
    for (const point of between) query.append('waypoint', point);
    query.set('destination', to);
    query.set('mode', 'driving');
    return `https://maps.apple.com/directions?${query.toString()}`;
  }
  const query = new URLSearchParams({ engine: 'fossgis_osrm_car', route: `${from};${to}` });
  return `https://www.openstreetmap.org/directions?${query.toString()}`;
}

/** Six decimals are 11 cm, and keep links short. */
function toPoint({ lat, lng }: Position): string {
  return `${degrees(lat).slice(0, -1)},${degrees(lng).slice(0, -1)}`;
}
