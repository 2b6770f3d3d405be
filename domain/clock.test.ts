import { describe, expect, it } from 'vitest';
import { judgeTime } from './clock.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const MINUTE_MS = 60_000;

describe('judging when a reading was observed', () => {
  it('takes the arrival when the message does not say', () => {
    expect(judgeTime(undefined, NOW_MS, false)).toEqual({ observedAtMs: NOW_MS, late: false });
  });

  it('believes a clock up to ten minutes ahead', () => {
    const claimed = NOW_MS + 10 * MINUTE_MS;
    expect(judgeTime(claimed, NOW_MS, false)).toEqual({ observedAtMs: claimed, late: false });
    expect(judgeTime(claimed + 1, NOW_MS, false)).toMatchObject({
      observedAtMs: NOW_MS,
      suspicion: 'clock-ahead',
    });
  });

  it.each([
    '1970-01-01T00:00:00Z',
    '1980-01-06T00:00:00Z',
    '2000-01-01T00:00:41Z',
    '2019-12-31T23:59:59Z',
  ])('takes %s for a clock that was never set, unless the sender may backfill', (text) => {
    const claimed = Date.parse(text);
    expect(judgeTime(claimed, NOW_MS, false)).toMatchObject({
      observedAtMs: NOW_MS,
      suspicion: 'clock-unset',
    });
    expect(judgeTime(claimed, NOW_MS, true)).toEqual({ observedAtMs: claimed, late: true });
  });

  it('believes the past of any connected sensor', () => {
    const claimed = Date.parse('2020-01-01T00:00:00Z');
    expect(judgeTime(claimed, NOW_MS, false)).toEqual({ observedAtMs: claimed, late: true });
  });

  it('calls late what is more than an hour old when it comes', () => {
    expect(judgeTime(NOW_MS - 60 * MINUTE_MS, NOW_MS, false).late).toBe(false);
    expect(judgeTime(NOW_MS - 61 * MINUTE_MS, NOW_MS, false).late).toBe(true);
  });
});
