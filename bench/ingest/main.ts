import { parseArgs } from 'node:util';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { formatRounds } from '../statistics.ts';
import { measureCase } from './measure-case.ts';
import type { Case, Connect, Figures } from './measure-case.ts';
import { MqttJsClient } from './mqtt-js-client.ts';
import { RawClient } from './raw-client.ts';

// Uplinks per second from publish to stored, and how long one takes to its PUBACK and to the page. Prints Markdown;
// what goes on meanwhile goes to stderr. Ends with 1 when anything acknowledged is not stored, once.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    messages: { type: 'string', default: '40000' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '1,50,500' },
    client: { type: 'string', default: 'raw' },
  },
});

const CLIENTS: Record<string, Connect> = {
  raw: (options) => RawClient.connect(options),
  'mqtt.js': (options) => MqttJsClient.connect(options),
};

/** Messages under way per connection: many for one that speaks for a town, one for each of many sensors. */
const WINDOWS: Record<number, number> = { 1: 100, 50: 10, 500: 1 };

/** A town at rest, where each level has the stream for itself; ten thousand sensors that report every 20 s. */
const CALM: readonly Case[] = [
  { connections: 1, window: 1, ratePerSecond: 0.7, messages: 8, seconds: 12 },
  { connections: 50, window: 10, ratePerSecond: 500, messages: 2_500, seconds: 6 },
];

const bounds = { messages: Number(values.messages), seconds: Number(values.seconds) };
const full = values.connections
  .split(',')
  .map(Number)
  .map((connections): Case => ({ connections, window: WINDOWS[connections] ?? 1, ...bounds }));
const cases = [...CALM, ...full];
const connect = CLIENTS[values.client];
if (connect === undefined) throw new Error(`--client is one of ${Object.keys(CLIENTS).join(', ')}`);

const intro = describeRun();
const results = new Map<Case, Figures[]>(cases.map((one) => [one, []]));
// Interleaved, so that a noisy minute does not fall on one case alone.
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const one of cases) {
    const figures = await measureCase(one, connect);
    results.get(one)?.push(figures);
    process.stderr.write(`round ${round}: ${describeCase(one)}: ${JSON.stringify(figures)}\n`);
  }
}

const HEAD = [
  'load',
  'messages',
  'acked/s',
  'stored/s',
  'PUBACK p50 ms',
  'PUBACK p99 ms',
  'page p50 ms',
  'page p99 ms',
  'broker µs',
  'ingest µs',
  'client µs',
];
const rows = [...results].map(([one, rounds]) => {
  const cell = (name: keyof Figures): string => formatRounds(rounds.map((each) => each[name]));
  return [
    describeCase(one),
    cell('acked'),
    cell('ackedPerSecond'),
    cell('storedPerSecond'),
    cell('ackP50Ms'),
    cell('ackP99Ms'),
    cell('seenP50Ms'),
    cell('seenP99Ms'),
    cell('brokerMicros'),
    cell('ingestMicros'),
    cell('clientMicros'),
  ];
});
process.stdout.write(
  `${intro}\n- client: ${values.client}; median of ${values.rounds} rounds (lowest–highest); every acknowledged message was stored, once\n\n`,
);
process.stdout.write(`${markdownTable(HEAD, rows)}\n`);

function describeCase({ connections, window, ratePerSecond }: Case): string {
  const pace = ratePerSecond === undefined ? `window ${window}` : `${ratePerSecond}/s`;
  return `${connections} connection${connections === 1 ? '' : 's'}, ${pace}`;
}
