import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Option } from 'commander';
import { errorText } from '../../domain/error-text.ts';
import type { BinId } from '../../domain/ids.ts';
import type { Stream } from '../../domain/stream.ts';
import { findBin, listBins, saveBins } from '../../store/bins.ts';
import type { Bin } from '../../store/bins.ts';
import { binIdArgument, numberArgument, streamArgument } from '../arguments.ts';
import {
  BIN_FORMATS,
  describeFileMistake,
  formatOf,
  readBinFile,
  writeBins,
} from '../bin-files/bin-file.ts';
import type { BinFormat } from '../bin-files/bin-file.ts';
import { toBins } from '../bin-files/bin-record.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { formatTable, print, printJson } from '../print.ts';

/** More mistakes than this in one file have one cause. */
const MOST_MISTAKES_SHOWN = 50;

export function addBinCommand(program: Command): void {
  const bin = program.command('bin').description('the places where waste collects');
  addAdd(bin);
  bin
    .command('list')
    .description('all bins')
    .option('--json', 'as JSON')
    .action((options: { json?: true }) => listAll(options.json === true));
  bin
    .command('import')
    .description('add or replace bins from a CSV or GeoJSON file; nothing when it has a mistake')
    .argument('<file>', 'CSV or GeoJSON')
    .addOption(formatOption())
    .option('--dry-run', 'only say what would happen', false)
    .action(importFile);
  bin
    .command('export')
    .description('write all bins as CSV or GeoJSON')
    .argument('[file]', 'where to; otherwise standard output')
    .addOption(formatOption())
    .action(exportFile);
}

interface AddOptions {
  readonly name: string;
  readonly stream: Stream;
  readonly lat: number;
  readonly lng: number;
  readonly area?: string;
  readonly volume?: number;
  readonly threshold?: number;
  readonly description?: string;
}

function addAdd(bin: Command): void {
  bin
    .command('add')
    .description('add one bin')
    .argument('<id>', 'its id', binIdArgument)
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--stream <stream>', 'what it collects', streamArgument)
    .requiredOption('--lat <degrees>', 'latitude, WGS 84', numberArgument(-90, 90))
    .requiredOption('--lng <degrees>', 'longitude, WGS 84', numberArgument(-180, 180))
    .option('--area <area>', 'neighbourhood or district')
    .option('--volume <litres>', 'usable volume', numberArgument(1, 1_000_000))
    .option('--threshold <percent>', 'fill from which it needs emptying', numberArgument(1, 100))
    .option('--description <text>', 'for whoever looks for it')
    .action((id: BinId, options: AddOptions) => addOne(id, options));
}

async function addOne(id: BinId, options: AddOptions): Promise<void> {
  const bin = readOptions(id, options);
  await withStore(loadSettings().settings, async (store) => {
    if ((await findBin(store, id)) !== undefined) {
      throw new Refusal(
        EXIT.failure,
        `The bin ${id} is there already; "tunna bin import" replaces`,
      );
    }
    await saveBins(store, [bin]);
  });
  print(`The bin ${id} was added`);
}

/** By the rules for files, so that every bin can be exported and imported again. Throws a {@link Refusal}. */
function readOptions(id: BinId, options: AddOptions): Bin {
  const { name, stream, lat, lng, area, description, volume, threshold } = options;
  const texts = Object.entries({ name, area, description });
  const read = toBins([
    {
      where: '',
      fields: {
        ...{ id, stream, lat, lng },
        // An empty text says nothing, as an empty cell does.
        ...Object.fromEntries(texts.filter(([, text]) => text !== undefined && text.trim() !== '')),
        ...(volume !== undefined && { volume_litres: volume }),
        ...(threshold !== undefined && { threshold_percent: threshold }),
      },
      mistakes: [],
    },
  ]);
  const [bin] = read.ok ? read.bins : [];
  if (bin !== undefined) return bin;
  const mistakes = read.ok ? [] : read.mistakes.map(describeFileMistake);
  throw new Refusal(EXIT.usage, mistakes.join('; '));
}

async function listAll(asJson: boolean): Promise<void> {
  const bins = await withStore(loadSettings().settings, listBins);
  if (asJson) return printJson(bins);
  const rows = bins.map((bin) => [bin.id, bin.name, bin.stream, bin.area, bin.thresholdPercent]);
  print(formatTable(['ID', 'NAME', 'STREAM', 'AREA', 'FULL FROM %'], rows));
}

interface ImportOptions {
  readonly format?: BinFormat;
  readonly dryRun: boolean;
}

async function importFile(file: string, options: ImportOptions): Promise<void> {
  const read = readBinFile(file, formatOf(file, options.format));
  if (!read.ok) {
    const shown = read.mistakes.slice(0, MOST_MISTAKES_SHOWN).map(describeFileMistake);
    const left = read.mistakes.length - shown.length;
    if (left > 0) shown.push(`and ${left} more`);
    throw new Refusal(EXIT.failure, [`nothing was imported from ${file}:`, ...shown].join('\n  '));
  }
  const { bins } = read;
  await withStore(loadSettings().settings, async (store) => {
    const known = new Set((await listBins(store)).map(({ id }) => id));
    const replaced = bins.filter(({ id }) => known.has(id)).length;
    if (!options.dryRun) await saveBins(store, bins);
    const verb = options.dryRun ? 'would be' : 'were';
    print(`${bins.length - replaced} bins ${verb} added, ${replaced} ${verb} replaced`);
  });
}

async function exportFile(
  file: string | undefined,
  options: { format?: BinFormat },
): Promise<void> {
  const format = formatOf(file, options.format);
  const bins = await withStore(loadSettings().settings, listBins);
  const text = writeBins(bins, format);
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Refusal(EXIT.failure, `${file} cannot be written: ${errorText(error)}`);
  }
  print(`${bins.length} bins were written to ${file}`);
}

function formatOption(): Option {
  return new Option('--format <format>', 'what the name of the file does not say').choices(
    BIN_FORMATS,
  );
}
