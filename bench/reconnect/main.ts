import { parseArgs } from 'node:util';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { runStorm } from './storm.ts';
import type { StormFigures } from './storm.ts';

// Kills the broker under thousands of sensors and waits until all are back. Prints Markdown. Ends with 1 when a reading that
// was acknowledged is not stored, or one is stored twice.

const { values } = parseArgs({
  options: {
    tcp: { type: 'string', default: '10000' },
    tls: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
});

const HEAD = ['clients', 'all back s', 'then acked s', 'acked', 'lost', 'KB/connection', 'peak MB'];

const intro = describeRun();
const rows: string[][] = [];
for (const kind of ['tcp', 'tls'] as const) {
  const clients = Number(values[kind]);
  if (clients === 0) continue;
  const figures = await runStorm({ clients, tls: kind === 'tls', seed: Number(values.seed) });
  rows.push([`${clients.toLocaleString('en-GB')} ${kind.toUpperCase()}`, ...format(figures)]);
  if (figures.lost > 0 || figures.repeated > 0) process.exitCode = 1;
  process.stderr.write(`${kind}: ${JSON.stringify(figures)}\n`);
}
process.stdout.write(`${intro}\n\n${markdownTable(HEAD, rows)}\n`);

function format(figures: StormFigures): string[] {
  const { allBackMs, allAcknowledgedMs, acknowledged, lost } = figures;
  return [
    (allBackMs / 1_000).toFixed(1),
    (allAcknowledgedMs / 1_000).toFixed(1),
    acknowledged.toLocaleString('en-GB'),
    String(lost),
    (figures.bytesPerConnection / 1_024).toFixed(1),
    (figures.peakBytes / 1_048_576).toFixed(0),
  ];
}
