import { InfluxDB as InfluxClient, Point } from '@influxdata/influxdb-client';
import { InfluxDB } from 'influx';
import type { InfluxPoint } from './influx-point.ts';

/** Where points go. */
export interface InfluxTarget {
  /** Resolves when the server has them; rejects when it has refused any or does not answer. */
  write(points: readonly InfluxPoint[]): Promise<void>;
  close(): Promise<void>;
}

/** A server is given up on after this; the points stay in the outbox. */
const TIMEOUT_MS = 10_000;

export interface Influx1Options {
  /** Such as `http://127.0.0.1:8086`. */
  readonly url: string;
  readonly database: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** InfluxDB 1.x through `/write`. The database is created when it is not there. */
export function createInflux1Target(options: Influx1Options): InfluxTarget {
  const url = new URL(options.url);
  const client = new InfluxDB({
    database: options.database,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    hosts: [
      {
        host: url.hostname,
        port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
        protocol: url.protocol === 'https:' ? 'https' : 'http',
        options: { timeout: TIMEOUT_MS },
      },
    ],
  });
  let created = false;
  return {
    async write(points) {
      if (!created) await client.createDatabase(options.database);
      created = true;
      const rows = points.map(({ measurement, tags, fields, timestampNs }) => ({
        measurement,
        tags,
        fields,
        timestamp: timestampNs,
      }));
      await client.writePoints(rows, { precision: 'n' });
    },
    async close() {},
  };
}

export interface Influx2Options {
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
}

/** `/api/v2/write`: InfluxDB 2.x, 3.x, 1.8+, VictoriaMetrics. The bucket must be there. */
export function createInflux2Target(options: Influx2Options): InfluxTarget {
  const client = new InfluxClient({ url: options.url, token: options.token, timeout: TIMEOUT_MS });
  return {
    async write(points) {
      // The outbox is the queue and does the retrying: the client's own buffer would lose its content at an end.
      const api = client.getWriteApi(options.org, options.bucket, 'ns', { maxRetries: 0 });
      api.writePoints(points.map(toPoint));
      await api.close();
    },
    async close() {},
  };
}

function toPoint({ measurement, tags, fields, timestampNs }: InfluxPoint): Point {
  const point = new Point(measurement).timestamp(timestampNs);
  for (const [name, value] of Object.entries(tags)) point.tag(name, value);
  for (const [name, value] of Object.entries(fields)) point.floatField(name, value);
  return point;
}
