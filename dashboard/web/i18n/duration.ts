import type { AgeUnit } from './age.ts';

/** A number of one unit. */
export interface DurationPart {
  readonly value: number;
  readonly unit: AgeUnit;
}

const UNIT_SECONDS: readonly (readonly [unit: AgeUnit, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/**
 * Splits a length of time into its largest unit and the next smaller one, so that an hour and a half is not told as an
 * hour. What is smaller still is cut off; a unit with nothing in it is left out.
 */
export function splitDuration(durationSeconds: number): DurationPart[] {
  let rest = Math.max(0, Math.floor(durationSeconds));
  const largest = UNIT_SECONDS.findIndex(([, seconds]) => rest >= seconds);
  if (largest < 0) return [{ value: 0, unit: 'second' }];
  const parts = UNIT_SECONDS.slice(largest, largest + 2).map(([unit, seconds]) => {
    const value = Math.floor(rest / seconds);
    rest -= value * seconds;
    return { value, unit };
  });
  return parts.filter(({ value }) => value > 0);
}
