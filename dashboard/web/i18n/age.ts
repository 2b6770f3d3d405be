/** Units an age is told in. */
export type AgeUnit = 'second' | 'minute' | 'hour' | 'day';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** Up to two days the hours still tell something: "30 h" says more than "1 day". */
const HOURS_UNTIL_SECONDS = 2 * DAY_SECONDS;

/** Splits an age into one number and its unit, always rounded down: an age is never told younger or older than reached. */
export function splitAge(ageSeconds: number): { readonly value: number; readonly unit: AgeUnit } {
  const seconds = Math.max(0, Math.floor(ageSeconds));
  if (seconds < MINUTE_SECONDS) return { value: seconds, unit: 'second' };
  if (seconds < HOUR_SECONDS) {
    return { value: Math.floor(seconds / MINUTE_SECONDS), unit: 'minute' };
  }
  if (seconds < HOURS_UNTIL_SECONDS) {
    return { value: Math.floor(seconds / HOUR_SECONDS), unit: 'hour' };
  }
  return { value: Math.floor(seconds / DAY_SECONDS), unit: 'day' };
}
