import type { Codec } from '../codec.ts';
import { decodeItems, itemTable } from './items.ts';
import type { ItemReader } from './items.ts';
import { milesightCodec } from './milesight-codec.ts';
import {
  readBattery,
  readDistance,
  readDistanceAlarm,
  readPosition,
  readTemperature,
  readTemperatureAlarm,
} from './telemetry-items.ts';

/** What an EM400 says over LoRaWAN and, with a position more, over a mobile network. */
export const EM400_TELEMETRY: readonly (readonly [number, ItemReader])[] = [
  [0x0175, readBattery],
  [0x0367, readTemperature],
  [0x0482, readDistance],
  [0x0500, readPosition],
  [0x8367, readTemperatureAlarm],
  [0x8482, readDistanceAlarm],
];

const EM400_ITEMS = itemTable(EM400_TELEMETRY);

/** The EM310 has no thermometer, so its channels count on differently. */
const EM310_ITEMS = itemTable([
  [0x0175, readBattery],
  [0x0382, readDistance],
  [0x0400, readPosition],
]);

/** Distance sensors for bins: ultrasonic (MUD, UDL) and time of flight (TLD). */
export const EM400_CODECS: readonly Codec[] = [
  ...['EM400-MUD', 'EM400-UDL', 'EM400-TLD'].map((name) =>
    milesightCodec(name, (payload) => decodeItems(payload, EM400_ITEMS)),
  ),
  milesightCodec('EM310-UDL', (payload) => decodeItems(payload, EM310_ITEMS)),
];
