import { highFirst, toWire, unsupported } from './encoder.ts';
import type { CommandEncoder, CommandRefusal, EncodeResult, Range } from './encoder.ts';

/** Settings have a port of their own. */
const CONFIG_PORT = 7;
/** Number of the R718X among Netvox' devices. */
const R718X = 0x34;
const FRAME_LENGTH = 11;

const CONFIG_REPORT = 0x01;
const SET_ON_DISTANCE = 0x03;
const SET_FILL_MAX_DISTANCE = 0x05;
const SET_DEAD_ZONE = 0x0b;

const DISTANCE_MM: Range = { least: 1, most: 0xffff };
/** Two seconds at least, so that the shortest time between two reports is one. */
const INTERVAL_SECONDS: Range = { least: 2, most: 0xffff };

/** Sooner than the interval says, it reports a change of so much: battery 0.1 V, distance 100 mm, temperature 0.5 °C. */
const REPORTED_CHANGES = [1, ...highFirst(100), ...highFirst(5)];

/** Frames of eleven bytes: command, device, values high byte first, zeros. */
export const NETVOX_COMMANDS: CommandEncoder = {
  models: ['netvox/r718x'],
  source: 'TheThingsNetwork/lorawan-devices vendor/netvox/r718x, downlink examples',
  encode(command, model) {
    switch (command.kind) {
      case 'set-report-interval': {
        const wire = toWire('the interval in seconds', command.seconds, INTERVAL_SECONDS);
        if (!wire.ok) return wire;
        const soonest = Math.floor(wire.value / 2);
        return frame(CONFIG_REPORT, [
          ...highFirst(soonest),
          ...highFirst(wire.value),
          ...REPORTED_CHANGES,
        ]);
      }
      case 'set-full-threshold':
        return distance(SET_ON_DISTANCE, command.distanceMm);
      case 'set-empty-distance':
        return distance(SET_FILL_MAX_DISTANCE, command.distanceMm);
      case 'set-blind-zone':
        return distance(SET_DEAD_ZONE, command.distanceMm);
      default:
        return unsupported(model, command);
    }
  },
};

function distance(commandNumber: number, distanceMm: number): EncodeResult | CommandRefusal {
  const wire = toWire('the distance in mm', distanceMm, DISTANCE_MM);
  return wire.ok ? frame(commandNumber, highFirst(wire.value)) : wire;
}

function frame(commandNumber: number, values: readonly number[]): EncodeResult {
  const bytes = new Uint8Array(FRAME_LENGTH);
  bytes.set([commandNumber, R718X, ...values]);
  return { ok: true, fPort: CONFIG_PORT, bytes };
}
