import type { Codec } from './codec.ts';
import { DS20L } from './dragino/ds20l.ts';
import { FOUR_CHANNEL_CODECS } from './dragino/four-channel.ts';
import { LIDAR_CODECS } from './dragino/lidar.ts';
import { MOBILE_CODECS } from './dragino/mobile.ts';
import { RADAR_CODECS } from './dragino/radar.ts';
import { ULTRASONIC_CODECS } from './dragino/ultrasonic.ts';

/** Dragino's distance sensors: ultrasonic, laser and radar, over LoRaWAN and mobile networks. */
export const DRAGINO_CODECS: readonly Codec[] = [
  ...ULTRASONIC_CODECS,
  ...FOUR_CHANNEL_CODECS,
  ...LIDAR_CODECS,
  ...RADAR_CODECS,
  DS20L,
  ...MOBILE_CODECS,
];
