import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillFromDistance, roundPercent } from '../../../domain/fill-from-distance.ts';
import type { Geometry } from '../../../domain/geometry.ts';
import { explainFill } from './fill-steps.ts';

const MEASURES = { emptyDistanceMm: 1200, fullDistanceMm: 200, blindZoneMm: 30 };
const TABLE: Geometry = {
  ...MEASURES,
  shape: 'strapping-table',
  strappingTable: [
    { heightMm: 0, litres: 0 },
    { heightMm: 500, litres: 120 },
    { heightMm: 1000, litres: 300 },
  ],
};
const GEOMETRIES: readonly Geometry[] = [
  { ...MEASURES, shape: 'prism' },
  { ...MEASURES, shape: 'taper', areaRatio: 0.6 },
  { ...MEASURES, shape: 'prism', temperatureReferenceC: 20 },
  { ...MEASURES, shape: 'taper', areaRatio: 3, temperatureReferenceC: 0 },
  TABLE,
];

test('the steps lead to the very fill that ingest computes', () => {
  const distance = fc.integer({ min: 31, max: 1260 });
  const temperature = fc.option(fc.integer({ min: -40, max: 60 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...GEOMETRIES),
      distance,
      temperature,
      (geometry, distanceMm, temperatureC) => {
        const { fillPercent } = fillFromDistance(distanceMm, geometry, temperatureC);
        fc.pre(fillPercent !== null);
        const steps = explainFill(distanceMm, geometry, temperatureC);
        expect(Math.abs(roundPercent(steps.fillPercent) - (fillPercent ?? NaN))).toBeLessThan(0.11);
      },
    ),
  );
});

test('a table is read between the rows around the height', () => {
  expect(explainFill(450, TABLE, 15)).toEqual({
    distanceMm: 450,
    heightMm: 750,
    heightShare: 0.75,
    table: {
      below: { heightMm: 500, litres: 120 },
      above: { heightMm: 1000, litres: 300 },
      litres: 210,
      fullLitres: 300,
    },
    fillPercent: 70,
  });
});

test('a distance is corrected only where both temperatures are known', () => {
  const cold: Geometry = { ...MEASURES, shape: 'prism', temperatureReferenceC: 20 };
  expect(explainFill(700, cold, -20).correction).toMatchObject({
    temperatureC: -20,
    referenceC: 20,
  });
  expect(explainFill(700, cold, null)).toMatchObject({ distanceMm: 700, fillPercent: 50 });
  expect(explainFill(700, cold, null).correction).toBeUndefined();
});
