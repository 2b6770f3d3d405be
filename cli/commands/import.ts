import type { Command } from 'commander';
import { Option } from 'commander';
import { FILL_SCALES } from '../../ingest/history/read-cells.ts';
import { DISTANCE_UNITS } from '../../ingest/history/formats/csv.ts';
import { PATTERN_RULE } from '../../ingest/history/read-time.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { createFormat, HISTORY_FORMATS } from '../history/create-format.ts';
import type { FormatOptions } from '../history/create-format.ts';
import {
  delimiterArgument,
  mapArgument,
  streamPairArgument,
  timeOfDayArgument,
  timeZoneArgument,
} from '../history/import-arguments.ts';
import { importFiles } from '../history/import-files.ts';
import { importWyndhamBins } from '../history/wyndham-bins.ts';
import type { StreamPairs } from '../history/wyndham-bins.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { print } from '../print.ts';
import { addGeometryOptions, toGeometry } from '../registry/geometry-options.ts';

type ImportOptions = FormatOptions &
  Parameters<typeof toGeometry>[0] & {
    readonly create: boolean;
    readonly bins?: string;
    readonly stream?: StreamPairs;
    readonly dryRun: boolean;
    readonly json?: true;
  };

export function addImportCommand(program: Command): void {
  const group = program.command('import').description('bring along what other systems have kept');
  const command = group
    .command('readings')
    .description('store the readings of files; what is stored already stays as it is')
    .argument('<files...>', 'the files, in the order in which they are to be read')
    .addOption(
      new Option('--format <format>', 'what the files are')
        .choices(HISTORY_FORMATS)
        .makeOptionMandatory(),
    )
    .option(
      '--time-zone <name>',
      'of times without a zone, such as Europe/Stockholm',
      timeZoneArgument,
    )
    .option('--time-of-day <hh:mm>', 'for rows that have only a day; else noon', timeOfDayArgument)
    .option('--date-format <pattern>', PATTERN_RULE)
    .option('--map <pairs>', 'csv: device=HEADING,time=HEADING,fill=HEADING ...', mapArgument)
    .option('--mapping <file>', 'csv: the same and more, as JSON')
    .addOption(new Option('--fill-scale <scale>', 'csv: what fills are').choices(FILL_SCALES))
    .addOption(
      new Option('--distance-unit <unit>', 'csv: what distances are in').choices(DISTANCE_UNITS),
    )
    .option(
      '--delimiter <sign>',
      'csv: between cells; "tab" for a tab; else a comma',
      delimiterArgument,
    )
    .option('--decimal-comma', 'csv: numbers are written 0,5')
    .option('--create', 'register unknown devices and mount each in the bin of the same id', false)
    .option('--bins <file>', 'wyndham: containers.csv, whose bins are added first')
    .option(
      '--stream <pair>',
      'wyndham: what a word of containers.csv means, such as general=residual; repeatable',
      streamPairArgument,
    )
    .option('--dry-run', 'only read and report', false)
    .option('--json', 'the report as JSON');
  addGeometryOptions(command);
  command.action(importReadings);
}

async function importReadings(files: readonly string[], options: ImportOptions): Promise<void> {
  const format = createFormat(options);
  const geometry = toGeometry(options);
  assertOptionsFit(options, geometry !== null);
  const { settings } = loadSettings();
  await withStore(settings, async (store) => {
    if (options.bins !== undefined) {
      const { bins: file, stream = {}, dryRun } = options;
      const { added, there } = await importWyndhamBins(store, file, stream, dryRun);
      const verb = dryRun ? 'would be' : 'were';
      if (!options.json) print(`${added} bins of ${file} ${verb} added, ${there} were there`);
    }
    await importFiles(store, {
      files,
      format,
      sources: settings.sources,
      dryRun: options.dryRun,
      json: options.json === true,
      ...(options.create && { create: { geometry } }),
    });
  });
}

/** Throws a {@link Refusal} for an option that would be passed over in silence. */
function assertOptionsFit(options: ImportOptions, hasGeometry: boolean): void {
  if (hasGeometry && !options.create) {
    throw new Refusal(EXIT.usage, 'a geometry is for the mountings that --create makes');
  }
  if (options.bins !== undefined && options.format !== 'wyndham') {
    throw new Refusal(EXIT.usage, '--bins is for the format wyndham; "tunna bin import" adds bins');
  }
  if (options.stream !== undefined && options.bins === undefined) {
    throw new Refusal(EXIT.usage, '--stream says what the words in the file of --bins mean');
  }
}
