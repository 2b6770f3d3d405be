import type { LengthUnit, PercentScale } from '../sources/source.ts';

/** Digits kept: far below what any sensor resolves, and enough to lose what binary fractions add. */
const PRECISION = 1e6;

function round(value: number): number {
  return Math.round(value * PRECISION) / PRECISION;
}

/** Fill percent of a number written in a scale. What is out of range stays so, for the judging of values to refuse. */
export function toFillPercent(value: number, scale: PercentScale): number {
  switch (scale) {
    case 'ratio':
      return round(value * 100);
    case 'percent':
      return value;
    case 'remaining-ratio':
      return round((1 - value) * 100);
    case 'remaining-percent':
      return round(100 - value);
  }
}

const MILLIMETRES = { mm: 1, cm: 10, m: 1000 } as const satisfies Record<LengthUnit, number>;

/** Millimetres of a length. */
export function toMillimetres(value: number, unit: LengthUnit): number {
  return unit === 'mm' ? value : round(value * MILLIMETRES[unit]);
}

/** Volts of a tension. */
export function toVolts(value: number, unit: 'V' | 'mV'): number {
  return unit === 'V' ? value : round(value / 1000);
}
