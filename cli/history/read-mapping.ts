import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { errorText } from '../../domain/error-text.ts';
import { CSV_FIELDS, DISTANCE_UNITS } from '../../ingest/history/formats/csv.ts';
import { FILL_SCALES } from '../../ingest/history/read-cells.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { delimiterArgument, timeOfDayArgument, timeZoneArgument } from './import-arguments.ts';

/** A text that a parser of options accepts. */
const asOption = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue(errorText(error));
      return z.NEVER;
    }
  });

/** The options of `--format csv` in a file, for tables that come again. */
const Mapping = z.strictObject({
  columns: z.partialRecord(z.enum(CSV_FIELDS), z.string().min(1)).optional(),
  dateFormat: z.string().optional(),
  timeZone: asOption(timeZoneArgument).optional(),
  timeOfDay: asOption(timeOfDayArgument).optional(),
  fillScale: z.enum(FILL_SCALES).optional(),
  distanceUnit: z.enum(DISTANCE_UNITS).optional(),
  delimiter: asOption(delimiterArgument).optional(),
  decimalComma: z.boolean().optional(),
});

/** Throws a {@link Refusal} when the file cannot be read or is no mapping. */
export function readMapping(file: string): z.output<typeof Mapping> {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refusal(EXIT.failure, `${file} cannot be read: ${errorText(error)}`, {
      cause: error,
    });
  }
  const parsed = Mapping.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join('.') ?? '';
  const what = issue?.message ?? 'is no mapping';
  throw new Refusal(EXIT.usage, `${file}: ${place === '' ? '' : `${place}: `}${what}`);
}
