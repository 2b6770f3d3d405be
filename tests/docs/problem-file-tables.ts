import { z } from 'zod';
import {
  BREAK,
  COMPARTMENT,
  COSTS,
  LOCATION,
  MATRIX,
  PROBLEM_FILE,
  SITE,
  STOP,
  VEHICLE,
} from '../../planner/formats/problem-file.ts';

/** A table of docs/planning.md: what a field is called, what it holds, what holds without it, and what it means. */
export interface FieldTable {
  readonly heading: string;
  readonly rows: readonly (readonly string[])[];
}

/** What a value may be, as far as it is told. */
const Value = z.looseObject({
  type: z.string().optional(),
  prefixItems: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

const Field = Value.extend({ description: z.string(), default: z.unknown().optional() });

const Shape = z.object({
  properties: z.record(z.string(), Field),
  required: z.array(z.string()).default([]),
});

const TYPE_NAMES: Readonly<Record<string, string>> = {
  ...{ integer: 'whole number', string: 'text', boolean: 'true or false' },
};

const SCHEMAS = {
  'Field of the file': PROBLEM_FILE,
  'Field of a location': LOCATION,
  'Field of a matrix': MATRIX,
  'Field of a vehicle': VEHICLE,
  'Field of a compartment': COMPARTMENT,
  'Field of costs': COSTS,
  'Field of a break': BREAK,
  'Field of a stop': STOP,
  'Field of a disposal site': SITE,
};

/** The tables of our problem file, made from the schema that reads it. */
export function problemFileTables(): FieldTable[] {
  return Object.entries(SCHEMAS).map(([heading, schema]) => {
    const { properties, required } = Shape.parse(z.toJSONSchema(schema, { io: 'input' }));
    const rows = Object.entries(properties).map(([name, field]) => [
      ...[name, typeText(field)],
      required.includes(name) ? 'required' : leftOutText(field.default),
      field.description.replaceAll('`', ''),
    ]);
    return { heading, rows };
  });
}

function typeText(value: unknown): string {
  const { type = '', anyOf, items, prefixItems } = Value.parse(value);
  if (anyOf !== undefined) return anyOf.map(typeText).join(' or ');
  if (prefixItems !== undefined) return '[from, until]';
  if (type === 'array') return `list of ${typeText(items)}`;
  return TYPE_NAMES[type] ?? type;
}

function leftOutText(value: unknown): string {
  if (value === undefined) return '';
  if (value === 2 ** 26 || JSON.stringify(value) === `[0,${2 ** 26}]`) return 'all the time';
  return JSON.stringify(value).replaceAll('"', '');
}
