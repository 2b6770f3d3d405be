import { ID_RULE, parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';
import { toFillPercent } from '../envelopes/scale-values.ts';
import { PERCENT_SCALES } from '../sources/source.ts';
import type { RowResult } from './table-format.ts';

/** A row that is no reading. */
export type BadRow = Extract<RowResult, { ok: false }>;

/** How fill is written in a column. An operator says so: nothing in a number tells. */
export const FILL_SCALES = [...PERCENT_SCALES, 'tenths'] as const;
export type FillScale = (typeof FILL_SCALES)[number];

/** Percent of usable volume. */
export function readFill(value: number, scale: FillScale): number {
  return scale === 'tenths' ? toFillPercent(value / 10, 'ratio') : toFillPercent(value, scale);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** A decimal number, or `undefined`. With a decimal comma, a point is no part of a number. */
export function parseNumber(text: string, decimalComma = false): number | undefined {
  if (decimalComma && text.includes('.')) return undefined;
  const plain = decimalComma ? text.replace(',', '.') : text;
  return NUMBER.test(plain) ? Number(plain) : undefined;
}

/** The device of a row. */
export function readDevice(
  heading: string,
  text: string,
): { readonly ok: true; readonly deviceId: DeviceId } | BadRow {
  if (text === '') return { ok: false, reason: 'no-identity', detail: `${heading} is empty` };
  const deviceId = parseDeviceId(text);
  if (deviceId !== undefined) return { ok: true, deviceId };
  return { ok: false, reason: 'bad-id', detail: `${heading} ${show(text)} is not ${ID_RULE}` };
}

const MOST_SHOWN = 60;

/** A cell as a message shows it. */
export function show(text: string): string {
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text);
}
