import type { InfluxPoint } from './influx-point.ts';
import type { InfluxQuery } from './influx-query.ts';
import { BELIEVABLE, HOUR_MS, HOURS, READINGS, toBucket } from './influx-levels.ts';
import { idText, timeWithin } from './influxql.ts';

/** What the believable levels of a bin come to in one hour. */
export interface HourOfBin {
  readonly binId: string;
  /** Start of the hour. */
  readonly atMs: number;
  readonly min: number;
  readonly max: number;
  /** The sum of all levels, from which the mean of any number of hours follows. */
  readonly total: number;
  /** 0: it has none any more. */
  readonly count: number;
}

/** The hour a time is in, by its start. */
export function hourOf(atMs: number): number {
  return atMs - (atMs % HOUR_MS);
}

/** The same hour always gives the same point: computing it again overwrites it. */
export function toHourPoint({ binId, atMs, min, max, total, count }: HourOfBin): InfluxPoint {
  return {
    measurement: HOURS,
    tags: { bin: binId },
    fields: { low: min, high: max, total, readings: count },
    timestampNs: `${atMs}000000`,
  };
}

/**
 * Computes hours of bins anew from the readings that InfluxDB has: for readings that came late, or were corrected, when SQL has
 * the others of their hour no longer.
 */
export async function recomputeHours(
  query: InfluxQuery,
  readings: readonly { readonly binId: string; readonly observedAtMs: number }[],
): Promise<HourOfBin[]> {
  const hours: HourOfBin[] = [];
  for (const [binId, wanted] of groupHours(readings)) {
    for (const run of runsOf(wanted)) hours.push(...(await computeHours(query, binId, run)));
  }
  return hours;
}

function groupHours(
  readings: readonly { readonly binId: string; readonly observedAtMs: number }[],
): Map<string, Set<number>> {
  const byBin = new Map<string, Set<number>>();
  for (const { binId, observedAtMs } of readings) {
    const hours = byBin.get(binId) ?? new Set();
    byBin.set(binId, hours.add(hourOf(observedAtMs)));
  }
  return byBin;
}

/** Hours that are asked for at once: up to about three weeks, more than half of which are wanted where a sensor sends hourly. */
const HOURS_PER_QUESTION = 500;

/** Wanted hours in groups that lie close together. */
function runsOf(wanted: ReadonlySet<number>): number[][] {
  const runs: number[][] = [];
  for (const hour of [...wanted].sort((a, b) => a - b)) {
    const [run] = runs.slice(-1);
    const first = run?.[0];
    if (run === undefined || first === undefined || hour - first >= HOURS_PER_QUESTION * HOUR_MS) {
      runs.push([hour]);
    } else run.push(hour);
  }
  return runs;
}

async function computeHours(
  query: InfluxQuery,
  binId: string,
  wanted: readonly number[],
): Promise<HourOfBin[]> {
  const span = { fromMs: wanted[0] ?? 0, toMs: (wanted.at(-1) ?? 0) + HOUR_MS - 1 };
  const rows = await query.rows(
    `SELECT min(fill_percent) AS low, sum(fill_percent) AS total, max(fill_percent) AS high,` +
      ` count(fill_percent) AS readings FROM ${READINGS}` +
      ` WHERE bin = ${idText(binId)} AND ${timeWithin(span)} AND ${BELIEVABLE}` +
      ` GROUP BY time(1h) fill(none)`,
  );
  const found = new Map(
    rows.flatMap((row) => {
      const [bucket] = toBucket(row);
      const total = row['total'];
      if (bucket === undefined || typeof total !== 'number') return [];
      const { atMs, min, max, count } = bucket;
      return [[atMs, { binId, atMs, min, max, total, count }] as const];
    }),
  );
  return wanted.map(
    (atMs) => found.get(atMs) ?? { binId, atMs, min: 0, max: 0, total: 0, count: 0 },
  );
}
