import { expect, test } from 'vitest';
import { HISTORY_SPANS, SPAN_SECONDS } from './history-span.ts';

const DAY_SECONDS = 86_400;

test('the spans are a day, a week, the thirty days that a first start writes, and 52 weeks', () => {
  const days = HISTORY_SPANS.map((span) => SPAN_SECONDS[span].lengthSeconds / DAY_SECONDS);
  expect(days).toEqual([1, 7, 30, 364]);
});

test('a day shows every reading, longer spans as many buckets as a narrow chart can draw', () => {
  expect(SPAN_SECONDS['24h'].resolutionSeconds).toBe(0);
  for (const span of ['7d', '30d', '1y'] as const) {
    const { lengthSeconds, resolutionSeconds } = SPAN_SECONDS[span];
    const buckets = lengthSeconds / resolutionSeconds;
    expect(Number.isInteger(buckets)).toBe(true);
    expect(buckets).toBeGreaterThan(60);
    expect(buckets).toBeLessThan(300);
  }
});
