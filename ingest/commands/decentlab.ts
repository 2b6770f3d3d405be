import { highFirst, toWire, unsupported } from './encoder.ts';
import type { CommandEncoder, Range } from './encoder.ts';

const PORT = 1;
/** Sets the period and keeps it over a restart. */
const SET_PERIOD = 0x0002;
/** Two bytes; less than a minute would use up the airtime that the law allows. */
const PERIOD_SECONDS: Range = { least: 60, most: 0xffff };

/** Frames of six bytes: command, value, CRC-16, each high byte first. */
export const DECENTLAB_COMMANDS: CommandEncoder = {
  models: ['decentlab/dl-mbx', 'decentlab/dl-lid'],
  source: 'TheThingsNetwork/lorawan-devices vendor/decentlab/dl-mbx, downlink examples',
  encode(command, model) {
    if (command.kind !== 'set-report-interval') return unsupported(model, command);
    const wire = toWire('the interval in seconds', command.seconds, PERIOD_SECONDS);
    if (!wire.ok) return wire;
    const body = [...highFirst(SET_PERIOD), ...highFirst(wire.value)];
    return { ok: true, fPort: PORT, bytes: Uint8Array.of(...body, ...highFirst(crc16(body))) };
  },
};

/** CRC-16/MODBUS: polynomial 0x8005 read from the low bit (0xA001), beginning with all ones. */
export function crc16(bytes: Iterable<number>): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
