import type { Town } from './town.ts';

/** However fast the town lives, its sensors together do not report more often than this. */
const MAX_REPORTS_PER_SECOND = 14;

/** Wall time between two reports of each bin, ms, in the order of the town's bins. */
export function reportIntervalsMs(town: Town, timeLapse: number): number[] {
  const wishedMs = town.bins.map((bin) => (bin.sensor.reportIntervalSeconds * 1000) / timeLapse);
  const perSecond = wishedMs.reduce((sum, intervalMs) => sum + 1000 / intervalMs, 0);
  const slowdown = Math.max(1, perSecond / MAX_REPORTS_PER_SECOND);
  return wishedMs.map((intervalMs) => intervalMs * slowdown);
}
