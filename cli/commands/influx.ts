import type { Command } from 'commander';
import { restartBackfill } from '../../store/influx/backfill.ts';
import { listInfluxRejects, retryInfluxRejects } from '../../store/influx/rejects.ts';
import { wholeArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { createInfluxTarget } from '../parts/influx-target.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';
import type { Settings } from '../settings/settings.ts';

const DEFAULT_LIMIT = 100;
const GREATEST_LIMIT = 100_000;

export function addInfluxCommand(program: Command): void {
  const influx = program
    .command('influx')
    .description('what InfluxDB has been given, and what it refuses');
  influx
    .command('rejects')
    .description('readings that InfluxDB refuses, with why, the newest first; SQL has them')
    .option('--limit <count>', 'at most so many', wholeArgument(1, GREATEST_LIMIT), DEFAULT_LIMIT)
    .option('--json', 'as JSON')
    .action(listRejects);
  influx
    .command('retry')
    .description('send readings that were refused again, after what was wrong has been put right')
    .argument('[ids...]', 'their numbers', idsArgument)
    .option('--all', 'all of them')
    .action(retry);
  influx
    .command('backfill')
    .description(
      'give InfluxDB everything that SQL has once more; what it has already stays as it is',
    )
    .action(backfill);
}

async function listRejects(options: { limit: number; json?: true }): Promise<void> {
  const { settings } = loadSettings();
  const rejects = await withStore(settings, (store) => listInfluxRejects(store, options.limit));
  const shown = rejects.map(({ observedAtMs, rejectedAtMs, ...rest }) => ({
    ...rest,
    observedAt: formatTime(observedAtMs),
    rejectedAt: formatTime(rejectedAtMs),
  }));
  if (options.json) return printJson(shown);
  const cells = shown.map((row) => [
    ...[row.readingId, row.binId, row.deviceId, row.observedAt, row.status, row.detail],
  ]);
  print(formatTable(['READING', 'BIN', 'DEVICE', 'OBSERVED', 'STATUS', 'INFLUXDB SAYS'], cells));
}

async function retry(ids: readonly number[], options: { all?: true }): Promise<void> {
  if ((options.all === true) === ids.length > 0) {
    throw new Refusal(EXIT.usage, 'name the readings, or say --all');
  }
  const { settings } = loadSettings();
  requireTarget(settings);
  const queued = await withStore(settings, (store) =>
    retryInfluxRejects(store, options.all === true ? undefined : ids),
  );
  print(`${queued} readings wait for InfluxDB again`);
}

async function backfill(): Promise<void> {
  const { settings } = loadSettings();
  const target = requireTarget(settings);
  const readings = await withStore(settings, (store) => restartBackfill(store, target));
  await target.close();
  print(`ingest gives InfluxDB ${readings} readings, the oldest first`);
}

function requireTarget(settings: Settings) {
  const target = createInfluxTarget(settings.history);
  if (target === undefined)
    throw new Refusal(EXIT.failure, 'TUNNA_STORE is sqlite: there is no InfluxDB');
  return target;
}

/** Commander calls it once for each text; without any, the action gets an empty list. */
function idsArgument(text: string, earlier: readonly number[] = []): readonly number[] {
  return [...earlier, wholeArgument(1, Number.MAX_SAFE_INTEGER)(text)];
}
