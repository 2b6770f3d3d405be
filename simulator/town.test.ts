import { expect, test } from 'vitest';
import { findGeometryMistake } from '../domain/geometry.ts';
import { parseBinId, parseDeviceId } from '../domain/ids.ts';
import { LAND_AREAS, type Location, TOWN_BOX, isOnLand, metersBetween } from './land-areas.ts';
import { createTown } from './town.ts';

const town = createTown({ seed: 1, binCount: 160 });

/** The middle of the water through the town, from Linasundet to Igelstaviken; the railway crosses at 59.1847. */
const CANAL: readonly Location[] = [
  { lat: 59.213, lng: 17.637 },
  { lat: 59.205, lng: 17.6385 },
  { lat: 59.1975, lng: 17.637 },
  { lat: 59.1925, lng: 17.6395 },
  { lat: 59.1847, lng: 17.6439 },
  { lat: 59.179, lng: 17.651 },
  { lat: 59.17, lng: 17.656 },
];

/** Points along the canal every few metres. */
function canalPoints(): Location[] {
  return CANAL.slice(1).flatMap((to, index) => {
    const from = CANAL[index] ?? to;
    return Array.from({ length: 50 }, (_, step) => ({
      lat: from.lat + ((to.lat - from.lat) * step) / 50,
      lng: from.lng + ((to.lng - from.lng) * step) / 50,
    }));
  });
}

test('the same seed builds the same town, another seed another one', () => {
  expect(createTown({ seed: 1, binCount: 160 })).toEqual(town);
  expect(createTown({ seed: 2, binCount: 160 })).not.toEqual(town);
});

test('a smaller town is the beginning of a larger one', () => {
  expect(createTown({ seed: 1, binCount: 37 }).bins).toEqual(town.bins.slice(0, 37));
});

test('a town of no bins is refused', () => {
  expect(() => createTown({ seed: 1, binCount: 0 })).toThrow(RangeError);
  expect(() => createTown({ seed: 1, binCount: 1.5 })).toThrow(RangeError);
});

test.each([1, 2, 3, 99])('every bin of seed %i stands inside the box and on land', (seed) => {
  for (const bin of createTown({ seed, binCount: 400 }).bins) {
    const { lat, lng } = bin.location;
    const inBox =
      lat > TOWN_BOX.south && lat < TOWN_BOX.north && lng > TOWN_BOX.west && lng < TOWN_BOX.east;
    const area = LAND_AREAS.find(({ name }) => name === bin.area);
    expect(inBox, `${bin.name} at ${lat}, ${lng} is in the box`).toBe(true);
    expect(area !== undefined && isOnLand(bin.location, area), `${bin.name} is on land`).toBe(true);
  }
});

test('no neighbourhood comes closer than 250 metres to the middle of the canal', () => {
  const canal = canalPoints();
  for (const { name, discs } of LAND_AREAS) {
    for (const { centre, radiusMeters } of discs) {
      const gap = Math.min(...canal.map((point) => metersBetween(centre, point))) - radiusMeters;
      expect(gap, name).toBeGreaterThan(250);
    }
  }
});

test('ids are ones that Tunna accepts, and ids and names are unique', () => {
  for (const bin of town.bins) {
    expect(parseBinId(bin.id)).toBe(bin.id);
    expect(parseDeviceId(bin.sensor.deviceId)).toBe(bin.sensor.deviceId);
  }
  expect(new Set(town.bins.map(({ id }) => id)).size).toBe(160);
  expect(new Set(town.bins.map(({ name }) => name)).size).toBe(160);
  expect(new Set(town.bins.map(({ sensor }) => sensor.deviceId)).size).toBe(160);
});

test('every geometry describes a bin', () => {
  expect(town.bins.map(({ geometry }) => findGeometryMistake(geometry))).toEqual(
    town.bins.map(() => undefined),
  );
});

test('the town has the streams, sensors and envelopes of a real one', () => {
  const count = (of: (bin: (typeof town.bins)[number]) => boolean): number =>
    town.bins.filter(of).length;
  expect(count((bin) => bin.stream === 'litter')).toBe(88);
  expect(count((bin) => bin.stream === 'coloured-glass')).toBe(8);
  expect(count((bin) => bin.area === 'Centrum')).toBeGreaterThan(20);
  expect(count((bin) => bin.sensor.envelope === 'own-json')).toBe(40);
  expect(count((bin) => bin.sensor.envelope === 'things-stack')).toBeGreaterThan(40);
  expect(count((bin) => bin.sensor.envelope === 'chirpstack')).toBeGreaterThan(40);
  expect(new Set(town.bins.map((bin) => bin.sensor.model)).size).toBe(8);
  expect(new Set(town.bins.map((bin) => bin.area)).size).toBeGreaterThan(10);
  expect(count((bin) => bin.sensor.fault !== undefined)).toBeGreaterThan(2);
  expect(count((bin) => bin.sensor.fault !== undefined)).toBeLessThan(10);
});
