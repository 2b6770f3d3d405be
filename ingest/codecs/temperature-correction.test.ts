import { expect, test } from 'vitest';
import { findCodec } from './registry.ts';
import { MODELS_WITHOUT_CORRECTION, whyNoTemperatureCorrection } from './temperature-correction.ts';

test('every model that must not be corrected is one that can be read', () => {
  expect(MODELS_WITHOUT_CORRECTION.filter((model) => findCodec(model) === undefined)).toEqual([]);
});

test.each([
  ['dragino/ldds75', /right at any temperature/],
  ['decentlab/dl-mbx', /right at any temperature/],
  ['milesight/em400-tld', /not measure by sound/],
  ['vega/vegapuls-air', /not measure by sound/],
])('%s must not be corrected', (model, reason) => {
  expect(whyNoTemperatureCorrection(model)).toMatch(reason);
});

test('a sensor that measures by sound and says nothing of a correction may be', () => {
  expect(whyNoTemperatureCorrection('milesight/em400-mud')).toBeUndefined();
});
