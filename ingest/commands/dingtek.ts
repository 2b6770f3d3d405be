import { toWire, unsupported } from './encoder.ts';
import type { CommandEncoder, CommandRefusal, EncodeResult, Range } from './encoder.ts';

/** Data and parameters have this port in both directions. */
const PORT = 3;

/** Every value is one byte, and 0 switches nothing off that a document tells of. */
const HOURS_AS_SECONDS: Range = { least: 3_600, most: 255 * 3_600, step: 3_600 };
const MINUTES_AS_SECONDS: Range = { least: 60, most: 255 * 60, step: 60 };
const CENTIMETRES_AS_MM: Range = { least: 10, most: 2_550, step: 10 };
/** The temperature in its frames is a signed byte. */
const CELSIUS: Range = { least: 1, most: 127 };
const DEGREES: Range = { least: 1, most: 180 };

/** The laser has neither thermometer nor tilt switch in its parameters. */
const LASER = 'dingtek/df701';

/**
 * Dingtek's waste sensors take text: `8002`, the password `9999`, the number of the parameter and its value as two
 * hexadecimal digits each, `81`.
 */
export const DINGTEK_COMMANDS: CommandEncoder = {
  models: [LASER, 'dingtek/df702', 'dingtek/df703'],
  source: 'TheThingsNetwork/lorawan-devices vendor/dingtek, downlink examples',
  encode(command, model) {
    switch (command.kind) {
      case 'set-report-interval':
        return parameter(
          0x01,
          toWire('the interval in seconds', command.seconds, HOURS_AS_SECONDS),
        );
      case 'set-full-threshold':
        return parameter(0x02, toWire('the distance in mm', command.distanceMm, CENTIMETRES_AS_MM));
      case 'set-fire-threshold':
        if (model === LASER) return unsupported(model, command);
        return parameter(0x03, toWire('the temperature in °C', command.temperatureC, CELSIUS));
      case 'set-tilt-threshold':
        if (model === LASER) return unsupported(model, command);
        return parameter(0x04, toWire('the angle in degrees', command.degrees, DEGREES));
      case 'set-measure-interval':
        if (model === LASER) return unsupported(model, command);
        return parameter(
          0x08,
          toWire('the interval in seconds', command.seconds, MINUTES_AS_SECONDS),
        );
      default:
        return unsupported(model, command);
    }
  },
};

function parameter(
  number: number,
  wire: { readonly ok: true; readonly value: number } | CommandRefusal,
): EncodeResult {
  if (!wire.ok) return wire;
  const text = `80029999${twoDigits(number)}${twoDigits(wire.value)}81`;
  return { ok: true, fPort: PORT, bytes: new TextEncoder().encode(text) };
}

function twoDigits(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}
