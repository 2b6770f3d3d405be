import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { DEFAULT_TIME_ZONE, isDate, isTimeZone } from '../../planner/exports/day-clock.ts';
import { EXPORT_NAMES } from '../../planner/exports/export-plan.ts';
import type { ExportName } from '../../planner/exports/export-plan.ts';
import { LANGUAGES } from '../../planner/exports/words.ts';
import type { Language } from '../../planner/exports/words.ts';
import { numberArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import type { ExportOrder } from './write-export.ts';

export interface ExportOptions {
  readonly export?: ExportName;
  readonly out?: string;
  readonly date?: string;
  readonly timeZone: string;
  readonly language: Language;
  readonly link?: string;
  readonly co2?: number;
}

/** Lets a command write the plan it has made to a file. */
export function addExportOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--export <format>', 'also write the plan to --out').choices(EXPORT_NAMES),
    )
    .option('--out <file>', 'the file of --export')
    .option('--date <date>', 'the day of the export; today when left out', dateArgument)
    .option('--time-zone <zone>', 'whose clocks it goes by', timeZoneArgument, DEFAULT_TIME_ZONE)
    .addOption(new Option('--language <code>', 'of the export').choices(LANGUAGES).default('en'))
    .option('--link <url>', 'shown as a QR code on the PDF', linkArgument)
    .option('--co2 <g>', 'grams of CO2 per km, for the totals', numberArgument(0, 100_000));
}

/** What the options ask for; `undefined` when for no export. @throws Refusal when only half of it is said. */
export function exportOrder(options: ExportOptions): ExportOrder | undefined {
  const { export: format, out: file, date, timeZone, language, link, co2 } = options;
  if (format === undefined && file === undefined) return undefined;
  if (format === undefined || file === undefined) {
    throw new Refusal(EXIT.usage, 'say both --export and --out');
  }
  return {
    ...{ format, file, timeZone, language },
    ...(date === undefined ? {} : { date }),
    ...(link === undefined ? {} : { link }),
    ...(co2 === undefined ? {} : { co2GramsPerKm: co2 }),
  };
}

function dateArgument(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('It must be a date, such as 2026-11-25.');
  return text;
}

function timeZoneArgument(text: string): string {
  if (!isTimeZone(text)) throw new InvalidArgumentError('It must be such as Europe/Stockholm.');
  return text;
}

function linkArgument(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('It must be such as https://…');
  return text;
}
