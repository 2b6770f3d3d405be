import type { Measurement } from '../../domain/measurement.ts';
import type { QuarantineReason } from '../quarantine-reason.ts';
import type { DecodedMapping, PercentScale, Source } from '../sources/source.ts';
import { toFillPercent, toMillimetres, toVolts } from './scale-values.ts';
import type { SenmlRecord } from './senml-pack.ts';

/** What one record says; `undefined` for a quantity that is none of a bin's. */
export type QuantityResult =
  | { readonly ok: true; readonly values: Measurement }
  | { readonly ok: false; readonly reason: QuarantineReason; readonly detail: string }
  | undefined;

type Quantity =
  'distance' | 'fill' | 'temperatureC' | 'batteryPercent' | 'batteryVoltage' | 'tilted';

/** SenML leaves names to whoever writes them; these are taken at their word, without case and signs between the letters. */
const QUANTITY_BY_NAME = new Map<string, Quantity>([
  ['distance', 'distance'],
  ['dist', 'distance'],
  ['fill', 'fill'],
  ['filling', 'fill'],
  ['filllevel', 'fill'],
  ['fillinglevel', 'fill'],
  ['fillpercent', 'fill'],
  ['temperature', 'temperatureC'],
  ['temp', 'temperatureC'],
  ['battery', 'batteryPercent'],
  ['batterylevel', 'batteryPercent'],
  ['batteryvoltage', 'batteryVoltage'],
  ['voltage', 'batteryVoltage'],
  ['tilt', 'tilted'],
  ['tilted', 'tilted'],
]);

/**
 * Units of a ratio (RFC 8428, 12.1, and RFC 8798, 3). The trap: by a note to the units of RFC 8428, 12.1, `%` is an old name of `/`, so
 * that 0.62 and not 62 means 62 %.
 */
const SCALE_BY_UNIT = new Map<string, PercentScale>([
  ['/', 'ratio'],
  ['%', 'ratio'],
  ['/100', 'percent'],
]);

const KELVIN_AT_0_C = 273.15;

/**
 * Reads one record by its name and unit. Names that a source's mapping gives go before the well-known ones.
 */
export function readQuantity(
  name: string,
  record: SenmlRecord,
  source: Source | undefined,
): QuantityResult {
  const quantity = findQuantity(name, record, source?.decoded);
  if (quantity === undefined) return undefined;
  if (quantity === 'tilted') return readTilted(record);
  const { value } = record;
  if (typeof value !== 'number') return wrong(record, `expected a number`);
  switch (quantity) {
    case 'distance':
      return readDistance(record, value, source?.decoded);
    case 'fill':
      return readFill(record, value, source);
    case 'temperatureC':
      if (record.unit === 'Cel') return found({ temperatureC: value });
      if (record.unit === 'K') return found({ temperatureC: value - KELVIN_AT_0_C });
      return wrongUnit(record, 'Cel or K');
    case 'batteryPercent':
    case 'batteryVoltage':
      return readBattery(record, value);
  }
}

function findQuantity(
  name: string,
  { unit }: SenmlRecord,
  mapping: DecodedMapping | undefined,
): Quantity | undefined {
  for (const quantity of MAPPED) if (mapping?.[quantity]?.path === name) return quantity;
  const known = QUANTITY_BY_NAME.get(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  if (known !== undefined) return known;
  // The remaining energy of a battery is nothing else, whatever it is called.
  return unit === '%EL' ? 'batteryPercent' : undefined;
}

const MAPPED = [
  'distance',
  'fill',
  'temperatureC',
  'batteryPercent',
  'batteryVoltage',
  'tilted',
] as const satisfies readonly Quantity[];

function readDistance(
  record: SenmlRecord,
  value: number,
  mapping: DecodedMapping | undefined,
): QuantityResult {
  const unit = record.unit ?? mapping?.distance?.unit;
  if (unit === 'm' || unit === 'cm' || unit === 'mm') {
    return found({ distanceMm: toMillimetres(value, unit) });
  }
  return wrongUnit(record, 'm, cm or mm');
}

function readFill(record: SenmlRecord, value: number, source: Source | undefined): QuantityResult {
  const scale = findScale(record.unit, source);
  if (scale === 'none') {
    const detail = `${record.name}: ${value} has no unit, and its source no percentScale`;
    return { ok: false, reason: 'no-scale', detail };
  }
  if (scale === undefined) return wrongUnit(record, '/, /100 or %');
  return found({ fillPercent: toFillPercent(value, scale) });
}

/**
 * The unit says how large 1 is, and a source may add that it is the room left. A fill without a unit is as the source says; and
 * so is one in `%`, which many write without having read the note.
 */
function findScale(
  unit: string | undefined,
  source: Source | undefined,
): PercentScale | undefined | 'none' {
  const said = source?.percentScale ?? source?.decoded?.fill?.scale;
  if (unit === undefined) return said ?? 'none';
  if (unit === '%' && said !== undefined) return said;
  const scale = SCALE_BY_UNIT.get(unit);
  if (scale === undefined || said === undefined || !said.startsWith('remaining-')) return scale;
  return scale === 'ratio' ? 'remaining-ratio' : 'remaining-percent';
}

function readBattery(record: SenmlRecord, value: number): QuantityResult {
  switch (record.unit) {
    case '%EL':
    case '/100':
      return found({ batteryPercent: value });
    case '/':
    case '%':
      return found({ batteryPercent: toFillPercent(value, 'ratio') });
    case 'V':
    case 'mV':
      return found({ batteryV: toVolts(value, record.unit) });
    default:
      return wrongUnit(record, '%EL, /100, /, V or mV');
  }
}

function readTilted(record: SenmlRecord): QuantityResult {
  const { value } = record;
  if (typeof value === 'boolean') return found({ tilted: value });
  if (value === 0 || value === 1) return found({ tilted: value === 1 });
  return wrong(record, 'expected true or false');
}

function found(values: Measurement): QuantityResult {
  return { ok: true, values };
}

function wrong({ name }: SenmlRecord, what: string): QuantityResult {
  return { ok: false, reason: 'wrong-type', detail: `${name}: ${what}` };
}

function wrongUnit(record: SenmlRecord, expected: string): QuantityResult {
  return wrong(record, `expected the unit ${expected}, got ${record.unit ?? 'none'}`);
}
