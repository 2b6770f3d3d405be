export const DAY_MS = 24 * 3_600_000;

/** An average month of the Gregorian calendar. */
const MONTH_MS = (365.2425 / 12) * DAY_MS;

/** `undefined`: for ever. */
export function monthsMs(months: number | null): number | undefined {
  return months === null ? undefined : months * MONTH_MS;
}
