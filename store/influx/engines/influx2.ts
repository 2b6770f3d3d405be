import { InfluxDB } from '@influxdata/influxdb-client';
import type { InfluxTarget } from '../influx-target.ts';
import { encodePoints } from '../line-protocol.ts';
import { InfluxWriteError } from '../write-error.ts';
import { createLineSender } from './line-sender.ts';
import { readVersion } from './read-version.ts';

export interface Influx2Options {
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
  /** How long a request may take. */
  readonly answerMs?: number;
}

/** `/api/v2/write`: InfluxDB 2.x, 3.x, 1.8+, VictoriaMetrics. The bucket must be there. */
export function createInflux2Target(options: Influx2Options): InfluxTarget {
  const { url, org, bucket, token, answerMs } = options;
  const sender = createLineSender(new URL(url), answerMs);
  const client = new InfluxDB({ url, token, transportOptions: { agent: sender.agent } });
  const post = (body: string): Promise<void> =>
    sender.send(async () => {
      const api = client.getWriteApi(org, bucket, 'ns', {
        // The outbox is the queue and does the retrying: the client's own buffer would lose its content at an end.
        maxRetries: 0,
        flushInterval: 0,
        // A batch that fills up is sent in the background, and nobody would hear that it failed.
        batchSize: 2,
        maxBatchBytes: Number.MAX_SAFE_INTEGER,
        // Otherwise the client writes to the console.
        writeFailed: (error) => Promise.reject(error),
      });
      api.writeRecord(body);
      await api.close();
    });
  return {
    name: `${new URL(url).origin}, organisation ${org}, bucket ${bucket}`,
    write: async (points) => post(encodePoints(points)),
    async check() {
      const version = await readVersion(url, { authorization: `Token ${token}` });
      await post('').catch((error: unknown) => {
        // 2.x looks for the bucket and at the token first, and only then says that there are no points.
        if (!(error instanceof InfluxWriteError) || error.failure !== 'refused') throw error;
      });
      return version;
    },
    async close() {
      sender.close();
    },
  };
}
