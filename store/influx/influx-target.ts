import { IncomingMessage } from 'node:http';
import { HttpError, InfluxDB as InfluxClient, Point } from '@influxdata/influxdb-client';
import { InfluxDB } from 'influx';
import type { InfluxPoint } from './influx-point.ts';

/** The server will never take these points, however often they come: they are outside of its retention time, say. */
export class PointsRefusedError extends Error {
  /** The others of the request are written. */
  readonly isPartial: boolean;

  constructor(message: string, options: ErrorOptions) {
    super(message, options);
    this.name = 'PointsRefusedError';
    this.isPartial = /partial write/i.test(message);
  }
}

/** Where points go. */
export interface InfluxTarget {
  /**
   * Resolves when the server has all of them. Rejects with a {@link PointsRefusedError} when it will not have some, and with
   * another error when it does not answer or may have them later.
   */
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

/**
 * What the points themselves are to blame for: Bad Request, Content Too Large, Unprocessable Content. Others, such as a
 * token that is not accepted, pass when somebody has put them right.
 */
const REFUSALS = new Set([400, 413, 422]);

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
  return {
    async write(points) {
      const rows = points.map(({ measurement, tags, fields, timestampNs }) => ({
        measurement,
        tags,
        fields,
        timestamp: timestampNs,
      }));
      const write = (): Promise<void> => client.writePoints(rows, { precision: 'n' });
      await write()
        .catch(async (error: unknown) => {
          // Not before: a user who may write need not be allowed to make databases.
          if (statusOf(error) !== NOT_FOUND) throw error;
          await client.createDatabase(options.database);
          await write();
        })
        .catch(throwRefusal);
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
      const api = client.getWriteApi(options.org, options.bucket, 'ns', {
        // The outbox is the queue and does the retrying: the client's own buffer would lose its content at an end.
        maxRetries: 0,
        flushInterval: 0,
        // A batch that fills up is sent in the background, and nobody would hear that it failed.
        batchSize: points.length + 1,
        // Otherwise the client writes to the console.
        writeFailed: (error) => Promise.reject(error),
      });
      api.writePoints(points.map(toPoint));
      await api.close().catch(throwRefusal);
    },
    async close() {},
  };
}

const NOT_FOUND = 404;

/** The HTTP status in an error of either client. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpError) return error.statusCode;
  // The client for 1.x does not export its RequestError, which holds the response.
  const response = error instanceof Error && 'res' in error ? error.res : undefined;
  return response instanceof IncomingMessage ? response.statusCode : undefined;
}

function throwRefusal(cause: unknown): never {
  if (cause instanceof Error && REFUSALS.has(statusOf(cause) ?? 0)) {
    throw new PointsRefusedError(cause.message, { cause });
  }
  throw cause;
}

function toPoint({ measurement, tags, fields, timestampNs }: InfluxPoint): Point {
  const point = new Point(measurement).timestamp(timestampNs);
  for (const [name, value] of Object.entries(tags)) point.tag(name, value);
  for (const [name, value] of Object.entries(fields)) point.floatField(name, value);
  return point;
}
