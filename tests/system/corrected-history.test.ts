import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { expect, test, vi } from 'vitest';
import { BinDetail, ReadingSeries } from '../../dashboard/api/bins.ts';
import { MAIN, startTunna } from './running-tunna.ts';
import type { RunningTunna } from './running-tunna.ts';

const HOUR_MS = 3_600_000;
const MEASURES = ['--empty-mm', '1200', '--full-mm', '200'];

/** Runs a command beside the parts, as a person would in another terminal. */
async function run(tunna: RunningTunna, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], {
    cwd: tunna.folder,
    env: tunna.env,
  });
  return stdout;
}

/** Tunna with two bins, and somebody who speaks for all sensors and may tell of the past. */
async function openTown() {
  const tunna = await startTunna();
  const place = ['--stream', 'food', '--lat', '59', '--lng', '17'];
  for (const id of ['bin-1', 'bin-2']) await run(tunna, 'bin', 'add', id, '--name', id, ...place);
  const gateway = ['--kind', 'gateway', '--prefix', 'bins/#', '--backfill'];
  const said = await run(tunna, 'device', 'add', 'radio', ...gateway);
  const password = /token: +(\S+)/.exec(said)?.[1] ?? '';
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${tunna.mqttPort}`, {
    username: 'radio',
    password,
  });
  return {
    tunna,
    client,
    async [Symbol.asyncDispose]() {
      await client.endAsync(true);
      await tunna[Symbol.asyncDispose]();
    },
  };
}

/** Publishes a distance that a sensor measured so many hours before noon of a day that is over. */
async function hear(
  client: MqttClient,
  sensor: string,
  hoursAgo: number,
  distanceMm: number,
): Promise<void> {
  const observedAt = new Date(noonMs() - hoursAgo * HOUR_MS).toISOString();
  const message = JSON.stringify({ observedAt, distanceMm });
  await client.publishAsync(`bins/${sensor}/up`, message, { qos: 1 });
}

const startedMs = Date.now();
const noonMs = (): number => startedMs - 24 * HOUR_MS;
const at = (hoursAgo: number): string => new Date(noonMs() - hoursAgo * HOUR_MS).toISOString();

/** Fills of a bin as its history shows them, oldest first. */
async function historyOf(tunna: RunningTunna, bin: string): Promise<number[]> {
  const route = `/bins/${bin}/readings?resolution=0`;
  const series = ReadingSeries.parse(await tunna.getJson(route));
  return series.buckets.map(({ mean }) => mean);
}

test('a swap of sensors and a corrected geometry keep the history of a bin right, late messages too', async () => {
  await using town = await openTown();
  const { tunna, client } = town;
  const shows = (bin: string, fills: readonly number[]): Promise<void> =>
    vi.waitFor(async () => expect(await historyOf(tunna, bin)).toEqual(fills), 15_000);
  for (const sensor of ['first', 'second']) {
    await run(tunna, 'device', 'add', sensor, '--behind-gateway');
  }
  await run(tunna, 'device', 'mount', 'first', 'bin-1', ...MEASURES);
  await hear(client, 'first', 9, 1100);
  await hear(client, 'first', 7, 900);
  // Nobody has written down yet that the second took its place at six.
  await hear(client, 'first', 5, 1200);
  await shows('bin-1', [10, 30, 0]);

  await run(tunna, 'device', 'unmount', 'first', '--at', at(6));
  await shows('bin-1', [10, 30]);
  const higher = ['--empty-mm', '2200', '--full-mm', '200'];
  await run(tunna, 'device', 'mount', 'second', 'bin-1', '--from', at(6), ...higher);
  await hear(client, 'second', 5, 1200);
  await hear(client, 'second', 3, 800);
  // The first sends what it had kept, from before the swap and from after.
  await hear(client, 'first', 8, 1000);
  await hear(client, 'first', 4, 700);
  await shows('bin-1', [10, 20, 30, 50, 70]);

  // The first one's floor was 200 mm deeper than written down.
  const said = await run(tunna, 'device', 'correct', 'first', '1', '--empty-mm', '1400');
  expect(said).toContain(`3 readings from the beginning to ${at(6)} were computed anew`);
  await shows('bin-1', [25, 33.3, 41.7, 50, 70]);
  const detail = BinDetail.parse(await tunna.getJson('/bins/bin-1'));
  expect(detail).toMatchObject({
    fillPercent: 70,
    deviceId: 'second',
    mountings: [
      { deviceId: 'second', from: at(6), to: null, emptyDistanceMm: 2200, recompute: null },
      { deviceId: 'first', from: null, to: at(6), emptyDistanceMm: 1400, recompute: null },
    ],
  });

  // The second one was in the other bin, and its walls lean.
  await run(tunna, 'device', 'correct', 'second', '2', '--bin', 'bin-2', '--area-ratio', '0.25');
  await shows('bin-1', [25, 33.3, 41.7]);
  await shows('bin-2', [33.9, 55.9]);
  expect(BinDetail.parse(await tunna.getJson('/bins/bin-1'))).toMatchObject({ fillPercent: 41.7 });
});
