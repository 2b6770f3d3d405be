/** Means are computed, and may miss a whole number by what computers cannot hold. */
const FINEST = 1e6;

/**
 * The whole percent a level is written with. It contradicts neither state nor colour, which follow from tenths: a level
 * just below a limit is not written as the limit, and one above the brim is never written as 100.
 */
export function wholePercent(percent: number): number {
  const tidy = Math.round(percent * FINEST) / FINEST;
  return tidy > 100 ? Math.ceil(tidy) : Math.floor(tidy);
}
