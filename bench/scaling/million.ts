import { markdownTable } from '../markdown-table.ts';
import { percentile } from '../statistics.ts';
import type { Costs, PartCosts } from './measure-costs.ts';

/** What is assumed; everything else is measured. */
const BINS = 1_000_000;
const READINGS_PER_HOUR = 4;
const PEAK = 5;
/** So much of a core may be in use at the peak. */
const IN_USE = 0.5;
const KEPT_DAYS = 761;
const RECENT_DAYS = 60;
/** A message of Tunna's own JSON with topic, MQTT, TLS, TCP and IP, and its acknowledgement, bytes. */
const ON_THE_WIRE = 400;

const TB = 1e12;
const SECONDS_PER_DAY = 86_400;

/** What a million bins take, by the costs measured with PostgreSQL and InfluxDB, with the formula of each line. */
export function planMillion(rounds: readonly Costs[], influxBytes: number): string {
  const perSecond = (BINS * READINGS_PER_HOUR) / 3_600;
  const readings = BINS * READINGS_PER_HOUR * 24 * KEPT_DAYS;
  const recent = BINS * READINGS_PER_HOUR * 24 * RECENT_DAYS;
  const part = (name: string, read: (costs: PartCosts) => number): number =>
    median(rounds.map(({ parts }) => (parts[name] === undefined ? 0 : read(parts[name]))));
  const cores = (name: string): string => {
    const micros = part(name, ({ cpuMicros }) => cpuMicros);
    return ((perSecond * PEAK * micros) / 1e6 / IN_USE).toFixed(1);
  };
  const table = (name: string): number =>
    median(
      rounds.map(({ tableBytes }) => {
        const [rows = 0, indexes = 0] = [name, `${name}, indexes`].map((key) =>
          tableBytes.get(key),
        );
        return rows + indexes;
      }),
    );
  const [message, reading] = [table('uplinks'), table('readings')];
  const written = part('PostgreSQL’s server', ({ writtenBytes }) => writtenBytes);
  const burst = median(rounds.map(({ storedPerSecond }) => storedPerSecond));
  const tb = (bytes: number): string => `${(bytes / TB).toFixed(1)} TB`;
  const rows = [
    ['readings a second, on average', `B × ${READINGS_PER_HOUR} / 3600`, perSecond.toFixed(0)],
    ['readings a second, at the peak', `average × ${PEAK}`, (perSecond * PEAK).toFixed(0)],
    ...['broker', 'ingest', 'dashboard', 'PostgreSQL’s server', 'InfluxDB'].map((name) => [
      `cores, ${name}`,
      `peak × CPU µs / 10⁶ / ${IN_USE}`,
      cores(name),
    ]),
    [
      'readings in 25 months',
      `B × ${READINGS_PER_HOUR} × 24 × ${KEPT_DAYS}`,
      `${(readings / 1e9).toFixed(1)} × 10⁹`,
    ],
    [
      'messages in SQL',
      `readings in 25 months × ${message.toFixed(0)} bytes`,
      tb(readings * message),
    ],
    [
      'readings in SQL, 60 days',
      `B × ${READINGS_PER_HOUR} × 24 × ${RECENT_DAYS} × ${reading.toFixed(0)} bytes`,
      tb(recent * reading),
    ],
    [
      'the same without InfluxDB',
      `readings in 25 months × ${reading.toFixed(0)} bytes`,
      tb(readings * reading),
    ],
    [
      'readings in InfluxDB',
      `readings in 25 months × ${influxBytes.toFixed(0)} bytes`,
      tb(readings * influxBytes),
    ],
    [
      'written by PostgreSQL, on average',
      `average × ${written.toFixed(0)} bytes`,
      `${((perSecond * written) / 1e6).toFixed(1)} MB/s`,
    ],
    [
      'written by PostgreSQL in a day',
      'the same × 86400',
      tb(perSecond * written * SECONDS_PER_DAY),
    ],
    [
      'network of the brokers, peak',
      `peak × ${ON_THE_WIRE} bytes × 8`,
      `${((perSecond * PEAK * ON_THE_WIRE * 8) / 1e6).toFixed(0)} Mbit/s`,
    ],
    [
      'an hour’s outage is stored in',
      'average × 3600 / (burst stored per second - average)',
      burst > perSecond ? `${((perSecond * 60) / (burst - perSecond)).toFixed(0)} min` : 'never',
    ],
  ];
  return markdownTable(['one million bins (B)', 'formula', 'result'], rows);
}

function median(values: readonly number[]): number {
  return percentile(values, 50);
}
