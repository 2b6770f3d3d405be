import { expect, test } from 'vitest';
import { toGeoJson } from './geojson.ts';
import { sampleSheet } from './testing/sample-sheet.ts';

interface Feature {
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
  readonly properties: Readonly<Record<string, unknown>>;
}

function featuresOf(text: string): readonly Feature[] {
  // Safe: written by the function under test, and looked at value by value.
  return (JSON.parse(text) as { readonly features: readonly Feature[] }).features;
}

test('a line for the route, a point for each place, and the stops left out', () => {
  const features = featuresOf(toGeoJson(sampleSheet()));
  expect(features.map(({ geometry, properties }) => [geometry.type, properties['kind']])).toEqual([
    ['LineString', 'route'],
    ['Point', 'start'],
    ['Point', 'stop'],
    ['Point', 'stop'],
    ['Point', 'disposal'],
    ['Point', 'end'],
    ['Point', 'left-out'],
  ]);
  expect(features[2]?.geometry.coordinates).toEqual([17.6253, 59.1955]);
  expect(features[2]?.properties).toMatchObject({
    ...{ arrival: '2026-11-25T06:05:00+01:00', fillPercent: 92.4, ageSeconds: 1500 },
    ...{ reason: 'full', litres: 600, loadAfter: { litres: 600, kg: 50 } },
  });
});

test('a line drawn on roads is taken as it is', () => {
  const line = [
    { lat: 59.2, lng: 17.6 },
    { lat: 59.123456789, lng: 17.5 },
  ];
  const [route] = featuresOf(toGeoJson(sampleSheet({ line: () => line })));
  expect(route?.geometry.coordinates).toEqual([
    [17.6, 59.2],
    [17.5, 59.1234568],
  ]);
  expect(route?.properties['onRoads']).toBe(true);
});
