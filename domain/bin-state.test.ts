import { describe, expect, it } from 'vitest';
import { judgeState, staleAfterSeconds } from './bin-state.ts';
import type { BinFacts } from './bin-state.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const facts: BinFacts = {
  fillPercent: 40,
  observedAtMs: NOW_MS - 90_500,
  thresholdPercent: 80,
  staleAfterSeconds: 3600,
  readingReasons: [],
};

describe('the state of a bin', () => {
  it('is unknown without a level, and has no age', () => {
    const verdict = judgeState({ ...facts, fillPercent: null, observedAtMs: null }, NOW_MS);
    expect(verdict).toEqual({ state: 'unknown', reasons: ['no-reading'], ageSeconds: null });
  });

  it.each([
    [0, 'ok', []],
    [79.9, 'ok', []],
    [80, 'full', ['full']],
    [100, 'full', ['full']],
    [100.1, 'overfull', ['overfull']],
  ])('at %d percent is %s', (fillPercent, state, reasons) => {
    expect(judgeState({ ...facts, fillPercent }, NOW_MS)).toEqual({
      state,
      reasons,
      ageSeconds: 90,
    });
  });

  it('is stale when the level is too old, and still says that it was full', () => {
    const verdict = judgeState({ ...facts, fillPercent: 95 }, NOW_MS + 3600_000);
    expect(verdict.state).toBe('stale');
    expect(verdict.reasons).toEqual(['full', 'sensor-silent']);
  });

  it('is stale when the level lies further ahead than clocks disagree, since nobody knows its age', () => {
    const minute = 60_000;
    const ahead = (ms: number) => judgeState({ ...facts, observedAtMs: NOW_MS + ms }, NOW_MS);
    expect(ahead(10 * minute)).toMatchObject({ state: 'ok', reasons: [] });
    expect(ahead(10 * minute + 1)).toEqual({
      state: 'stale',
      reasons: ['bad-clock'],
      ageSeconds: 0,
    });
  });

  it('never has a negative age, also when the clocks disagree', () => {
    expect(judgeState({ ...facts, observedAtMs: NOW_MS + 60_000 }, NOW_MS).ageSeconds).toBe(0);
  });
});

describe('from when a level is stale', () => {
  it('is three missed reports, at least an hour, and a day when the interval is not known', () => {
    expect(staleAfterSeconds(900)).toBe(3600);
    expect(staleAfterSeconds(4 * 3600)).toBe(12 * 3600);
    expect(staleAfterSeconds(null)).toBe(24 * 3600);
  });
});
