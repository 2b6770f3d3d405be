import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { encodePoints } from '../../store/influx/line-protocol.ts';
import { startInfluxd } from '../../tests/servers/influxd.ts';

/** A shard of InfluxDB is a week; bins report four times an hour. */
const POINTS_PER_SERIES = 7 * 24 * 4;
const BINS = 300;
const BINS_PER_REQUEST = 10;
const INTERVAL_MS = 15 * 60_000;
const START_MS = Date.UTC(2026, 0, 5);
const STILL_MS = 4_000;

/**
 * Bytes on disk per reading when InfluxDB has put a week in order, as it does with every shard in the end: levels that rise and
 * are emptied, temperatures of day and night, voltages that sink.
 */
export async function measureInfluxBytes(): Promise<number> {
  await using server = await startInfluxd({
    data: ['cache-snapshot-write-cold-duration = "1s"', 'compact-full-write-cold-duration = "1s"'],
  });
  const answer = await fetch(`${server.url}/query?q=CREATE+DATABASE+week`, { method: 'POST' });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  for (let first = 0; first < BINS; first += BINS_PER_REQUEST) {
    const body = encodePoints(
      Array.from({ length: BINS_PER_REQUEST }, (_, index) => weekOf(first + index)).flat(),
    );
    const url = `${server.url}/write?db=week&precision=n`;
    const written = await fetch(url, { method: 'POST', body });
    if (!written.ok) throw new Error(`the server answered ${written.status}`);
  }
  return (await untilStill(path.join(server.folder, 'data'))) / (BINS * POINTS_PER_SERIES);
}

function weekOf(bin: number): Parameters<typeof encodePoints>[0] {
  return Array.from({ length: POINTS_PER_SERIES }, (_, turn) => {
    const atMs = START_MS + turn * INTERVAL_MS + ((bin * 7_919) % INTERVAL_MS) + (turn % 977);
    const hour = ((turn + bin) % 96) / 4;
    return {
      measurement: 'reading',
      tags: { bin: `bin-${100_000 + bin}`, device: `dev-${100_000 + bin}` },
      fields: {
        fill_percent: Math.round(((turn * (3 + (bin % 5))) / 7) % 100),
        distance_mm: 1_200 - Math.round(((turn * (30 + (bin % 5) * 10)) / 7) % 1_000),
        temperature_c: Math.round(70 + 50 * Math.sin((hour / 24) * 2 * Math.PI)) / 10,
        battery_v: 3.6 - Math.floor(turn / 200) / 100,
        quality: 4,
      },
      // The nanoseconds follow from the message's identity, as in Tunna's own.
      timestampNs: String(BigInt(atMs) * 1_000_000n + BigInt((turn * 48_271 + bin) % 1_000_000)),
    };
  });
}

/** The size when nothing is being put in order any more. */
async function untilStill(folder: string): Promise<number> {
  let bytes = -1;
  for (;;) {
    await wait(STILL_MS);
    const now = folderBytes(folder);
    if (now === bytes && now > 0) return now;
    bytes = now;
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tsm'))
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}
