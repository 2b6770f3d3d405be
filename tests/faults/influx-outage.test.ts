import { InfluxDB } from 'influx';
import { expect, test, vi } from 'vitest';
import { freePort } from '../servers/free-port.ts';
import { InfluxFront, RETRY_AFTER_SECONDS } from '../servers/influx-front.ts';
import type { FrontMode } from '../servers/influx-front.ts';
import { startInfluxd } from '../servers/influxd.ts';
import type { Influxd } from '../servers/influxd.ts';
import { needs } from '../servers/needs.ts';
import { drain } from '../system/conservation.ts';
import { startTunna } from '../system/running-tunna.ts';
import { addTown } from '../system/town-of-devices.ts';
import { compare, History, NOTHING_WRONG } from './history.ts';
import type { FoundMessage } from './history.ts';
import { NumberedPublisher } from './numbered-publisher.ts';
import { levelOf, readSql } from './readers.ts';

const PUBLISHERS = 8;
/** After a few failures in a row the breaker waits for up to 15 s, and a halted server takes its time to come back. */
const PATIENT = { timeout: 60_000, interval: 100 };

/** How an InfluxDB can be away. */
interface Outage {
  readonly name: string;
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

function listOutages(server: Influxd, front: InfluxFront): readonly Outage[] {
  const modes: readonly FrontMode[] = ['busy', 'failing', 'half', 'slow'];
  return [
    { name: 'killed', begin: () => server.crash(), end: () => server.start() },
    {
      name: 'halted',
      begin: () => void process.kill(server.pid, 'SIGSTOP'),
      end: () => void process.kill(server.pid, 'SIGCONT'),
    },
    ...modes.map((mode) => ({
      name: mode,
      begin: () => front.setMode(mode),
      end: () => front.setMode('pass'),
    })),
  ];
}

async function readInflux({ port }: Influxd): Promise<FoundMessage[]> {
  const client = new InfluxDB({ host: '127.0.0.1', port, database: 'tunna' });
  const rows = await client.query<{ device: string; fill_percent: number }>(
    'select device, fill_percent from reading where quality >= 0',
  );
  return [...rows].map(({ device, fill_percent, time }) => ({
    key: `${device}/${time.getTime()}`,
    content: JSON.stringify({ fillPercent: fill_percent }),
  }));
}

/** The values of ingest's metrics, by name and labels. */
async function readMetrics(port: number): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('tunna_influx_'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end))];
    }),
  );
}

needs('influxdb')('an InfluxDB that is away under load', () => {
  test('loses, doubles and sets aside nothing, is not pestered, and holds up nobody else', async () => {
    await using server = await startInfluxd();
    await using front = await InfluxFront.start(server.url);
    const metricsPort = await freePort();
    await using tunna = await startTunna({
      TUNNA_STORE: 'influx1',
      TUNNA_INFLUX_URL: front.url,
      TUNNA_INFLUX_DATABASE: 'tunna',
      TUNNA_INGEST_METRICS_PORT: String(metricsPort),
    });
    const credentials = await addTown(tunna, PUBLISHERS);
    const history = new History();
    const publishers = Array.from({ length: PUBLISHERS }, (_, index) => {
      const device = `dev-${index}`;
      return new NumberedPublisher({
        ...{ port: tunna.mqttPort, credentials, device, boot: `boot-${index}`, history },
      });
    });
    const metric = async (name: string) => (await readMetrics(metricsPort)).get(name) ?? 0;
    const written = () => metric('tunna_influx_readings_total{outcome="written"}');
    const isClosed = () => metric('tunna_influx_breaker{state="closed"}');
    await vi.waitFor(async () => expect(await written()).toBeGreaterThan(0), PATIENT);
    for (const outage of listOutages(server, front)) {
      front.setMode('pass');
      await outage.begin();
      const acknowledged = history.acknowledged.size;
      // Slow is no failure.
      const isFailure = outage.name !== 'slow';
      if (isFailure) await vi.waitFor(async () => expect(await isClosed()).toBe(0), PATIENT);
      // Two, where the pause between them is looked at.
      const writes = ['busy', 'failing'].includes(outage.name) ? 2 : 1;
      await vi.waitFor(() => expect(front.writes).toBeGreaterThanOrEqual(writes), PATIENT);
      // Whoever publishes is acknowledged, and the page shows it.
      await vi.waitFor(
        () => expect(history.acknowledged.size).toBeGreaterThan(acknowledged),
        PATIENT,
      );
      expect(await tunna.getJson('/bins/bin-0')).toMatchObject({ id: 'bin-0' });
      if (outage.name === 'failing') expect(front.shortestPauseMs).toBeGreaterThanOrEqual(990);
      if (outage.name === 'busy') {
        expect(front.shortestPauseMs).toBeGreaterThanOrEqual(RETRY_AFTER_SECONDS * 990);
      }
      const before = await written();
      await outage.end();
      await vi.waitFor(async () => expect(await isClosed()).toBe(1), PATIENT);
      await vi.waitFor(async () => expect(await written()).toBeGreaterThan(before), PATIENT);
    }
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    await drain(tunna);
    const outbox = () => metric('tunna_influx_outbox_rows');
    await vi.waitFor(async () => expect(await outbox()).toBe(0), PATIENT);
    expect(compare(history, await readSql(tunna))).toEqual(NOTHING_WRONG);
    expect(compare(history, await readInflux(server), levelOf)).toEqual(NOTHING_WRONG);
    expect(await metric('tunna_influx_rejects')).toBe(0);
    expect(await metric('tunna_influx_write_errors_total{code="429"}')).toBeGreaterThan(0);
    expect(await metric('tunna_influx_write_errors_total{code="500"}')).toBeGreaterThan(0);
    expect(await metric('tunna_influx_write_errors_total{code="silent"}')).toBeGreaterThan(0);
  }, 300_000);
});
