import type { LevelSource } from '../history/levels.ts';
import { recomputeHours, toHourPoint } from './hours.ts';
import type { HourOfBin } from './hours.ts';
import { createInfluxLevels, READINGS } from './influx-levels.ts';
import type { InfluxQuery } from './influx-query.ts';
import type { InfluxTarget } from './influx-target.ts';
import { timeWithin } from './influxql.ts';

/** An InfluxDB as what remembers readings longer than SQL does. Everything rejects when it does not answer. */
export interface LongMemory {
  readonly levels: LevelSource;
  /** How many readings of each bin it has of a span; both ends belong to it. */
  countReadings(span: {
    readonly fromMs: number;
    readonly toMs: number;
  }): Promise<Map<string, number>>;
  /** Writes what hours come to; writing the same again overwrites it. */
  writeHours(hours: readonly HourOfBin[]): Promise<void>;
  /** Computes the hours of these readings anew, from all readings that it has, and writes them. */
  refreshHours(
    readings: readonly { readonly binId: string; readonly observedAtMs: number }[],
  ): Promise<void>;
}

/** One request of about half a megabyte. */
const POINTS_PER_REQUEST = 5_000;

export function createLongMemory(
  query: InfluxQuery,
  target: Pick<InfluxTarget, 'write'>,
): LongMemory {
  const writeHours = async (hours: readonly HourOfBin[]): Promise<void> => {
    for (let start = 0; start < hours.length; start += POINTS_PER_REQUEST) {
      await target.write(hours.slice(start, start + POINTS_PER_REQUEST).map(toHourPoint));
    }
  };
  return {
    levels: createInfluxLevels(query),
    async countReadings(span) {
      const rows = await query.rows(
        // Every reading has a quality; one that has left its bin has a negative one there.
        `SELECT count(quality) AS readings FROM ${READINGS} WHERE ${timeWithin(span)} AND quality >= 0 GROUP BY bin`,
      );
      return new Map(
        rows.flatMap(({ bin, readings }) =>
          typeof bin === 'string' && typeof readings === 'number' ? [[bin, readings] as const] : [],
        ),
      );
    },
    writeHours,
    async refreshHours(readings) {
      await writeHours(await recomputeHours(query, readings));
    },
  };
}
