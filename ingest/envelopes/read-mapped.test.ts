import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodedMapping } from '../sources/source.ts';
import { readMapped } from './read-mapped.ts';

const MAPPING: DecodedMapping = {
  distance: { path: 'level.distance', unit: 'cm' },
  fill: { path: 'fill', scale: 'ratio' },
  temperatureC: { path: 'temp' },
  batteryPercent: { path: 'battery.percent' },
  batteryVoltage: { path: 'battery.voltage', unit: 'mV' },
  tilted: { path: 'position' },
};

describe('readMapped', () => {
  it('takes every value from its path, in its unit and scale', () => {
    const decoded = {
      level: { distance: 62 },
      fill: 0.57,
      temp: -4.5,
      battery: { percent: 92, voltage: 3580 },
      position: 'tilt',
    };
    expect(readMapped(decoded, MAPPING)).toEqual({
      ok: true,
      measurement: {
        distanceMm: 620,
        fillPercent: 57,
        temperatureC: -4.5,
        batteryPercent: 92,
        batteryV: 3.58,
        tilted: true,
      },
    });
  });

  it('passes over what a message lacks', () => {
    expect(readMapped({ fill: null, battery: { percent: 92 } }, MAPPING)).toEqual({
      ok: true,
      measurement: { batteryPercent: 92 },
    });
  });

  it('knows names with dots in them', () => {
    expect(readMapped({ 'level.distance': 5 }, MAPPING)).toMatchObject({
      measurement: { distanceMm: 50 },
    });
  });

  it.each([
    [true, true],
    [0, false],
    ['Normal', false],
    ['tilted', true],
  ])('takes %j as tilted: %j', (position, tilted) => {
    expect(readMapped({ position }, MAPPING)).toMatchObject({ measurement: { tilted } });
  });

  it.each([
    ['level.distance', { level: { distance: '62 cm' } }],
    ['fill', { fill: [0.5] }],
    ['battery.percent', { battery: { percent: {} } }],
    ['position', { position: 'upside down' }],
  ])('names the path %s that holds something else: %j', (path, decoded) => {
    expect(readMapped(decoded, MAPPING)).toEqual({
      ok: false,
      problem: expect.stringContaining(`${path}: expected`),
    });
  });

  it.each([{}, { other: 1 }, null, 'text', { level: 5 }])(
    'names all paths when none is there: %j',
    (decoded) => {
      expect(readMapped(decoded, MAPPING)).toEqual({
        ok: false,
        problem: expect.stringContaining('level.distance, fill, temp'),
      });
    },
  );

  it('does not take what every object inherits for a value', () => {
    const mapping: DecodedMapping = { temperatureC: { path: 'constructor.length' } };
    expect(readMapped({}, mapping)).toMatchObject({ ok: false });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (decoded) => {
        expect(readMapped(decoded, MAPPING)).toHaveProperty('ok');
      }),
    );
  });
});
