import type { Command } from 'commander';
import { createMessagesFormat } from '../../ingest/history/formats/messages.ts';
import { timeArgument } from '../arguments.ts';
import { importFiles } from '../history/import-files.ts';
import { findRecordings } from '../history/find-recordings.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';

interface ReplayOptions {
  readonly receivedAt?: number;
  readonly dryRun: boolean;
  readonly json?: true;
}

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('put recorded messages through ingest; what is stored already stays as it is')
    .argument('<paths...>', 'files, or folders with .ndjson, .jsonl and .json files')
    .option('--received-at <time>', 'for messages that do not say when they came', timeArgument)
    .option('--dry-run', 'only read and report', false)
    .option('--json', 'the report as JSON')
    .action(replay);
}

async function replay(paths: readonly string[], options: ReplayOptions): Promise<void> {
  const files = paths.flatMap(findRecordings);
  const { receivedAt: receivedAtMs, dryRun, json } = options;
  const format = createMessagesFormat(receivedAtMs === undefined ? {} : { receivedAtMs });
  const { settings } = loadSettings();
  await withStore(settings, (store) =>
    importFiles(store, { files, format, sources: settings.sources, dryRun, json: json === true }),
  );
}
