import { expect, test } from 'vitest';
import { mapLinks, toLinksText } from './map-links.ts';
import { nastySheet } from './testing/nasty-names.ts';
import { sampleSheet } from './testing/sample-sheet.ts';
import type { SheetRoute } from './run-sheet.ts';

/** A route past so many different places; the depot stands at the first of them. */
function routePast(places: number): SheetRoute {
  const [route] = nastySheet(Array.from({ length: places }, (_, index) => `p${index}`)).routes;
  if (route === undefined) throw new Error('the sheet has a route');
  return route;
}

/** Start, way points and end of a link. */
function pointsOf(link: string): string[] {
  const { searchParams: query } = new URL(link);
  const between = query.get('waypoints')?.split('|') ?? query.getAll('waypoint');
  const from = query.get('origin') ?? query.get('source') ?? '';
  return [from, ...between, query.get('destination') ?? ''];
}

test.each([
  ['google', 3],
  ['google', 9],
  ['apple', 9],
] as const)('%s links with %i way points pass every place once, end to start', (app, most) => {
  const route = routePast(23);
  const pieces = mapLinks(route, app, most).map(pointsOf);
  expect(pieces.every((piece) => piece.length <= most + 2)).toBe(true);
  pieces.slice(1).forEach((piece, index) => expect(piece[0]).toBe(pieces[index]?.at(-1)));
  const joined = pieces.flatMap((piece, index) => (index === 0 ? piece : piece.slice(1)));
  const places = route.entries.flatMap(({ position }) => position ?? []);
  const expected = places.map(({ lat, lng }) => `${lat.toFixed(6)},${lng.toFixed(6)}`);
  // The depot and the first stop are one place.
  expect(joined).toEqual(expected.slice(1));
});

test('a link of exactly as many places as fit is one piece, and with one more it is two', () => {
  expect(mapLinks(routePast(4), 'google', 3)).toHaveLength(1);
  expect(mapLinks(routePast(5), 'google', 3)).toHaveLength(2);
});

test('OpenStreetMap gets a link from each place to the next', () => {
  expect(mapLinks(routePast(3), 'osm', 9)[0]).toBe(
    'https://www.openstreetmap.org/directions?engine=fossgis_osrm_car&route=-33.000000%2C-70.000000%3B-32.990000%2C-70.000000',
  );
  expect(mapLinks(routePast(3), 'osm', 9)).toHaveLength(3);
});

test('the text names each piece', () => {
  const text = toLinksText(sampleSheet());
  expect(text).toMatch(
    /^# Bil 1\nGoogle Maps, phone 1\/1: https:\/\/www\.google\.com\/maps\/dir\/\?api=1&origin=/,
  );
  expect(text.match(/^OpenStreetMap \d\/4: /gm)).toHaveLength(4);
});

test('without positions there is one line that says so', () => {
  const [route] = sampleSheet().routes;
  const entries = (route?.entries ?? []).map((entry) => ({ ...entry, position: null }));
  const bare = { ...sampleSheet(), routes: route ? [{ ...route, entries }] : [] };
  expect(() => toLinksText(bare)).toThrow(/^the plan has no positions/);
});
