import type { CommandRequest } from '../../domain/command.ts';
import { toWire } from './encoder.ts';
import type { CommandRefusal } from './encoder.ts';

/** What any device could be asked for: beyond it is a slip of the pen. Whole numbers. */
const SECONDS = { least: 1, most: 31_536_000 };
const DISTANCE_MM = { least: 1, most: 20_000 };
const CELSIUS = { least: 1, most: 150 };
const DEGREES = { least: 1, most: 180 };
/** Raw bytes for a device that reads JSON: whatever it has agreed on, but a message stays small. */
const MOST_BYTES = 256;

export type OwnCommand =
  | { readonly ok: true; readonly fields: Readonly<Record<string, string | number>> }
  | CommandRefusal;

/** A command as fields of the JSON that a device of one's own gets. Pure. */
export function describeCommand(command: CommandRequest): OwnCommand {
  if (command.kind === 'raw') return describeRaw(command);
  const wire = checkValue(command);
  if (!wire.ok) return wire;
  const { kind, ...values } = command;
  return { ok: true, fields: { command: kind, ...values } };
}

function checkValue(command: Exclude<CommandRequest, { readonly kind: 'raw' }>) {
  switch (command.kind) {
    case 'set-report-interval':
    case 'set-measure-interval':
      return toWire('the interval in seconds', command.seconds, SECONDS);
    case 'set-full-threshold':
    case 'set-empty-distance':
    case 'set-blind-zone':
      return toWire('the distance in mm', command.distanceMm, DISTANCE_MM);
    case 'set-fire-threshold':
      return toWire('the temperature in °C', command.temperatureC, CELSIUS);
    case 'set-tilt-threshold':
      return toWire('the angle in degrees', command.degrees, DEGREES);
  }
}

function describeRaw(command: Extract<CommandRequest, { readonly kind: 'raw' }>): OwnCommand {
  const { fPort, bytes } = command;
  if (bytes.length === 0 || bytes.length > MOST_BYTES) {
    const detail = `the bytes must be 1 to ${MOST_BYTES}, not ${bytes.length}`;
    return { ok: false, reason: 'out-of-range', detail };
  }
  const bytesHex = Buffer.from(bytes).toString('hex');
  return {
    ok: true,
    fields: { command: 'raw', ...(fPort !== undefined && { fPort }), bytesHex },
  };
}
