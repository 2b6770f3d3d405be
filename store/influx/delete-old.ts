import type { InfluxQuery } from './influx-query.ts';
import { HOURS, READINGS } from './influx-levels.ts';
import { wholeNumber } from './influxql.ts';

/**
 * Deletes all points before a time. `false`: this server has no way to, and keeps what it keeps by its own setting. Rejects when it
 * does not answer.
 */
export type DeleteOld = (beforeMs: number) => Promise<boolean>;

/** InfluxDB 1.x, in InfluxQL: https://docs.influxdata.com/influxdb/v1/query_language/manage-database/ */
export function createDelete1(query: InfluxQuery): DeleteOld {
  return async (beforeMs) => {
    for (const measurement of [READINGS, HOURS]) {
      await query.rows(`DELETE FROM ${measurement} WHERE time < ${wholeNumber(beforeMs)}ms`);
    }
    return true;
  };
}

export interface Delete2Options {
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
}

const TIMEOUT_MS = 60_000;

/**
 * What servers answer that take the writes of version 2 and delete nothing: InfluxDB 3 Core, whose databases get their
 * retention when they are made, has no such path.
 */
const NOT_THERE = new Set([400, 404, 405, 501]);

/** InfluxDB 2.x, https://docs.influxdata.com/influxdb/v2/write-data/delete-data/ */
export function createDelete2({ url, org, bucket, token }: Delete2Options): DeleteOld {
  const address = new URL(`${url.replace(/\/$/, '')}/api/v2/delete`);
  address.search = new URLSearchParams({ org, bucket }).toString();
  return async (beforeMs) => {
    // The end belongs to the span, to the nanosecond.
    const stop = new Date(beforeMs - 1).toISOString().replace('Z', '999999Z');
    const span = { start: new Date(0).toISOString(), stop };
    for (const measurement of [READINGS, HOURS]) {
      const response = await fetch(address, {
        method: 'POST',
        headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...span, predicate: `_measurement="${measurement}"` }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (NOT_THERE.has(response.status)) return false;
      if (!response.ok) throw new Error(`InfluxDB answered ${response.status} to a deletion`);
    }
    return true;
  };
}
