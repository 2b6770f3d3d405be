import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BIN_STATES } from '../../../domain/bin-state.ts';
import { makeUnknownBin, makeView, NOW_MS } from '../testing/make-bin.ts';
import { viewBin } from './bin-view.ts';
import { STATES_WORST_FIRST, bandOf, styleOf } from './state-style.ts';

test.each([
  [0, 1],
  [24.9, 1],
  [25, 2],
  [49.9, 2],
  [50, 3],
  [79.9, 3],
  [80, 4],
  [94.9, 4],
  [95, 5],
  [140, 5],
])('a fill of %d %% lies in band %d', (fillPercent, band) => {
  expect(bandOf(fillPercent)).toBe(band);
});

describe('the style of a bin', () => {
  test('with a fresh level has the colour and the height of the fill', () => {
    const view = makeView({ fillPercent: 85, state: 'full', reasons: ['full'] });
    expect(styleOf(view)).toMatchObject({ band: 4, level: 0.85, hatched: false, unknown: false });
  });

  test('with a stale level keeps the height, but is hatched and has no colour', () => {
    const view = makeView({ fillPercent: 85, state: 'stale', reasons: ['full', 'sensor-silent'] });
    expect(styleOf(view)).toMatchObject({ band: null, level: 0.85, hatched: true, unknown: false });
  });

  test('without a level is a question mark, neither hatched nor filled', () => {
    const view = viewBin(makeUnknownBin(), NOW_MS);
    expect(styleOf(view)).toMatchObject({ band: null, level: 0, hatched: false, unknown: true });
  });

  test('above the brim has a heap, up to the brim none', () => {
    expect(styleOf(makeView({ fillPercent: 100, state: 'full' })).heaped).toBe(false);
    expect(styleOf(makeView({ fillPercent: 100.1, state: 'overfull' })).heaped).toBe(true);
    expect(styleOf(makeView({ fillPercent: 130, state: 'stale' })).heaped).toBe(true);
  });

  test('shows the alert beside any state', () => {
    for (const state of BIN_STATES) {
      expect(styleOf(makeView({ state, reasons: ['tilted'] })).alert).toBe(true);
      expect(styleOf(makeView({ state, reasons: ['full'] })).alert).toBe(false);
    }
  });

  test('is larger the more urgent the state', () => {
    const scaleOf = (state: (typeof BIN_STATES)[number]) => styleOf(makeView({ state })).scale;
    expect(scaleOf('overfull')).toBeGreaterThan(scaleOf('full'));
    expect(scaleOf('full')).toBeGreaterThan(scaleOf('ok'));
  });

  test('of any fill stays within the drawn bin', () => {
    const fill = fc.double({ min: -50, max: 500, noNaN: true });
    fc.assert(
      fc.property(fill, fc.constantFrom(...BIN_STATES), (fillPercent, state) => {
        const { level } = styleOf(makeView({ fillPercent, state }));
        expect(level).toBeGreaterThanOrEqual(0);
        expect(level).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('tells any two states apart without colour', () => {
    const examples = [
      makeView({ fillPercent: 90, state: 'ok', thresholdPercent: 95 }),
      makeView({ fillPercent: 90, state: 'full', reasons: ['full'] }),
      makeView({ fillPercent: 110, state: 'overfull', reasons: ['overfull'] }),
      makeView({ fillPercent: 90, state: 'stale', reasons: ['full', 'sensor-silent'] }),
      viewBin(makeUnknownBin(), NOW_MS),
    ];
    const shapes = examples.map((view) => JSON.stringify({ ...styleOf(view), band: null }));
    expect(new Set(shapes).size).toBe(BIN_STATES.length);
  });
});

test('the states from the worst on are all states, each once', () => {
  expect(STATES_WORST_FIRST.toSorted()).toEqual(BIN_STATES.toSorted());
});
