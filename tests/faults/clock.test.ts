import { spawn } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import mqtt from 'mqtt';
import { expect, test, vi } from 'vitest';
import { BinList } from '../../dashboard/api/bins.ts';
import { fakeClockEnv } from '../servers/fake-clock.ts';
import { freePort } from '../servers/free-port.ts';
import { privateFolder } from '../servers/server-process.ts';
import { needs } from '../servers/needs.ts';
import { drain, readMetric } from '../system/conservation.ts';
import { isListening, MAIN, startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';
import { addTown } from '../system/town-of-devices.ts';
import { compare, History, NOTHING_WRONG } from './history.ts';
import { NumberedPublisher } from './numbered-publisher.ts';
import { readSql } from './readers.ts';

const PUBLISHERS = 10;
const PER_CLOCK = 60;
const PATIENCE = { timeout: 60_000, interval: 50 };
/** More than this ahead of us, a clock is not believed (`domain/clock.ts`). */
const TOO_FAR_AHEAD_MS = 10 * 60_000;

/** What the machine's clock shows, the sensors' staying right; and back to the right time after each. */
const JUMPS = ['+1h', '+1d', '-1d', '@1970-01-02 00:00:00', '@2038-01-19 03:14:05'];

/** Replaced as a whole: read while it is written, the file would be no time at all. */
function setClock(file: string, offset: string): void {
  writeFileSync(`${file}.new`, offset);
  renameSync(`${file}.new`, file);
}

needs('faketime')('a clock that jumps under load', () => {
  test('stops nobody, loses nothing, deletes nothing, and what is filed under it is marked', async () => {
    const folder = await privateFolder('clock');
    const file = path.join(folder, 'clock');
    setClock(file, '+0');
    const fake = Object.fromEntries(
      Object.entries(fakeClockEnv(file)).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
    await using tunna = await startTunna({ ...fake, TUNNA_RETENTION_MONTHS: '1' });
    const credentials = await addTown(tunna, PUBLISHERS);
    await using north = await startBroker(tunna, 'north');
    const history = new History();
    const publishers = Array.from({ length: PUBLISHERS }, (_, index) => {
      const device = `dev-${index}`;
      // Half of them at each broker: two processes that share leases.
      const port = index % 2 === 0 ? tunna.mqttPort : north.port;
      return new NumberedPublisher({
        ...{ port, credentials, device, boot: `boot-${index}`, history },
      });
    });
    for (const jump of JUMPS) {
      setClock(file, jump);
      await awaitMore(history);
      await expectNewcomer(tunna, credentials);
      // Housekeeping, too, begins anew under the wrong clock.
      const ingest = tunna.killPart('ingest');
      await vi.waitFor(() => expect(tunna.findPart('ingest') ?? ingest).not.toBe(ingest), PATIENCE);
      await awaitMore(history);
      setClock(file, '+0');
      await awaitMore(history);
    }
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    await drain(tunna);
    await drain(tunna, 'north');
    expect(compare(history, await readSql(tunna))).toEqual(NOTHING_WRONG);
    expect(await readMetric(tunna, 'tunna_messages_unaccounted')).toBe(0);
    await expectMarked(tunna);
    await expectAges(tunna);
    expect(tunna.logText()).not.toMatch(/killed by SIG(?!KILL)|exit code [1-9]/);
    rmSync(folder, { recursive: true });
  }, 300_000);
});

async function awaitMore(history: History): Promise<void> {
  const before = history.acknowledged.size;
  await vi.waitFor(
    () => expect(history.acknowledged.size).toBeGreaterThan(before + PER_CLOCK),
    PATIENCE,
  );
}

/** Tokens are good whatever the time. */
async function expectNewcomer(
  tunna: RunningTunna,
  credentials: { username: string; password: string },
): Promise<void> {
  const url = `mqtt://127.0.0.1:${tunna.mqttPort}`;
  const client = await mqtt.connectAsync(url, { ...credentials, reconnectPeriod: 0 });
  await client.endAsync();
}

/** Readings whose own time could not be believed under the clock of their arrival are doubted, and no others. */
async function expectMarked(tunna: RunningTunna): Promise<void> {
  await using opened = tunna.openStore();
  const rows = await opened.store.db
    .selectFrom('readings')
    .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .select([
      'uplinks.payload',
      'readings.received_at',
      'readings.observed_at',
      'readings.clock_reason',
      'readings.quality_reason',
      'readings.late',
    ])
    .execute();
  let doubted = 0;
  for (const row of rows) {
    const said = Number(/"observedAt":(\d+)/.exec(row.payload.toString())?.[1]);
    const isAhead = said > row.received_at + TOO_FAR_AHEAD_MS;
    if (isAhead) doubted += 1;
    expect(row.clock_reason).toBe(isAhead ? 'clock-ahead' : null);
    expect(row.observed_at).toBe(isAhead ? row.received_at : said);
  }
  expect(doubted).toBeGreaterThan(PER_CLOCK);
  expect(rows.filter(({ late }) => late === 1).length).toBeGreaterThan(PER_CLOCK);
}

/** With the clock put right, every level has the age it has. */
async function expectAges(tunna: RunningTunna): Promise<void> {
  const { bins } = BinList.parse(await tunna.getJson('/bins'));
  expect(bins).toHaveLength(PUBLISHERS);
  for (const { ageSeconds, observedAt, state } of bins) {
    expect(state).not.toBe('stale');
    const age = (Date.now() - Date.parse(observedAt ?? '')) / 1000;
    expect(Math.abs((ageSeconds ?? NaN) - age)).toBeLessThan(60);
  }
}

/** A second broker on the same data folder, with a journal of its own. */
async function startBroker(
  tunna: RunningTunna,
  door: string,
): Promise<{ readonly port: number } & AsyncDisposable> {
  const port = await freePort();
  const env = { ...tunna.env, TUNNA_MQTT_PORT: String(port), TUNNA_MQTT_WS_PORT: 'off' };
  const args = [MAIN, 'broker', '--door', door];
  const child = spawn(process.execPath, args, { env, cwd: tunna.folder, stdio: 'ignore' });
  await vi.waitFor(async () => expect(await isListening(port)).toBe(true), PATIENCE);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
