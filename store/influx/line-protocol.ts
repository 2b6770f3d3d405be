import { parseBinId } from '../../domain/ids.ts';
import type { InfluxPoint } from './influx-point.ts';
import { InfluxWriteError } from './write-error.ts';

/** Names of measurements, tags and fields are words of ours. */
const NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** Nanoseconds since 1970 that a 64-bit integer holds (to the year 2262). */
const TIMESTAMP = /^-?\d{1,19}$/;
const GREATEST_NS = 2n ** 63n - 2n;

/**
 * Points as line protocol, one line each, joined by newlines. Nothing is ever escaped: a name or a tag value that would need it, such as
 * one with a newline (which makes a point of its own choosing of what follows) or with a backslash at its end (which line protocol
 * cannot express at all), is refused, and so is a number that is not finite.
 * Throws an {@link InfluxWriteError} of the failure `refused`.
 * @see https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 */
export function encodePoints(points: readonly InfluxPoint[]): string {
  return points.map(encodePoint).join('\n');
}

function encodePoint({ measurement, tags, fields, timestampNs }: InfluxPoint): string {
  let line = name(measurement);
  for (const [key, value] of Object.entries(tags)) line += `,${name(key)}=${tagValue(value)}`;
  let separator = ' ';
  for (const [key, value] of Object.entries(fields)) {
    line += `${separator}${name(key)}=${fieldValue(key, value)}`;
    separator = ',';
  }
  if (separator === ' ') throw unfit('it has no fields');
  return `${line} ${timestamp(timestampNs)}`;
}

function name(text: string): string {
  if (!NAME.test(text)) throw unfit(`${JSON.stringify(text)} is no name`);
  return text;
}

/** Tag values are ids: letters, digits, `.`, `_` and `-`. */
function tagValue(text: string): string {
  if (parseBinId(text) === undefined) throw unfit(`${JSON.stringify(text)} is no id`);
  return text;
}

/** Without a suffix it is a float, always: a field of which some values were integers would be refused for its type. */
function fieldValue(key: string, value: number): string {
  if (!Number.isFinite(value)) throw unfit(`${key} is ${value}`);
  return String(value);
}

function timestamp(text: string): string {
  const isTime =
    TIMESTAMP.test(text) && BigInt(text) <= GREATEST_NS && BigInt(text) >= -GREATEST_NS;
  if (!isTime) throw unfit(`${JSON.stringify(text)} is no time`);
  return text;
}

function unfit(why: string): InfluxWriteError {
  return new InfluxWriteError({
    failure: 'refused',
    detail: `the point cannot be written: ${why}`,
  });
}
