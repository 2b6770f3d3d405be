import { decodeItems, itemTable, put } from './items.ts';
import type { ItemReader } from './items.ts';
import { milesightCodec } from './milesight-codec.ts';
import { readBattery, readDistance } from './telemetry-items.ts';

/** What is left, not what is filled: the sensor was made for boxes of paper tissues. */
const readRemaining: ItemReader = (reader, draft) => {
  const remainingPercent = reader.uint8();
  if (remainingPercent > 100) return `remaining space of ${remainingPercent} %`;
  return put(draft, 'remainingPercent', remainingPercent);
};

const ITEMS = itemTable([
  [0x0175, readBattery],
  [0x0382, readDistance],
  [0x04d6, readRemaining],
]);

/** A time-of-flight sensor that computes what is left of a depth it was told. */
export const WS201 = milesightCodec('WS201', (payload) => decodeItems(payload, ITEMS));
