import type { Store } from '../database.ts';
import { HOURS, READINGS } from '../influx/influx-levels.ts';
import { toInfluxPoint } from '../influx/influx-point.ts';
import type { InfluxPoint } from '../influx/influx-point.ts';
import type { InfluxQuery, InfluxRow } from '../influx/influx-query.ts';
import { timeWithin } from '../influx/influxql.ts';

/** Both ends belong to it. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where points are copied from, or looked for after a copy. */
export interface PointSource {
  /** `undefined`: it has none. */
  bounds(): Promise<TimeSpan | undefined>;
  count(span: TimeSpan): Promise<number>;
  read(span: TimeSpan): Promise<InfluxPoint[]>;
}

/** The readings of SQL that belong to a bin, as the points that the outbox makes of them. */
export function createSqlSource({ db }: Store): PointSource {
  const within = ({ fromMs, toMs }: TimeSpan) =>
    db
      .selectFrom('readings')
      // By bin, which the index begins with; readings of no bin have no place in a bin's history.
      .where('readings.bin_id', 'in', (eb) => eb.selectFrom('bins').select('bins.id'))
      .where('readings.observed_at', '>=', fromMs)
      .where('readings.observed_at', '<=', toMs);
  return {
    async bounds() {
      const { from, to } = await db
        .selectFrom('readings')
        .select(({ fn }) => [
          fn.min<number | null>('observed_at').as('from'),
          fn.max<number | null>('observed_at').as('to'),
        ])
        .where('bin_id', 'is not', null)
        .executeTakeFirstOrThrow();
      return from === null || to === null ? undefined : { fromMs: from, toMs: to };
    },
    async count(span) {
      const { count } = await within(span)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return count;
    },
    async read(span) {
      const rows = await within(span)
        .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
        .selectAll('readings')
        .select('uplinks.identity')
        .execute();
      return rows.flatMap(({ bin_id, ...row }) =>
        bin_id === null ? [] : [toInfluxPoint({ ...row, bin_id })],
      );
    },
  };
}

const TAGS = ['bin', 'device'];

/**
 * The readings and hours that an InfluxDB has.
 * @param exact with the nanoseconds of each time, without which a point cannot be written elsewhere
 */
export function createInfluxSource(query: InfluxQuery, { exact }: { exact: boolean }): PointSource {
  const rowsOf = async (measurement: string, span: TimeSpan): Promise<InfluxPoint[]> => {
    const statement = `SELECT * FROM ${measurement} WHERE ${timeWithin(span)}`;
    if (!exact) {
      const rows = await query.rows(statement);
      return rows.map((row) => toPoint(measurement, row, `${row.timeMs}000000`));
    }
    const rows = await query.exactRows(statement);
    return rows.map((row) => toPoint(measurement, row, row.timeNs));
  };
  const edge = async (order: 'ASC' | 'DESC'): Promise<number[]> => {
    const [row] = await query.rows(
      `SELECT quality FROM ${READINGS} ORDER BY time ${order} LIMIT 1`,
    );
    return row === undefined ? [] : [row.timeMs];
  };
  return {
    async bounds() {
      const [[first], [last]] = await Promise.all([edge('ASC'), edge('DESC')]);
      if (first === undefined || last === undefined) return undefined;
      // The hour of a reading begins before it.
      return { fromMs: first - (first % 3_600_000), toMs: last };
    },
    async count(span) {
      const [row] = await query.rows(
        `SELECT count(quality) AS readings FROM ${READINGS} WHERE ${timeWithin(span)}`,
      );
      return typeof row?.['readings'] === 'number' ? row['readings'] : 0;
    },
    async read(span) {
      const parts = await Promise.all([rowsOf(READINGS, span), rowsOf(HOURS, span)]);
      return parts.flat();
    },
  };
}

function toPoint(measurement: string, row: InfluxRow, timestampNs: string): InfluxPoint {
  const tags: Record<string, string> = {};
  const fields: Record<string, number> = {};
  for (const [name, value] of Object.entries(row)) {
    if (TAGS.includes(name) && typeof value === 'string') tags[name] = value;
    else if (name !== 'timeMs' && typeof value === 'number') fields[name] = value;
  }
  return { measurement, tags, fields, timestampNs };
}
