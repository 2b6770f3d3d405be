import { expect, test } from 'vitest';
import type { Geometry } from '../../domain/geometry.ts';
import { whyGeometryDoesNotFit } from './geometry-fit.ts';
import { findCodec } from './registry.ts';

const geometry: Geometry = {
  ...{ shape: 'prism', emptyDistanceMm: 1200, fullDistanceMm: 300, blindZoneMm: 0 },
};
const corrected: Geometry = { ...geometry, temperatureReferenceC: 20 };

test.each(['dingtek/df530', 'netvox/r718pa22'])('%s counts from the floor up', (model) => {
  expect(findCodec(model)).toBeDefined();
  expect(whyGeometryDoesNotFit(geometry, model)).toMatch(/from the floor up/);
  expect(whyGeometryDoesNotFit(null, model)).toBeUndefined();
});

test('a correction by the temperature is refused where the sensor needs none', () => {
  expect(whyGeometryDoesNotFit(corrected, 'dragino/ldds75')).toMatch(/right at any temperature/);
  expect(whyGeometryDoesNotFit(geometry, 'dragino/ldds75')).toBeUndefined();
  expect(whyGeometryDoesNotFit(corrected, 'milesight/em400-mud')).toBeUndefined();
  expect(whyGeometryDoesNotFit(corrected, null)).toBeUndefined();
});
