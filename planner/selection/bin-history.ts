/** A level that a sensor reported and that was found good. */
export interface LevelReading {
  readonly atMs: number;
  /** Percent of the usable volume; a full bin may be reported above 100. */
  readonly fillPercent: number;
}

/** How finely a sensor tells levels. */
export interface SensorTraits {
  /** Standard deviation of one reading, percentage points. */
  readonly noisePoints: number;
  /** It reports the step reached, in steps of so many points; 0 or 1: it reports every level. */
  readonly stepPoints: number;
}

/** What is known of the past of a bin. */
export interface BinHistory {
  readonly id: string;
  /** Bins of a group, such as a stream, have their week and their day in common. */
  readonly group: string;
  readonly sensor: SensorTraits;
  /** Oldest first. */
  readonly readings: readonly LevelReading[];
  /** When the bin was emptied, oldest first. */
  readonly emptiedAtMs: readonly number[];
}

/** From this level on a sensor cannot tell how much more there is. */
export const CENSORED_FROM_PERCENT = 97;

/**
 * Refuses what cannot be reckoned with.
 * @throws RangeError naming the bin and the value.
 */
export function assertHistory({ id, readings, emptiedAtMs, sensor }: BinHistory): void {
  const refuse = (what: string, value: unknown): never => {
    throw new RangeError(`Bin ${id}: ${what}, got ${String(value)}`);
  };
  if (!(sensor.noisePoints >= 0)) refuse('expected noise of 0 or more', sensor.noisePoints);
  if (!(sensor.stepPoints >= 0)) refuse('expected steps of 0 or more', sensor.stepPoints);
  let lastMs = -Infinity;
  for (const { atMs, fillPercent } of readings) {
    if (!Number.isFinite(fillPercent)) refuse('expected a level', fillPercent);
    if (!(atMs >= lastMs)) refuse('expected readings in order of time', atMs);
    lastMs = atMs;
  }
  if (!emptiedAtMs.every((atMs, index) => atMs >= (emptiedAtMs[index - 1] ?? -Infinity))) {
    refuse('expected emptyings in order of time', emptiedAtMs.join());
  }
}

/** Index of the first reading at or after a time. */
export function firstFrom(readings: readonly LevelReading[], atMs: number): number {
  let low = 0;
  let high = readings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((readings[middle]?.atMs ?? Infinity) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The middle value; `undefined` when there is none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
