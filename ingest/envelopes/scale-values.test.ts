import { describe, expect, it } from 'vitest';
import { toFillPercent, toMillimetres, toVolts } from './scale-values.ts';

describe('values in other units', () => {
  it.each([
    [0.57, 'ratio', 57],
    [57, 'percent', 57],
    [0.43, 'remaining-ratio', 57],
    [43, 'remaining-percent', 57],
    [1.05, 'ratio', 105],
  ] as const)('%d in the scale %s is a fill of %d %', (value, scale, percent) => {
    expect(toFillPercent(value, scale)).toBe(percent);
  });

  it.each([
    [620, 'mm', 620],
    [16.754, 'cm', 167.54],
    [0.62, 'm', 620],
  ] as const)('%d %s are %d mm', (value, unit, millimetres) => {
    expect(toMillimetres(value, unit)).toBe(millimetres);
  });

  it('gives volts', () => {
    expect(toVolts(3580, 'mV')).toBe(3.58);
    expect(toVolts(3.58, 'V')).toBe(3.58);
  });
});
