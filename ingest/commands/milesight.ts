import { lowFirst, toWire, unsupported } from './encoder.ts';
import type { CommandEncoder, CommandRefusal, EncodeResult, Range, Settable } from './encoder.ts';

/** The application port of Milesight devices as they leave the factory. */
const DATA_PORT = 85;

const INTERVAL_SECONDS: Range = { least: 60, most: 64_800 };
/** What the sensor of an EM400-MUD can measure. */
const DISTANCE_MM: Range = { least: 30, most: 4_500 };

const MUD = 'milesight/em400-mud';
/** All whose report interval is `FF 03`. */
const MODELS = [
  MUD,
  'milesight/em400-udl',
  'milesight/em400-tld',
  'milesight/em310-udl',
  'milesight/em500-udl',
];
/** Those of them that measure more often than they report. */
const MEASURES_APART = new Set([MUD, 'milesight/em400-udl', 'milesight/em400-tld']);

/** Of `FF 06`: alarm below the threshold (1), in bin mode (type 2, from bit 3), and told when it is over (bit 7). */
const FULL_BELOW = 1 | (2 << 3) | (1 << 7);

/** Milesight's configuration channel: `FF`, type, value low byte first. A device answers with the same after `FE` or `FF`. */
export const MILESIGHT_COMMANDS: CommandEncoder = {
  models: MODELS,
  source: 'EM400-MUD user guide, section "Downlink commands"; EM500-UDL of lorawan-devices',
  encode(command, model) {
    switch (command.kind) {
      case 'set-report-interval':
        return setting(0x03, toWire('the interval in seconds', command.seconds, INTERVAL_SECONDS));
      case 'set-measure-interval':
        if (!MEASURES_APART.has(model)) return unsupported(model, command);
        return setting(0x02, toWire('the interval in seconds', command.seconds, INTERVAL_SECONDS));
      case 'set-empty-distance':
        if (model !== MUD) return unsupported(model, command);
        return setting(0x77, toWire('the distance in mm', command.distanceMm, DISTANCE_MM));
      case 'set-full-threshold':
        return model === MUD ? fullThreshold(command) : unsupported(model, command);
      default:
        return unsupported(model, command);
    }
  },
};

function setting(
  type: number,
  wire: { readonly ok: true; readonly value: number } | CommandRefusal,
): EncodeResult {
  if (!wire.ok) return wire;
  return { ok: true, fPort: DATA_PORT, bytes: Uint8Array.of(0xff, type, ...lowFirst(wire.value)) };
}

/** `FF 06`, condition, lower bound, upper bound, and four bytes that mean nothing here. */
function fullThreshold(
  command: Extract<Settable, { readonly kind: 'set-full-threshold' }>,
): EncodeResult {
  const wire = toWire('the distance in mm', command.distanceMm, DISTANCE_MM);
  if (!wire.ok) return wire;
  const bytes = Uint8Array.of(0xff, 0x06, FULL_BELOW, ...lowFirst(wire.value), 0, 0, 0, 0, 0, 0);
  return { ok: true, fPort: DATA_PORT, bytes };
}

/**
 * What a Milesight device would have been told when it sends this frame as its answer: the same bytes, of which the device
 * writes the first as `FE` or `FF`. `undefined`: the frame is no such answer.
 */
export function echoedCommand(frame: Uint8Array): Uint8Array | undefined {
  if (frame.length < 3 || (frame[0] !== 0xff && frame[0] !== 0xfe)) return undefined;
  const command = Uint8Array.from(frame);
  command[0] = 0xff;
  return command;
}
