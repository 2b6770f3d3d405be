import { parseArgs } from 'node:util';
import { startInfluxd } from '../../tests/servers/influxd.ts';
import { startPostgres } from '../../tests/servers/postgres.ts';
import { provision } from '../../tests/servers/provision.ts';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatRounds } from '../statistics.ts';
import { writeFigures } from '../write-figures.ts';
import { measureInfluxBytes } from './influx-bytes.ts';
import { measureCosts } from './measure-costs.ts';
import type { Costs, Load, PartCosts } from './measure-costs.ts';
import { planMillion } from './million.ts';

// What a reading takes of each part: CPU time, memory, disk. Prints Markdown; with --write it goes into docs/scaling.md.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '40' },
    burst: { type: 'string', default: '40000' },
    write: { type: 'boolean', default: false },
  },
});
const load: Load = {
  ratePerSecond: Number(values.rate),
  seconds: Number(values.seconds),
  burst: Number(values.burst),
};

/** As a server that is to lose nothing in a power cut. */
const DURABLE = ['fsync=on', 'full_page_writes=on', 'shared_buffers=256MB', 'max_wal_size=4GB'];

const SETUPS: Readonly<Record<string, () => Promise<Costs>>> = {
  SQLite: () => measureCosts({ env: {}, servers: {}, feedsInflux: false }, load),
  PostgreSQL: async () => {
    await using server = await startPostgres(DURABLE);
    const env = { TUNNA_DATABASE_URL: await server.createDatabase() };
    return await measureCosts(
      { env, servers: { 'PostgreSQL’s server': server.pid }, feedsInflux: false },
      load,
    );
  },
  'PostgreSQL and InfluxDB': async () => {
    await using server = await startPostgres(DURABLE);
    await using influx = await startInfluxd();
    const env = {
      TUNNA_DATABASE_URL: await server.createDatabase(),
      TUNNA_STORE: 'influx1',
      TUNNA_INFLUX_URL: influx.url,
      TUNNA_INFLUX_DATABASE: 'tunna',
    };
    const servers = { 'PostgreSQL’s server': server.pid, InfluxDB: influx.pid };
    return await measureCosts({ env, servers, feedsInflux: true }, load);
  },
};

const missing = await provision(['postgresql-15', 'influxdb']);
if (missing.length > 0) throw new Error(`Debian packages are missing: ${missing.join(', ')}`);
const intro = `${describeRun()}
- ${load.ratePerSecond} readings a second for ${load.seconds} s, then a burst of ${load.burst}; median of ${values.rounds} interleaved rounds (lowest–highest)`;
const rounds = new Map<string, Costs[]>();
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const [name, measure] of Object.entries(SETUPS)) {
    const costs = await measure();
    rounds.set(name, [...(rounds.get(name) ?? []), costs]);
    process.stderr.write(`round ${round}: ${name}: ${JSON.stringify(costs.parts)}\n`);
  }
}
const influxBytes = await measureInfluxBytes();
const report = writeReport();
process.stdout.write(`${report}\n`);
if (values.write) await writeFigures('scaling', report);

function writeReport(): string {
  const found = [...rounds.values()];
  const parts = ['broker', 'ingest', 'dashboard', 'PostgreSQL’s server', 'InfluxDB'];
  const partRows = (what: string, read: (costs: PartCosts) => number): string[][] =>
    parts.map((part) => [
      `${part}: ${what}`,
      ...found.map((costs) =>
        formatRounds(
          costs.map((one) => {
            const costsOfPart = one.parts[part];
            return costsOfPart === undefined ? Number.NaN : read(costsOfPart);
          }),
        ),
      ),
    ]);
  const tables = ['uplinks', 'uplinks, indexes', 'readings', 'readings, indexes', 'other tables'];
  const tableRows = tables.map((table) => [
    `${table}: bytes on disk per reading`,
    ...found.map((costs) => formatRounds(costs.map((one) => one.tableBytes.get(table) ?? 0))),
  ]);
  const rows = [
    ...partRows('CPU µs per reading', ({ cpuMicros }) => cpuMicros),
    ...partRows('CPU ms per second when nothing comes', ({ idleMs }) => idleMs),
    ...partRows('memory, MiB', ({ memoryMib }) => memoryMib),
    ...partRows('bytes written to disk per reading', ({ writtenBytes }) => writtenBytes),
    ...tableRows,
    [
      'InfluxDB: bytes on disk per reading',
      ...found.map((_, at) => (at === 2 ? influxBytes.toFixed(1) : '–')),
    ],
    [
      'a burst: stored per second',
      ...found.map((costs) => formatRounds(costs.map((one) => one.storedPerSecond))),
    ],
  ];
  const plan = planMillion(rounds.get('PostgreSQL and InfluxDB') ?? [], influxBytes);
  return `${intro}\n\n${markdownTable(['', ...rounds.keys()], rows)}\n\n${plan}`;
}
