import { InfluxDB } from 'influx';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import type { Influxd } from '../servers/influxd.ts';
import type { RunningTunna } from '../system/running-tunna.ts';
import type { FoundMessage } from './history.ts';

const Payload = z.object({ observedAt: z.number() });

/** Every message of the numbered publishers in the database, byte for byte. */
export async function readSql(tunna: RunningTunna): Promise<FoundMessage[]> {
  await using opened = tunna.openStore();
  const rows = await opened.store.db
    .selectFrom('uplinks')
    .innerJoin('readings', 'readings.uplink_id', 'uplinks.id')
    .select(['uplinks.device_id', 'uplinks.payload'])
    .where('uplinks.envelope', '=', 'tunna-json')
    .execute();
  return rows.map(({ device_id, payload }) => {
    const content = payload.toString();
    return { key: `${device_id}/${Payload.parse(JSON.parse(content)).observedAt}`, content };
  });
}

const Series = z.object({
  truncated: z.boolean(),
  buckets: z.array(z.object({ at: z.string(), mean: z.number() })),
});

/** What the API can show of a message: its level. */
export function levelOf(content: string): string {
  return String(z.object({ fillPercent: z.number() }).parse(JSON.parse(content)).fillPercent);
}

/** Every level in the history of every bin, as the API returns it. */
export async function readApi(tunna: RunningTunna, bins: number): Promise<FoundMessage[]> {
  const found: FoundMessage[] = [];
  for (let index = 0; index < bins; index += 1) {
    let to = Date.now() + 60_000;
    for (let more = true; more;) {
      const span = `to=${new Date(to).toISOString()}&resolution=0`;
      const answer = await tunna.getJson(`/bins/bin-${index}/readings?${span}`);
      const { buckets, truncated } = Series.parse(answer);
      for (const { at, mean } of buckets) {
        const content = JSON.stringify({ fillPercent: mean });
        found.push({ key: `dev-${index}/${Date.parse(at)}`, content });
      }
      // The newest come first: the next answer ends before the oldest of this one.
      to = Date.parse(buckets[0]?.at ?? '') - 1;
      more = truncated;
    }
  }
  return found;
}

/** Every frame that came through the webhooks, byte for byte. */
export async function readWebhooks(tunna: RunningTunna): Promise<FoundMessage[]> {
  await using opened = tunna.openStore();
  const rows = await opened.store.db
    .selectFrom('uplinks')
    .innerJoin('readings', 'readings.uplink_id', 'uplinks.id')
    .select('uplinks.payload')
    .where('uplinks.door', '=', 'webhooks')
    .execute();
  return rows.map(({ payload }) => {
    const content = payload.toString();
    const { deduplicationId } = Frame.parse(JSON.parse(content));
    return { key: deduplicationId, content };
  });
}

const Frame = z.object({ deduplicationId: z.string() });

/** Every level in an InfluxDB 1.x, once all that waited for it is there. */
export async function readInflux(
  tunna: RunningTunna,
  server: Influxd,
  bins: number,
): Promise<FoundMessage[]> {
  await using opened = tunna.openStore();
  await vi.waitFor(
    async () =>
      expect(await opened.store.db.selectFrom('outbox').select('id').limit(1).execute()).toEqual(
        [],
      ),
    { timeout: 120_000, interval: 100 },
  );
  const client = new InfluxDB({ host: '127.0.0.1', port: server.port, database: 'tunna' });
  const found: FoundMessage[] = [];
  for (let index = 0; index < bins; index += 1) {
    const query = `select fill_percent from reading where device = 'dev-${index}'`;
    const rows = await client.query<{ time: Date; fill_percent: number }>(query);
    for (const { time, fill_percent } of rows) {
      const content = JSON.stringify({ fillPercent: fill_percent });
      found.push({ key: `dev-${index}/${time.getTime()}`, content });
    }
  }
  return found;
}
