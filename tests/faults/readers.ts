import { z } from 'zod';
import type { RunningTunna } from '../system/running-tunna.ts';
import type { FoundMessage } from './history.ts';

const Payload = z.object({ observedAt: z.number() });

/** Every message in the database, byte for byte. */
export async function readSql(tunna: RunningTunna): Promise<FoundMessage[]> {
  await using opened = tunna.openStore();
  const rows = await opened.store.db
    .selectFrom('uplinks')
    .innerJoin('readings', 'readings.uplink_id', 'uplinks.id')
    .select(['uplinks.device_id', 'uplinks.payload'])
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
