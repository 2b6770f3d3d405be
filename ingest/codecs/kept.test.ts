import { describe, expect, it } from 'vitest';
import { keptAt } from './kept.ts';

describe('a kept measurement', () => {
  const oldestMs = Date.UTC(2020, 0, 1);

  it('has its own time', () => {
    expect(keptAt(oldestMs, { distanceMm: 1 })).toEqual({ observedAtMs: oldestMs, distanceMm: 1 });
  });

  it('has no level when the clock was never set', () => {
    expect(keptAt(oldestMs - 1, { distanceMm: 1, fillPercent: 2, batteryV: 3 })).toEqual({
      observedAtMs: oldestMs - 1,
      batteryV: 3,
      sensorFault: 'kept by a clock that was never set',
    });
  });

  it('keeps the fault that it had', () => {
    expect(keptAt(0, { sensorFault: 'no echo' })).toEqual({
      observedAtMs: 0,
      sensorFault: 'no echo',
    });
  });
});
