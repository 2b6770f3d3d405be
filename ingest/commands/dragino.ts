import { toWire, unsupported } from './encoder.ts';
import type { CommandEncoder, Range } from './encoder.ts';

/** The port of its readings. */
const PORT = 2;
const SET_INTERVAL = 0x01;
/** Three bytes; less than a minute would use up the airtime that the law allows. */
const INTERVAL_SECONDS: Range = { least: 60, most: 0xff_ffff };

/** `01` and the interval ("TDC") in seconds as three bytes, high byte first. */
export const DRAGINO_COMMANDS: CommandEncoder = {
  models: [
    'dragino/ldds75',
    'dragino/ldds45',
    'dragino/ldds20',
    'dragino/dds75-lb',
    'dragino/dds45-lb',
    'dragino/dds20-lb',
  ],
  source: 'LDDS75 user manual, section "Set transmit interval time"',
  encode(command, model) {
    if (command.kind !== 'set-report-interval') return unsupported(model, command);
    const wire = toWire('the interval in seconds', command.seconds, INTERVAL_SECONDS);
    if (!wire.ok) return wire;
    const { value } = wire;
    const bytes = Uint8Array.of(SET_INTERVAL, value >> 16, (value >> 8) & 0xff, value & 0xff);
    return { ok: true, fPort: PORT, bytes };
  },
};
