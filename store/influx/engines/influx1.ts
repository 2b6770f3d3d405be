import { InfluxDB } from 'influx';
import type { InfluxTarget } from '../influx-target.ts';
import { encodePoints } from '../line-protocol.ts';
import { InfluxWriteError } from '../write-error.ts';
import { createLineSender } from './line-sender.ts';
import type { LineSender } from './line-sender.ts';
import { readVersion } from './read-version.ts';

export interface Influx1Options {
  /** Such as `http://127.0.0.1:8086`. */
  readonly url: string;
  readonly database: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** How long a request may take. */
  readonly answerMs?: number;
}

/** InfluxDB 1.x through `/write`. The database is created when it is not there. */
export function createInflux1Target(options: Influx1Options): InfluxTarget {
  const { url, database, answerMs } = options;
  const sender = createLineSender(new URL(url), answerMs);
  const client = createClient(options, sender);
  const post = (body: string): Promise<void> =>
    sender.send(() =>
      // The client sends a measurement as it is given, so this is the body, whole and unchanged (a test compares the bytes). Its own
      // encoder would let through what ours refuses.
      client.writePoints(body === '' ? [] : [{ measurement: body }], { precision: 'n' }),
    );
  return {
    name: `${new URL(url).origin}, database ${database}`,
    async write(points) {
      const body = encodePoints(points);
      try {
        await post(body);
      } catch (error) {
        // Not before: a user who may write need not be allowed to make databases.
        if (!(error instanceof InfluxWriteError) || error.failure !== 'absent') throw error;
        await sender.send(() => client.createDatabase(database));
        await post(body);
      }
    },
    async check() {
      const version = await readVersion(url, {});
      await post('');
      return version;
    },
    async close() {
      sender.close();
    },
  };
}

/** The breaker decides when a server is asked again; the client's own back-off would refuse to ask at times of its own. */
const NO_BACKOFF = { getDelay: () => 0, next: () => NO_BACKOFF, reset: () => NO_BACKOFF };

function createClient(options: Influx1Options, { agent }: LineSender): InfluxDB {
  const url = new URL(options.url);
  return new InfluxDB({
    database: options.database,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    pool: { maxRetries: 0, backoff: NO_BACKOFF },
    hosts: [
      {
        host: url.hostname,
        port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
        protocol: url.protocol === 'https:' ? 'https' : 'http',
        path: url.pathname === '/' ? '' : url.pathname,
        options: { agent },
      },
    ],
  });
}
