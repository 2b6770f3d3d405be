import { READINGS_PER_REQUEST } from '../../store/influx/feed-influx.ts';
import { encodePoints } from '../../store/influx/line-protocol.ts';

const REQUESTS = 20;

/** Readings per second that a server takes from a client that does nothing but send texts made beforehand. */
export async function measureLimit(url: string): Promise<number> {
  await fetch(`${url}/query?q=CREATE+DATABASE+limit_of_server`, { method: 'POST' });
  const bodies = Array.from({ length: REQUESTS }, (_, request) => bodyOf(request));
  const startMs = performance.now();
  for (const body of bodies) {
    const answer = await fetch(`${url}/write?db=limit_of_server&precision=n`, {
      method: 'POST',
      body,
    });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  }
  return (REQUESTS * READINGS_PER_REQUEST) / ((performance.now() - startMs) / 1000);
}

function bodyOf(request: number): string {
  return encodePoints(
    Array.from({ length: READINGS_PER_REQUEST }, (_, index) => ({
      measurement: 'reading',
      tags: { bin: `bin-${index % 1000}`, device: `dev-${index % 1000}` },
      fields: { fill_percent: index % 100, temperature_c: 7.5, battery_percent: 87, quality: 4 },
      timestampNs: String(
        1_795_521_600_000_000_000n + BigInt(request * 10 ** 10 + index * 1_000_000),
      ),
    })),
  );
}
