import { buildMeasurement } from '../build-measurement.ts';
import { keptAt } from '../kept.ts';
import { HISTORY_REPLIES } from './device-items.ts';
import { decodeItems, distanceFault, itemTable, put } from './items.ts';
import type { ItemReader } from './items.ts';
import { milesightCodec } from './milesight-codec.ts';
import { putDistanceAlarm, readBattery, readDistance } from './telemetry-items.ts';

/** In tenths, as the maker's own decoder reads it, unlike the plain distance; so is the sudden change beside it. */
const readDistanceAlarm: ItemReader = (reader, draft) => {
  const mistake = put(draft, 'rawDistance', reader.uint16LittleEndian() / 10);
  reader.skip(2);
  return mistake ?? putDistanceAlarm(draft, reader.uint8());
};

const readHistory: ItemReader = (reader, _draft, history) => {
  const observedAtMs = reader.uint32LittleEndian() * 1000;
  const distanceMm = reader.uint16LittleEndian();
  const sensorFault = distanceFault(distanceMm);
  history.push(keptAt(observedAtMs, buildMeasurement({ distanceMm, sensorFault })));
  return undefined;
};

const ITEMS = itemTable(
  [
    [0x0175, readBattery],
    [0x0382, readDistance],
    [0x83e9, readDistanceAlarm],
    [0x20ce, readHistory],
  ],
  [
    ...HISTORY_REPLIES,
    [0x11, 4], // time
    [0x17, 2], // time zone
    [0x35, 8], // key between devices
    [0x3b, 1], // time sync on or off
    [0x84, 1], // commands between devices on or off
    [0x96, 8], // commands to other devices
    [0xf1, 4], // calibration
    [0xf5, 1], // report when an alarm ends
  ],
);

/** An ultrasonic sensor for tanks, which keeps what could not be sent. */
export const EM500_UDL = milesightCodec('EM500-UDL', (payload) => decodeItems(payload, ITEMS));
