import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BIN_REASONS, judgeState } from '../../../domain/bin-state.ts';
import type { BinReason } from '../../../domain/bin-state.ts';
import { makeBin, makeUnknownBin, NOW_MS, secondsAgo } from '../testing/make-bin.ts';
import { ageSecondsOf, hasAlert, viewBin } from './bin-view.ts';

describe('the age of a level', () => {
  test('is counted in whole seconds that have passed', () => {
    const bin = makeBin({ observedAt: secondsAgo(60) });
    expect(ageSecondsOf(bin, NOW_MS)).toBe(60);
    expect(ageSecondsOf(bin, NOW_MS + 999)).toBe(60);
    expect(ageSecondsOf(bin, NOW_MS + 1000)).toBe(61);
  });

  test('is never negative, even when the clock here runs behind', () => {
    expect(ageSecondsOf(makeBin({ observedAt: secondsAgo(-90) }), NOW_MS)).toBe(0);
  });

  test('does not exist without a level', () => {
    expect(ageSecondsOf(makeUnknownBin(), NOW_MS)).toBeNull();
  });
});

describe('the state of a bin', () => {
  test('is the word of the server while the level is fresh', () => {
    const bin = makeBin({ state: 'full', reasons: ['full', 'low-battery'], fillPercent: 85 });
    expect(viewBin(bin, NOW_MS)).toMatchObject({ state: 'full', reasons: ['full', 'low-battery'] });
  });

  test('turns stale here when only time passes, and keeps what was known', () => {
    const bin = makeBin({ state: 'full', reasons: ['full'], fillPercent: 85 });
    const lastFreshMs = NOW_MS - 60_000 + bin.staleAfterSeconds * 1000;
    expect(viewBin(bin, lastFreshMs).state).toBe('full');
    expect(viewBin(bin, lastFreshMs + 1000)).toMatchObject({
      state: 'stale',
      reasons: ['full', 'sensor-silent'],
    });
  });

  test('is not told to be silent twice when the server has said so already', () => {
    const bin = makeBin({
      state: 'stale',
      reasons: ['sensor-silent'],
      observedAt: secondsAgo(7200),
    });
    expect(viewBin(bin, NOW_MS).reasons).toEqual(['sensor-silent']);
  });

  test('stays unknown however long nothing is heard', () => {
    expect(viewBin(makeUnknownBin(), NOW_MS + 1e10).state).toBe('unknown');
  });

  test('is at any later moment what the server would say itself', () => {
    const facts = fc.record({
      fillPercent: fc.option(fc.integer({ min: 0, max: 1300 }).map((tenths) => tenths / 10)),
      ageSeconds: fc.integer({ min: 0, max: 20_000 }),
      staleAfterSeconds: fc.integer({ min: 3600, max: 10_000 }),
      readingReasons: fc.subarray<BinReason>(['fire', 'tilted', 'obstructed', 'low-battery']),
      laterSeconds: fc.integer({ min: 0, max: 20_000 }),
    });
    fc.assert(
      fc.property(facts, ({ ageSeconds, laterSeconds, ...rest }) => {
        const observedAtMs = rest.fillPercent === null ? null : NOW_MS - ageSeconds * 1000;
        const judge = (nowMs: number) =>
          judgeState({ ...rest, observedAtMs, thresholdPercent: 80 }, nowMs);
        const told = judge(NOW_MS);
        const bin = makeBin({
          ...told,
          reasons: [...told.reasons],
          fillPercent: rest.fillPercent,
          observedAt: observedAtMs === null ? null : new Date(observedAtMs).toISOString(),
          staleAfterSeconds: rest.staleAfterSeconds,
        });
        const laterMs = NOW_MS + laterSeconds * 1000;
        const { state, reasons, ageSeconds: laterAge } = judge(laterMs);
        expect(viewBin(bin, laterMs)).toMatchObject({ state, reasons });
        expect(ageSecondsOf(bin, laterMs)).toBe(laterAge);
      }),
    );
  });
});

describe('the urgency of a bin', () => {
  const urgencyOf = (...[change]: Parameters<typeof makeBin>) =>
    viewBin(makeBin(change), NOW_MS).urgency;

  test('puts fire before what spills, that before full, and what has room last', () => {
    const falling = [
      urgencyOf({ state: 'ok', reasons: ['fire'] }),
      urgencyOf({ state: 'overfull', reasons: ['overfull'] }),
      urgencyOf({ state: 'full', reasons: ['full'] }),
      urgencyOf({ state: 'stale', reasons: ['full', 'sensor-silent'] }),
      urgencyOf({ state: 'ok', reasons: ['tilted'] }),
      urgencyOf({ state: 'stale', reasons: ['sensor-silent'] }),
      urgencyOf({ state: 'unknown', reasons: ['no-reading'], observedAt: null }),
      urgencyOf({ state: 'ok', reasons: ['low-battery'] }),
    ];
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
    expect(new Set(falling).size).toBe(falling.length);
  });

  test('is the same for a fire in a bin of any state', () => {
    expect(urgencyOf({ state: 'unknown', reasons: ['no-reading', 'fire'] })).toBe(
      urgencyOf({ state: 'overfull', reasons: ['overfull', 'fire'] }),
    );
  });
});

test('only what is wrong on site beside the level raises the alert sign', () => {
  const raising = BIN_REASONS.filter((reason) => hasAlert([reason]));
  expect(raising).toEqual(['fire', 'tilted', 'obstructed']);
  expect(hasAlert([])).toBe(false);
  expect(hasAlert(['full', 'fire'])).toBe(true);
});
