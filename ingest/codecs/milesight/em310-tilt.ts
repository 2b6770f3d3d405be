import { hexByte } from '../codec.ts';
import { decodeItems, itemTable, put } from './items.ts';
import type { ItemReader } from './items.ts';
import { milesightCodec } from './milesight-codec.ts';
import { readBattery } from './telemetry-items.ts';

/** Three angles, and three bits for the axes whose threshold is passed. */
const readAngles: ItemReader = (reader, draft) => {
  const angles = Array.from({ length: 3 }, () => Math.abs(reader.int16LittleEndian()) / 100);
  const passed = reader.uint8();
  const tiltDegrees = Math.max(...angles);
  if (tiltDegrees > 180) return `an angle of ${tiltDegrees} degrees`;
  if (passed > 0b111) return `thresholds ${hexByte(passed)} of more than three axes`;
  // Which axis is upright depends on how the device was fastened, so the largest angle is taken.
  const mistake = put(draft, 'tiltDegrees', tiltDegrees);
  return mistake ?? put(draft, 'tilted', passed !== 0);
};

const ITEMS = itemTable([
  [0x0175, readBattery],
  [0x03cf, readAngles],
]);

/** Measures its own inclination, such as a lid's, and never a level. */
export const EM310_TILT = milesightCodec('EM310-TILT', (payload) => decodeItems(payload, ITEMS));
