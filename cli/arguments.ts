import { InvalidArgumentError } from 'commander';
import { ID_RULE, parseBinId, parseDeviceId } from '../domain/ids.ts';
import type { BinId, DeviceId } from '../domain/ids.ts';
import { isStream, STREAMS } from '../domain/stream.ts';
import type { Stream } from '../domain/stream.ts';

/** Parsers of arguments and options. Each throws what commander tells as a usage error. */

export function binIdArgument(text: string): BinId {
  const id = parseBinId(text);
  if (id === undefined) throw new InvalidArgumentError(`A bin's id is ${ID_RULE}.`);
  return id;
}

export function deviceIdArgument(text: string): DeviceId {
  const id = parseDeviceId(text);
  if (id === undefined) throw new InvalidArgumentError(`A device's id is ${ID_RULE}.`);
  return id;
}

export function streamArgument(text: string): Stream {
  if (!isStream(text)) throw new InvalidArgumentError(`Streams are ${STREAMS.join(', ')}.`);
  return text;
}

/** A number between two bounds, both allowed. */
export function numberArgument(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
    }
    return value;
  };
}

export function wholeArgument(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** A time with its zone, such as `2026-11-24T08:00:00Z`; ms since 1970. */
export function timeArgument(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) {
    throw new InvalidArgumentError(
      'It must be a time with its zone, such as 2026-11-24T08:00:00Z.',
    );
  }
  return ms;
}

/**
 * A topic filter that a gateway may publish under: it begins with a name, ends in `/#` and is none of Tunna's own outputs, which a gateway
 * must not be able to forge.
 */
export function prefixArgument(text: string, earlier: readonly string[] = []): string[] {
  if (!/^[^#+$\s/]+(\/(\+|[^#+\s/]+))*\/#$/.test(text)) {
    throw new InvalidArgumentError('A prefix begins with a name and ends in /#, such as v3/#.');
  }
  if (/^(state|alert)\//.test(text)) {
    throw new InvalidArgumentError('Only Tunna itself publishes under state/ and alert/.');
  }
  return [...earlier, text];
}
