import { parseArgs } from 'node:util';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatRounds, percentile } from '../statistics.ts';
import { runOutage } from './run-outage.ts';
import type { Period } from './run-outage.ts';

// What an InfluxDB that is away costs those who publish and those who look, and how fast it is given what it missed when it is back.
// Prints Markdown; what goes on meanwhile goes to stderr. Ends with 1 when InfluxDB has not got every reading exactly once.

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '200' },
    burst: { type: 'string', default: '100000' },
  },
});

const intro = describeRun();
const outcome = await runOutage({
  minutes: positive('minutes', values.minutes),
  ratePerSecond: positive('rate', values.rate),
  burst: positive('burst', values.burst),
  tell: (text) => process.stderr.write(`${text}\n`),
});
const { normal, outage } = outcome;
const ms = (samples: readonly number[], percent: number): string =>
  formatRounds([percentile(samples, percent)]);
const mib = (period: Period, part: 'broker' | 'ingest' | 'dashboard'): string =>
  period.anonymousMiB[part].toFixed(0);
const rows: [string, string, string][] = [
  ['readings acknowledged', String(normal.ackMs.length), String(outage.ackMs.length)],
  ['publish to PUBACK, p50, ms', ms(normal.ackMs, 50), ms(outage.ackMs, 50)],
  ['publish to PUBACK, p99, ms', ms(normal.ackMs, 99), ms(outage.ackMs, 99)],
  ['a bin through the API, p50, ms', ms(normal.apiMs, 50), ms(outage.apiMs, 50)],
  ['a bin through the API, p99, ms', ms(normal.apiMs, 99), ms(outage.apiMs, 99)],
  ['memory of the broker at the end, MiB', mib(normal, 'broker'), mib(outage, 'broker')],
  ['memory of ingest at the end, MiB', mib(normal, 'ingest'), mib(outage, 'ingest')],
  ['memory of the dashboard at the end, MiB', mib(normal, 'dashboard'), mib(outage, 'dashboard')],
  [
    'requests to write per minute',
    normal.writesPerMinute.toFixed(1),
    outage.writesPerMinute.toFixed(1),
  ],
];
process.stdout.write(
  `${intro}\n\n${markdownTable(['', 'InfluxDB there', 'InfluxDB away'], rows)}\n\n`,
);
const { backlog, drainSeconds, drainCpuSeconds, limitPerSecond, wrong } = outcome;
const after: [string, string][] = [
  ['readings that waited', String(backlog)],
  ['seconds until all were written', drainSeconds.toFixed(2)],
  ['readings per second', (backlog / drainSeconds).toFixed(0)],
  ['CPU of ingest per reading, µs', ((drainCpuSeconds / backlog) * 1e6).toFixed(1)],
  ['readings per second that the server takes from a bare client', limitPerSecond.toFixed(0)],
  ...Object.entries(wrong).map(([what, count]): [string, string] => [what, String(count)]),
];
process.stdout.write(`${markdownTable(['after its return', ''], after)}\n`);
if (Object.values(wrong).some((count) => count > 0)) process.exitCode = 1;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, got "${text}"`);
  return value;
}
